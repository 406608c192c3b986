"""A time of day for a visit: 上午十点, 下午3点半, 15:30, 10am, half past two."""

from __future__ import annotations

import re

from assistant.day_words import prepared
from assistant.numeral import read
from assistant.slot import Asked, Filled, Found, Rejected

_PART = "(?P<part>凌晨|清晨|早上|早晨|明早|今早|上午|中午|正午|午后|下午|傍晚|晚上|今晚|明晚|夜里)?的?"
_CLOCK = re.compile(
    rf"{_PART}(?<![0-9:.])(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?::00)?(?![0-9:])\s*(?P<half>[ap]\.?m\b)?"
)
_MINUTES = re.compile("(?<=[0-9]点)(?:[一二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九])(?![万元块千百亿%])")
_CHINESE = re.compile(
    rf"{_PART}(?<![0-9.早晚快慢多少有大小好差宜第])(?P<hour>[0-9]{{1,2}})(?:点(?![0-9零一二三四五六七八九十]*[万元块千百亿%])|时(?!间|候|段|长))"
    r"(?P<more>半|整|钟|[123一二三]刻|[0-9]{1,2}分|[0-5][0-9](?![0-9.万元块%]))?(?P<next>.?)"
)
_ENGLISH = re.compile(
    r"(?<![0-9:.])(?P<hour>[0-9]{1,2})(?: ?(?P<half>[ap]\.?m\b)|(?P<clock> ?o'?clock\b))(?P<daypart> in the afternoon)?"
)
_PAST = re.compile(
    r"\b(?P<share>half|quarter|[0-9]{1,2}(?: minutes?)?) (?P<side>past|to|after) (?P<hour>[0-9]{1,2})\b(?: ?(?P<half>[ap]\.?m\b))?"
)
_BARE = re.compile("[0-9]{1,2}")
_NOON = re.compile(r"\bnoon\b|^(?:中午|正午)$")
_VAGUE = re.compile(
    "[一二三四五六七八九两](?<![周期拜].)[0-9]{1,2}点|点[半钟]?(?:以|之)[前后]|(?:after|before) [0-9]|[0-9点半]\\s*(?:到|至|-|~|—)\\s*(?:[上下中]午)?[0-9]{1,2}(?:点|:|[ap]m)"
)
_UNCLEAR = re.compile(
    "上午|下午|中午|早上|晚上|傍晚|随时|都可以|都行|什么时候|[早晚]一?1?点|morning|afternoon|evening|any ?time"
)
_LATER = frozenset({"午后", "下午", "傍晚", "晚上", "今晚", "明晚", "夜里"})
_NIGHT = frozenset({"晚上", "今晚", "明晚", "夜里"})
_AT_EDGE = frozenset("去来到过前后，,。.!！?？、 ;；的吧行办见左之以开")
_QUARTERS = {"1": 15, "一": 15, "2": 30, "二": 30, "3": 45, "三": 45}


def find(text: str, asked: Asked) -> Found:
    """The one time of day that a message names."""
    text = _MINUTES.sub(lambda found: f"{int(read(found.group().lstrip('零')) or 0):02}", prepared(text))
    times = _times(text, is_open=asked.open)
    if len(times) == 1 and len(_times(text, is_open=True)) == 1 and None not in times and not _VAGUE.search(text):
        hour, minute = next(filter(None, times))
        value = f"{hour:02}:{minute:02}"
        return Filled(value, value)
    return Rejected("unclear") if asked.open and (times or _UNCLEAR.search(text)) else None


def _times(text: str, *, is_open: bool) -> set[tuple[int, int] | None]:
    """Every time named; nothing among them stands for one that the clock lacks."""
    found = {_clock(match) for match in _CLOCK.finditer(text)}
    found |= {_english(match) for match in _ENGLISH.finditer(_PAST.sub("|", text))}
    found |= {_past(match) for match in _PAST.finditer(text)}
    found |= {_chinese(match) for match in _CHINESE.finditer(text) if is_open or _stands(match)}
    if not found and _NOON.search(text):
        return {(12, 0)}
    if not found and is_open and _BARE.fullmatch(text):
        return {_resolved(int(text), 0, None)}
    return found


def _stands(match: re.Match[str]) -> bool:
    """三点要求 is no time; 下午三点 and 三点半 are."""
    return (
        bool(match["part"] or match["more"])
        or (not match["next"] and bool(match.start()))
        or match["next"] in _AT_EDGE - {""}
    )


def _clock(match: re.Match[str]) -> tuple[int, int] | None:
    part = match["part"] or match["half"] or ("24h" if match["hour"][0] == "0" else None)
    return _resolved(int(match["hour"]), int(match["minute"]), part)


def _english(match: re.Match[str]) -> tuple[int, int] | None:
    return _resolved(int(match["hour"]), 0, match["half"] or ("pm" if match["daypart"] else None))


def _past(match: re.Match[str]) -> tuple[int, int] | None:
    minutes = {"half": 30, "quarter": 15}.get(match["share"]) or int(
        match["share"].split()[0] if match["share"][0].isdigit() else 0
    )
    time = _resolved(int(match["hour"]), 0, match["half"])
    if time is None or minutes > 59:
        return None
    past = time[0] * 60 + (-minutes if match["side"] == "to" else minutes)
    return divmod(past % 1440, 60)


def _chinese(match: re.Match[str]) -> tuple[int, int] | None:
    return _resolved(int(match["hour"]), _minutes(match["more"] or ""), match["part"])


def _minutes(more: str) -> int:
    if more.endswith("刻"):
        return _QUARTERS[more[0]]
    return 30 if more == "半" else int(more.rstrip("分") or 0) if more[:1].isdigit() else 0


def _resolved(hour: int, minute: int, part: str | None) -> tuple[int, int] | None:
    """The time on a 24-hour clock; 1 to 6 without a part of the day lie in a bank's afternoon."""
    part = (part or "").replace(".", "")
    if hour == 12 and part in _NIGHT:
        return None
    if part in _LATER or part == "pm" or (part in {"中午", "正午"} and hour < 11) or (not part and 1 <= hour <= 6):
        hour += 12 if hour < 12 else 0
    elif part in {"am", "凌晨"} and hour == 12:
        hour = 0
    return (hour, minute) if hour <= 23 and minute <= 59 else None
