"""A message becomes commands, by rules alone: buttons, small talk, requests for a person, follow-ups and days."""

from __future__ import annotations

import re
from datetime import date

import rjieba

from assistant import day
from assistant.command import AskHuman, AskKnowledge, Command, MakeSmalltalk, PressStaleChoice, Repeat, Topic
from assistant.conversation import Conversation
from knowledge_base.lexicon import Lexicon
from knowledge_base.text import fold

HUMAN_CHOICE = "human"

_EDGES = re.compile(r"^[\s,.!?~、。]+|[\s,.!?~、。呀啊哦呢嘛吧啦哈]+$")
_SMALLTALK = {
    Topic.GREETING: re.compile(r"(你|您)?好+(小杉)?|小杉(你|您)好|哈喽|嗨|(早上|上午|中午|下午|晚上)好|喂+|在吗|在不在|有人吗|hi|hello|hey|good (morning|afternoon|evening)"),
    Topic.THANKS: re.compile(r"(好的?|行|嗯)?[,]?(谢谢|多谢|感谢|谢了|辛苦)(你|您|啦|了|小杉)*|thanks?( you)?( very much| a lot)?|thx|好的?|知道了|明白了?|了解了?|ok|okay"),
    Topic.GOODBYE: re.compile(r"再见|拜拜|没(有)?(别的)?(事|问题)了|bye|goodbye|先这样"),
    Topic.IDENTITY: re.compile(r"(你|您)(是谁|叫什么(名字)?|是什么人)|(你|您)是(不是)?(真人|人工|机器人|人|ai|人工智能)(吗)?|who are you|are you (a )?(human|robot|bot|ai|real person)|你谁"),
    Topic.ABILITY: re.compile(r"(你|您)?(能|会|可以)(做|干|帮我做|办|帮我办)?(些)?(什么|啥)(事|业务)?|有什么(功能|用)|怎么用|what can you do|help"),
}  # fmt: skip
_HUMAN = re.compile(
    r"转人工|找人工|要人工|接人工|人工客服|人工服务|人工坐席|真人客服|找(个)?(真人|客服|人)(来|聊|说|问)?|跟(真人|人)(说|聊|谈)|^(人工|客服|真人)$"
    r"|human|live agent|real person|representative|speak to (someone|a person)|talk to (someone|a person)"
)
_ABOUT_HUMAN = re.compile("时间|几点|电话|号码|多少|收费|什么时候|是什么|怎么联系|排队|hours|phone|number")
_REPEAT = re.compile("(再说|重复|再讲|再念)[一1]?(遍|下|次)|没(听|看)(清|懂|明白)|say (that|it) again|repeat")
_ORDINAL = re.compile(
    r"^(?:选|要|看)?(?:第([一二三四五六七八九123456789])[个条项款张种]?|([1-9])|(最后)[一1]?[个条项款张种]|(?:the )?(first|second|third)(?: one)?)(?:吧|呢)?$"
)
_DIGITS = {character: index for index, character in enumerate("一二三四五六七八九", start=1)} | {
    "first": 1, "second": 2, "third": 3
}  # fmt: skip

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
_OWN_MEASURE = re.compile("[0-9]+(?:年|个月|天|期|类|级)")
_MAX_SWAP = 8


def understand(
    message: str, choice: str | None, conversation: Conversation, names: Lexicon, today: date
) -> list[Command]:
    """The commands of a message, never none. `choice` is the id of a button; what it says is then in its label."""
    if choice is not None:
        return [_pressed(choice, conversation)]
    text = _EDGES.sub("", fold(message))
    if _HUMAN.search(text) and not _ABOUT_HUMAN.search(text):
        return [AskHuman()]
    for topic, pattern in _SMALLTALK.items():
        if pattern.fullmatch(text):
            return [MakeSmalltalk(topic)]
    if _REPEAT.fullmatch(text):
        return [Repeat()]
    chosen = _ordinal(text, conversation)
    if chosen:
        return [chosen]
    question = resolve(message, conversation, names)
    about = None if question != message or _OWN_MEASURE.search(text) else _spoken_of(conversation, message, names)
    return [AskKnowledge(_whole(question), day.find(text, today), about)]


def resolve(message: str, conversation: Conversation, names: Lexicon) -> str:
    """The message as a question that stands on its own.

    那青年卡呢 after 白金卡年费多少 asks the same of another card: what ends alike is exchanged. 那额度呢 and a bare 额度多少 ask
    something else of the same subject. Everything else stands on its own already.
    """
    if conversation.question is None:
        return message
    text = _EDGES.sub("", fold(message))
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


def _spoken_of(conversation: Conversation, message: str, names: Lexicon) -> str | None:
    """The product that the conversation is about, where the message names none of its own."""
    subject = conversation.subject
    return subject if subject and names.names_in(subject) and not names.names_in(message) else None


def _whole(question: str) -> str:
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


def _pressed(choice: str, conversation: Conversation) -> Command:
    for offered in conversation.choices:
        if offered.id == choice:
            return AskHuman() if choice == HUMAN_CHOICE else AskKnowledge(offered.label)
    return PressStaleChoice()


def _ordinal(text: str, conversation: Conversation) -> Command | None:
    found = _ORDINAL.match(text)
    if not found or not conversation.choices:
        return None
    character = found.group(1) or found.group(2) or found.group(4)
    position = len(conversation.choices) if found.group(3) else _DIGITS.get(character) or int(character)
    if position > len(conversation.choices):
        return None
    return _pressed(conversation.choices[position - 1].id, conversation)
