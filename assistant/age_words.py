"""The words of a staff question that tell how old the customer is; where several ages are told, the oldest counts."""

from __future__ import annotations

from datetime import date

from assistant import numeral
from assistant.need_words import Words

_AGE = "([1-9][0-9]?|[二三四五六七八九]?十[一二三四五六七八九]?|[二三四五六七八九]十)"
_DIGIT = "[一二三四五六七八九]"
_WHO = "客户|顾客|先生|女士|阿姨|大爷|大妈|大娘|大叔|叔叔|老师|老人|老太|老头|老爷"
_DAY = r"(?:(?P<month>[0-9]{1,2})(?:月份?|[-/.]))?(?:(?P<day>[0-9]{1,2})[日号]?)?"
_BORN = (
    rf"(?<![0-9])(?P<year>(?:19|20)?[0-9]{{2}})(?:年|[-/.](?=[0-9])){_DAY}的?\s?(?:出生|生人|生日?)(?:的)?",
    rf"(?:出生|生日|生于)(?:于|在|日期|年月日?|年份)?(?:是|为|:)?\s?(?P<year>(?:19|20)[0-9]{{2}})(?:年|[-/.])?{_DAY}(?:的)?",
    rf"(?<![0-9])(?P<year>19[2-9][0-9])年{_DAY}的?",
    r"(?<![0-9])(?P<decade>[3-9]0|00)后",
)
_OLD = (
    "老年客户|老年人|老人家?|高龄客户?|退休(?:职工|工人|干部|教师|老师|人员|老人)?(?!金|后|前|年龄|工资|待遇|还|以后|之后)(?:了|的)?|老(?:太太|先生|大爷|奶奶|爷爷|爷子|大娘|大妈|太|头|伯|汉|两口)"
    "|[七八九]旬|古稀|耄耋|(?:年纪|岁数|年龄)(?:很|比较|有点|挺|偏)?大|上了?年纪|年迈|爷爷|奶奶|elderly|seniors?\\b|retired|pensioners?"
)
_NOT_OLD = "(?:还没|没有?|未|不是|不算|快|准备|即将)(?:到)?(?:退休|老人|老年人)(?:年龄)?的?"


def ages(words: Words) -> tuple[int, int] | None:
    """The youngest and oldest that the customer may be: 45岁, 今年四十五, 70多岁, 1950年出生, 六十五六岁, 老年客户, aged 45."""
    words.take(rf"(?:不是|并非){_AGE}\s?(?:周?岁)?[;\s]*(?:而)?(?=是)")
    told = _every(words) or [one for one in [_otherwise(words)] if one]
    if told:
        return max(told, key=lambda one: one[1])
    words.take(_NOT_OLD)
    return (65, 99) if words.take(_OLD) else None


def _every(words: Words) -> list[tuple[int, int]]:
    """Each age that is told plainly."""
    told = []
    for read in (_born, _spread, _about, _years):
        while found := read(words):
            told.append(found)
    return told


def _born(words: Words) -> tuple[int, int] | None:
    found = next(filter(None, map(words.take, _BORN)), None)
    if not found:
        return None
    today, told = words.today, found.groupdict()
    if decade := told.get("decade"):
        first = 2000 if decade == "00" else 1900 + int(decade)
        return today.year - first - 10, today.year - first
    year = int(told["year"])
    year += 0 if year > 99 else 2000 if year < today.year % 100 - 10 else 1900
    month, day = int(told["month"] or 0), int(told["day"] or 0)
    return _age(year, month or 12, day or 31, today), _age(year, month or 1, day or 1, today)


def _age(year: int, month: int, day: int, today: date) -> int:
    return today.year - year - ((today.month, today.day) < (month, day))


def _spread(words: Words) -> tuple[int, int] | None:
    found = words.take(rf"{_AGE}\s?(?:-|~|到|至)\s?{_AGE}\s?周?岁(?:之间)?")
    return _range(numeral.read(found.group(1)), numeral.read(found.group(2))) if found else None


def _about(words: Words) -> tuple[int, int] | None:
    """Between two neighbours: 六十五六岁, 七八十岁."""
    ones = words.take(rf"({_DIGIT}十)({_DIGIT})({_DIGIT})\s?周?岁(?:了)?")
    if ones:
        ten, low, high = ones.groups()
        return _range(numeral.read(ten + low), numeral.read(ten + high))
    tens = words.take(rf"({_DIGIT})({_DIGIT})十\s?周?岁?(?:的人|了)?(?=[;。\s]|的|客|老|$)")
    if not tens:
        return None
    low, high = (numeral.read(f"{one}十") for one in tens.groups())
    return (int(low), int(high) + 9) if low and high and low < high else None


def _years(words: Words) -> tuple[int, int] | None:
    found = words.take(rf"(?:年龄|今年|已经?|满|快)?\s?{_AGE}\s?(多|几|来|出头)?\s?(?:周?岁)(以上|多)?(?:了)?")
    return _aged(found.group(1), found.group(2) or "", found.group(3) or "") if found else None


def _otherwise(words: Words) -> tuple[int, int] | None:
    """An age without the word for years."""
    aged = words.take(
        rf"(?:年龄|年纪|今年|\baged?\b)\s?(?:是|为|:|of)?\s?{_AGE}(多|几|来|出头)?()(?![0-9]|\s?(?:万|元|块|月|年|天|千))"
    )
    aged = aged or words.take(rf"(?:^|(?<=[\s;。])){_AGE}\s?(多|出头|来)()(?=[\s;。]|$)")
    aged = aged or words.take(rf"{_AGE}[- ]?years?[- ]olds?\b()()|\b{_AGE}\s?(?:yo|y/o)\b")
    aged = aged or words.take(
        rf"(?:客户|顾客|先生|女士|阿姨|大爷|大妈|叔叔|老师|customer|client)[; ]?{_AGE}(多)?()(?=[;。 的了]|$)"
    )
    aged = aged or words.take(
        rf"(?<![0-9a-z.])((?:1[89]|[2-9][0-9])|{_DIGIT}十{_DIGIT}?)(多)?()\s?的?(?=(?:老)?(?:{_WHO}))"
    )
    return _aged(next(filter(None, aged.groups()), ""), aged.group(2) or "", aged.group(3) or "") if aged else None


def _aged(number: str, more: str, above: str) -> tuple[int, int] | None:
    age = numeral.read(number)
    if age is None or not 0 < age < 120:
        return None
    youngest = int(age)
    if above == "以上":
        return youngest, 99
    return youngest, youngest + (9 if more in ("多", "几", "来") or above == "多" else 3 if more else 0)


def _range(low: object, high: object) -> tuple[int, int] | None:
    return (int(str(low)), int(str(high))) if low and high and int(str(low)) < int(str(high)) < 120 else None
