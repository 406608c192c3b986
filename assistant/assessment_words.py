"""The words of a staff question that tell of the customer's risk assessment: when it was made, and that it is out of date."""

from __future__ import annotations

import re
from datetime import date

from assistant import numeral, sales_vocabulary
from assistant.need_words import TAKEN, Words

_NOUN = "(?:测评|评估|风评|评测)"
_COUNT = f"(?:半|[0-9]+|{numeral.NUMERAL})"
_WHEN = (
    r"(?:(?P<told>去年|前年|大前年|今年|(?<![0-9])(?:20)?[0-9]{2}(?:年|[-/.](?=[0-9])))的?"
    r"(?:(?P<month>[0-9]{1,2})(?:月份?|[-/.](?=[0-9])|(?![0-9])))?(?:(?P<day>[0-9]{1,2})(?:[日号]|(?![0-9])))?"
    rf"|(?P<count>{_COUNT})(?P<unit>年|个月)(?:多|半)?(?:以|之)?前|(?P<last>上个?月))"
)
_MADE = f"{_WHEN}[^。;没未不要想该需得]{{0,4}}?(?:风险)?(?:{_NOUN}|做|评|测)(?:的|过|了)*(?:风险)?{_NOUN}?(?:的)?"
_NAMED = (
    f"(?:风险)?{_NOUN}(?:的)?(?:日期|时间|日)?(?P<until>有效期|到期日?)?[^。;0-9]{{0,6}}?{_WHEN}(?:的|做的?|测的?)?"
)
_OVER = "(?:已经?|早就?|都|就|也|刚刚?)*(?:过期|失效|作废|过了?有效期|(?:不在|超过?了?|超出)有效期(?:内|之内|里)?)(?:了|的)*"
_TOO_LONG = (
    rf"{_NOUN}(?:已经?|都|早就?|就)*到期(?:了|的)*|{_NOUN}[^。;没未不]{{0,6}}?(?:超过?|过)了?(?:[1一]年|12个月|十二个月)(?:多)?(?:了)?"
    rf"|(?:[1一两二三几0-9]+年|多年|好久|很久)(?:多)?(?:都)?[没未]有?(?:再|重新)?(?:做过?|测过?|评过?)(?:风险)?{_NOUN}?(?:了)?|\bexpired\b"
)
_NOT_YET = re.compile(
    "(?:没有?|未|不会|快要?|马上|即将|将要?|要|下个?月|明年|是否|有没有|身份证|证件|定期|存单|存款|理财)$"
)
_NEAR = 12
_A_DATE = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])|(?:[0-9一二两三四五六七八九十几半]个?[年月])|去年|前年|年前|月前")


_ANEW = re.compile(
    "(?:重新|新|刚刚?|又)(?:做|完成|测|评)?(?:过|了|完|好)*的?(?:1次|1遍)?(?:风险)?(?:测评|评估|风评)(?:过|了|完|好)*"
    "|(?:测评|评估|风评)(?:已经?)?(?:重新|新|刚刚?)(?:做|测|评)(?:过|了|完|好)*|(?:newly|just) (?:re)?assessed|reassessed"
)
_NOT_DONE = re.compile(
    "没|未|不|要|想|准备|打算|建议|去|明天|下周|下个?月|以后|之后|等|还|先|得|必须|应|吗|[?]|能|可以|是否|如果|申请|将|会|需|再|别"
    r"|\bnot|n't|\bto be|\bbe\b|must|should|will|needs?"
)


def expired(words: Words) -> bool | None:
    """Whether the customer's assessment is said to be out of date, near it or near a level; not so where a new one was made."""
    subject = rf"{_NOUN}|(?<![a-z0-9])c\s?[1-5]|{'|'.join(sales_vocabulary.load().levels.values())}|等级|评级"
    if words.take(_TOO_LONG):
        return True
    for found in re.finditer(_OVER, words.text):
        before, after = words.text[: found.start()], words.text[found.end() :]
        near = re.search(subject, before[-_NEAR:]) or re.search(subject, after[:_NEAR])
        alone = "有效期" in found.group()
        if (near or alone) and not _NOT_YET.search(before):
            words.take(f"(?<={re.escape(before[-1:])}){_OVER}" if before else _OVER)
            return True
    return False if _is_made_anew(words) else None


def _is_made_anew(words: Words) -> bool:
    found = _ANEW.search(words.text)
    if not found or _NOT_DONE.search(_clause(words.text, found)):
        return False
    words.text = f"{words.text[: found.start()]}{TAKEN}{words.text[found.end() :]}"
    return True


def _clause(text: str, found: re.Match[str]) -> str:
    """What is said between the stops on either side."""
    before = re.split("[;。!\n]", text[: found.start()])[-1]
    return before + found[0] + re.split("[;。!\n]", text[found.end() :])[0]


def assessed(words: Words) -> date | None:
    """The day of the assessment, where its time is told: the first that it may have been, so that it never counts too long."""
    found = words.take(_MADE) or words.take(_NAMED)
    if not found:
        return None
    told = _day(found, words.today)
    ends = told and "until" in found.re.groupindex and found["until"]
    return told.replace(year=told.year - 1, day=min(told.day, 28)) if told and ends else told


def is_undated(said: str, unread: str) -> bool:
    """Whether an assessment is spoken of beside a time that no reader understood: it counts as out of date."""
    return bool(re.search(_NOUN, said) and _A_DATE.search(unread))


def _day(found: re.Match[str], today: date) -> date | None:
    if not found["told"]:
        months = 1 if found["last"] else _months(found["count"], found["unit"])
        return None if months is None else _months_before(today, months)
    named = {"去年": today.year - 1, "前年": today.year - 2, "大前年": today.year - 3, "今年": today.year}
    year = named.get(found["told"]) or int(re.sub("[^0-9]", "", found["told"])[-2:]) + 2000
    try:
        return date(year, int(found["month"] or 1), int(found["day"] or 1))
    except ValueError:
        return None


def _months(count: str, unit: str) -> int | None:
    if count == "半":
        return 6 if unit == "年" else 1
    number = numeral.read(count)
    if number is None or not 0 < number < 100:
        return None
    # 一年前 may be a day more than a year.
    return int(number) * 12 + 1 if unit == "年" else int(number)


def _months_before(today: date, months: int) -> date:
    index = today.year * 12 + today.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
