"""A plain yes or no and nothing besides; moving money hangs on it, so what leaves any doubt is neither."""

from __future__ import annotations

import re

from assistant.slot import Asked, Filled, Found
from assistant.slot_wording import shown
from knowledge_base.text import fold

# Each word with the particles that leave its meaning as it is: 好了, 行了 and 对了 say something else, 对吧 and 是吧 ask.
_YES_CHINESE = {
    "是": "的啊呀呢滴", "是的": "啊呀呢哦", "对": "的啊呀呢滴啦", "对的": "啊呀呢哦", "没错": "的啊呀呢哦", "没问题": "的啊呀哦",
    "没有问题": "的啊呀哦", "没有错": "的啊呀", "正确": "的啊呀", "无误": "的", "确认": "的啊呀了吧", "确认无误": "的了",
    "我确认": "的了", "确定": "的啊呀了", "我确定": "的了", "好": "的啊呀吧呢哦啦哟噢喔嘞嘛", "好的": "啊呀呢哦哟噢喔啦",
    "可以": "的啊呀呢哦啦哟", "可以的": "啊呀呢哦", "行": "的啊呀吧呢哦哟", "行的": "啊呀呢哦", "要": "的啊呀", "要的": "啊呀呢",
    "同意": "的啊呀了吧", "我同意": "的了", "当然": "的啊呀", "当然可以": "的啊呀", "嗯": "啊呀呐哪", "恩": "啊呀", "愿意": "的啊呀", "我愿意": "的啊呀", "办吧": "", "办理吧": "", "就这么办": "吧",
    "就这样办": "吧", "请办理": "吧", "帮我办吧": "", "帮我办理吧": "",
}  # fmt: skip
_NO_CHINESE = {
    "不": "啊呀", "不是": "的啊呀呢哦吧", "不是的": "啊呀呢哦", "不对": "的啊呀呢哦吧", "不用": "的啊呀了啦哦吧", "不用了": "啊呀吧哦",
    "不要": "的啊呀了啦哦吧", "不要了": "啊呀吧哦", "不行": "的啊呀哦吧", "不可以": "的啊呀哦", "不同意": "的啊呀了", "我不同意": "的",
    "不确认": "的了", "不好": "的啊呀", "不了": "啊呀吧", "不需要": "的啊呀了", "不必": "的了", "不正确": "的啊呀", "否": "", "别": "啊呀了", "不愿意": "的啊呀", "我不愿意": "的啊呀", "不使": "啊呀了",
}  # fmt: skip
_YES_ENGLISH = (
    "yes|y|yep|yeah|yup|ok|okay|sure|of course|confirm|confirmed|i confirm|correct|right|that(?:'s| is) (?:right|correct)|agree|agreed"
    "|i agree|yes please|please do|go ahead|absolutely|certainly|definitely|yes it is|it is correct"
)
_NO_ENGLISH = (
    "no|n|nope|nah|don't|do not|no thanks|no thank you|no it isn't|no it is not|not correct|incorrect|not right"
    "|that(?:'s| is) (?:wrong|not right|not correct|incorrect)|wrong|i don't agree|i do not agree|don't do it|do not confirm|don't confirm"
)
# 好的确认: two words of one meaning without a pause between them; 是好 and 对是对 are none.
_PAIR = re.compile(
    "(?:好的?|嗯好?|行|对的?|是的|没错|没问题|可以的)(?:啊|呀|哦)?"
    "(?=(?:我?(?:确认|确定|同意|愿意)|没错|没问题|确认无误|(?:帮我|请|就)?办理?吧)[的了啊呀]{0,2}$)"
)
# What was done before answering, and says neither yes nor no.
_READ = re.compile(
    "(?:我)?(?:都|已经?|全部?)?(?:看|读|阅读|核对|了解|明白|清楚|知道|知悉)(?:过|完|好|清楚|明白|懂)?了?|(?:已|都)(?:看|读|阅读|核对|知悉|了解)(?:过|完|好)?"
)
_READ_FIRST = re.compile("(?:我)?(?:都|已经?)?(?:看|读|阅读|核对|了解)(?:过|完|好|清楚|明白)?了(?=.{2})")
# Cantonese as it is written, before both 係 and 系 are one character.
_CANTONESE = str.maketrans({"係": "是", "嘅": "的", "冇": "没", "唔": "不"})
_PARTS = re.compile(r"[\s,，、。.!！~～;；]+")
# A question or a pause is no answer.
_DOUBT = re.compile(r"[?？…]|\.\.|。。|吗")
_LEADING = re.compile("^[嗯恩哦噢喔]+(?=[^嗯恩哦噢喔啊呀呐哪])")


def _pattern(chinese: dict[str, str], english: str) -> re.Pattern[str]:
    words = sorted(chinese.items(), key=lambda item: -len(item[0]))
    said = "|".join(f"(?:{word}){{1,6}}{f'[{particles}]{{0,3}}' if particles else ''}" for word, particles in words)
    return re.compile(f"(?:{said}|{english})")


_YES = _pattern(_YES_CHINESE, _YES_ENGLISH)
_NO = _pattern(_NO_CHINESE, _NO_ENGLISH)
_LONGEST = 40


def find(text: str, asked: Asked) -> Found:
    """Yes or no where the whole message says it; a question that was not asked is not answered."""
    if not asked.open or len(text) > _LONGEST:
        return None
    said = fold(text.translate(_CANTONESE)).replace("’", "'").strip("\"'“”‘「」 ")
    if _DOUBT.search(said):
        return None
    parts = _answering([_LEADING.sub("", part) for part in _PARTS.split(said) if part])
    for value, pattern in (("yes", _YES), ("no", _NO)):
        if parts and (_all(pattern, parts) or _all(pattern, [" ".join(parts)])):
            return Filled(value, shown(value, asked.locale))
    return None


def _answering(parts: list[str]) -> list[str]:
    """The parts that answer, where any does: 看过了，同意 is 同意."""
    left = [_READ_FIRST.sub("", part) for part in parts if not _READ.fullmatch(part)]
    return [half for part in left for half in _halves(part)]


def _halves(part: str) -> list[str]:
    pair = _PAIR.match(part)
    return [pair.group(), part[pair.end() :]] if pair else [part]


def _all(pattern: re.Pattern[str], parts: list[str]) -> bool:
    return all(pattern.fullmatch(part) for part in parts)
