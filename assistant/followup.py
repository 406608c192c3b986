"""Questions that lean on what was spoken of before, made to stand on their own."""

from __future__ import annotations

import re

import rjieba

from assistant.conversation import Conversation
from assistant.smalltalk import EDGES
from knowledge_base.lexicon import Lexicon
from knowledge_base.text import fold

_LEAD = re.compile(
    r"^(那么?|然后|还有|另外|再问一?下|请问|它们?的?|他们?的?|其(?!他|它|余|实|中)|这个的?|那个的?|这张卡?的?|这款的?|该产品的?|and |what about |how about )+"
)
_POINTS_BACK = re.compile(
    r"^(那|它|他|其(?!他|它|余|实|中)|这个|那个|这张|这款|该|上面|刚才|what about|how about|and )|呢$|(?<![其])它|这张卡|这款产品|该产品|\bits?\b"
)
_ASKED = re.compile("(是|要|有)?(多少|几)(钱|个点)?$|怎么(算|样)$|(是)?什么$|高(不高)?吗$|吗$|呢$")
_ATTRIBUTE = re.compile(
    "^[^我你怎如能可]{0,2}(费|费用|费率|额度|利率|利息|积分|期限|权益|条件|资格|门槛|限额|起购|起购点|金额|风险|风险等级|收益|基准|优惠|有效期|要求)$"
)
_AMOUNT = re.compile("(费|费用|费率|额度|利率|限额|金额|起购点|基准)$")
# A term or class of the customer's own would be joined to another one in the name of what was spoken of before.
OWN_MEASURE = re.compile("[0-9]+(?:年|个月|天|期|类|级)")
_MAX_SWAP = 8


def resolve(message: str, conversation: Conversation, names: Lexicon) -> str:
    """The message as a question that stands on its own.

    那青年卡呢 after 白金卡年费多少 asks the same of another card: what ends alike is exchanged. 那额度呢 and a bare 额度多少 ask
    something else of the same subject. Everything else stands on its own already.
    """
    if conversation.question is None:
        return message
    text = EDGES.sub("", fold(message))
    points_back = _POINTS_BACK.search(fold(message).strip(" ,.!?~。"))
    rest = re.sub("呢$", "", _LEAD.sub("", text))
    if points_back and 0 < len(rest) <= _MAX_SWAP:
        named = names.names_in(rest)
        if named:
            return f"{named[0]} {names.without_names(conversation.question)}"
        swapped = _swapped(fold(conversation.question), rest)
        if swapped:
            return swapped
    bare = _ATTRIBUTE.search(_ASKED.sub("", rest))
    if not (points_back or bare) or names.names_in(text):
        return message
    topic = conversation.subject or conversation.question
    return f"{topic} {rest}" if rest else topic


def spoken_of(conversation: Conversation, message: str, names: Lexicon) -> str | None:
    """The product that the conversation is about, where the message names none of its own."""
    subject = conversation.subject
    return subject if subject and names.names_in(subject) and not names.names_in(message) else None


def whole(question: str) -> str:
    """A bare noun made a question: 白金卡年费 asks how much it is, and nearly every document on it mentions it."""
    return f"{question}是多少" if _AMOUNT.search(fold(question)) else question


def _swapped(question: str, rest: str) -> str | None:
    """The question with `rest` in the place of the words that end as it does and are most nearly as long."""
    shared = next((rest[cut:] for cut in range(len(rest)) if rest[cut:] in question), "")
    if not shared:
        return None
    end = question.index(shared) + len(shared)
    starts = [start for start in _word_starts(question) if start < end and end - start <= len(rest) + 2]
    if not starts:
        return None
    start = min(starts, key=lambda position: (abs(end - position - len(rest)), position))
    return question[:start] + rest + question[end:]


def _word_starts(text: str) -> list[int]:
    starts, position = [], 0
    for piece in rjieba.cut(text):
        starts.append(position)
        position += len(piece)
    return starts
