"""Greetings, thanks, and the other short things that people say."""

from __future__ import annotations

import re

from assistant.command import Topic
from knowledge_base.text import fold

EDGES = re.compile(r"^[\s,.!?~、。]+|[\s,.!?~、。呀啊哦呢嘛吧啦哈]+$")
_SMALLTALK = {
    Topic.GREETING: re.compile(r"(你|您)?好+(小杉)?|小杉(你|您)好|哈喽|嗨|(早上|上午|中午|下午|晚上)好|喂+|在吗|在不在|有人吗|hi|hello|hey|good (morning|afternoon|evening)"),
    Topic.THANKS: re.compile(r"(好的?|行|嗯)?[,]?(谢谢|多谢|感谢|谢了|辛苦)(你|您|啦|了|小杉)*|thanks?( you)?( very much| a lot)?|thx|好的?|知道了|明白了?|了解了?|ok|okay"),
    Topic.GOODBYE: re.compile(r"再见|拜拜|没(有)?(别的)?(事|问题)了|bye|goodbye|先这样"),
    Topic.IDENTITY: re.compile(r"(你|您)(是谁|叫什么(名字)?|是什么人)|(你|您)是(不是)?(真人|人工|机器人|人|ai|人工智能)(吗)?|who are you|are you (a )?(human|robot|bot|ai|real person)|你谁"),
    Topic.ABILITY: re.compile(r"(你|您)?(能|会|可以)(做|干|帮我做|办|帮我办)?(些)?(什么|啥)(事|业务)?|有什么(功能|用)|怎么用|what can you do|help"),
}  # fmt: skip
_REPEAT = re.compile("(再说|重复|再讲|再念)[一1]?(遍|下|次)|没(听|看)(清楚?|懂|明白)|say (that|it) again|repeat")


def topic(text: str) -> Topic | None:
    """The small talk that a folded message is, and nothing more."""
    return next((topic for topic, pattern in _SMALLTALK.items() if pattern.fullmatch(text)), None)


def asks_to_repeat(text: str) -> bool:
    """Whether a folded message asks to hear the last reply again."""
    return bool(_REPEAT.fullmatch(text))


def bare(message: str) -> str:
    """The message folded, without the punctuation and particles at its ends."""
    return EDGES.sub("", fold(message))
