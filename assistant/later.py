"""The wishes to leave a message and to be called back, in so many words: a closed set, for which no model is asked.

Neither commits anything: the task reads back what it was told. What only speaks of messages and calls is no wish.
"""

from __future__ import annotations

import re

from knowledge_base.text import fold

_MESSAGE, _CALL = "leave_message", "call_back"
_LONGEST = 80
"""A clause that is longer tells a story."""
_CLAUSES = re.compile(r"[,，.。;；!！?？、~～\n]+\s*|(?<=[\u3400-\u9fff]) +")
# Calls that came, or are complained of, are told or asked about, and not wished for.
_TELLS = re.compile(
    "自称|冒充|骗|说(?:是|我|你|要)|(?:让|叫|要|催)我|为什么|为啥|为何|怎么|老是|一直|总是|天天|是谁|没有?人|还没|上次|昨天"
    r"|\b(?:why|how|who|keep|keeps|said|says|told|never|nobody|did|does)\b"
)

_MAY = "(?:能不能|可不可以|能否|可否|可以|能)"
_WISH = f"(?:(?:那|就|还是|先|我|俺|咱|想|要|需要|希望|请问?|麻烦|劳驾|拜托|帮我|帮忙|(?:你们?|您)?{_MAY})*)"
_ONE = "(?:一?(?:个|位|下|通|条))?"
_WHO = f"(?:(?:让|叫|请|安排|派|找|麻烦){_ONE}(?:你们)?的?(?:人工?|工作人员|客服|客户经理|理财经理|经理|专员|同事|主管)来?)?"
_DAY = "(?:今|明|后)天|(?:下?周|星期)[一二三四五六日天1-6]"
_HOUR = "(?:上午|下午|早上|中午|晚上)?(?:[0-9一二三四五六七八九十两]{1,3}点半?)?"
_WHEN = f"(?:尽快|马上|稍后|晚点|晚些|回头|有空|一会儿?|等?下班后?|方便的?时候?|(?:{_DAY})?{_HOUR})?(?:的时候|时)?再?"
_RING = f"(?:给(?:我|俺)(?:再?回|打|来|拨){_ONE}电话?|(?:回|打|来|拨){_ONE}电话?(?:给|找)(?:我|俺)|(?:打|回拨?)给(?:我|俺)|回我{_ONE}电话?)(?:过来)?"
_BOOK = f"(?:预约|预定|约|申请|安排){_ONE}(?:人工|客服|电话)?(?:回电话?|回拨|回呼)(?:服务|时间)?"
_END = "(?:吧|呗|啊|呀|哦|哈|一下|好吗|行吗|可以吗|好不好|行不行|谢谢)*"
_ASKS = f"(?:(?:你们?|您)?{_MAY}.*吗)"
_TO = "(?:(?:给|跟|向)(?:你们?|您|银行|人工|客服|工作人员|客户经理|经理|他们|那边)(?:们|的人)?)?"

_ZH_MESSAGE = f"{_WISH}{_TO}(?:留{_ONE}(?:言|口信)|留{_ONE}话)(?:给(?:你们?|客服|人工|工作人员|客户经理|经理))?{_END}"
_ZH_CALL = f"{_WISH}(?:{_WHO}{_WHEN}{_RING}|{_BOOK}|约{_ONE}时间{_RING}){_END}"

_EN_WISH = r"(?:(?:please|just|then|ok|okay|so|hi|hello|let me|i(?:'d like| would like| want| need)(?: to)?|(?:can|could|may) i|(?:can|could|would|will) you(?: please)?)\s+)*"
_SOMEONE = (
    r"(?:someone|somebody|anyone|a person|an? (?:agent|adviser|advisor|representative|colleague)|your (?:staff|people))"
)
_BACK = r"(?: back)?(?: (?:later|soon|today|tomorrow|tonight|on \w+day|(?:this|tomorrow) (?:morning|afternoon|evening)|at [0-9:]+(?: ?[ap]m)?)){0,3}(?: when .{1,30})?(?: on [0-9 +-]{6,20})?(?: please)?"
_EN_MESSAGE = rf"{_EN_WISH}(?:leave|drop)(?: you| them| {_SOMEONE}| the bank)? a (?:short |quick )?(?:message|note)(?: for .{{1,30}}| with {_SOMEONE})?(?: please)?"
_EN_CALL = (
    rf"{_EN_WISH}(?:(?:call|ring|phone) me|(?:have |get |ask |let )?{_SOMEONE} (?:to )?(?:call|ring|phone) me|give me a (?:call|ring)"
    rf"|(?:(?:book|schedule|request|arrange|get|have) )?a (?:call ?back|callback|call-back)){_BACK}"
)

_WISHES = {
    _MESSAGE: (re.compile(_ZH_MESSAGE), re.compile(_EN_MESSAGE)),
    _CALL: (re.compile(_ZH_CALL), re.compile(_EN_CALL)),
}


def wished(message: str) -> str | None:
    """The task that a message wishes for - `leave_message` or `call_back` - in one of its clauses; nothing where it does not."""
    text = fold(message)
    if _TELLS.search(text):
        return None
    clauses = [_asked_politely(clause.strip()) for clause in _CLAUSES.split(text) if 0 < len(clause) <= _LONGEST]
    for task, patterns in _WISHES.items():
        if any(pattern.fullmatch(clause) for clause in clauses for pattern in patterns):
            return task
    return None


def _asked_politely(clause: str) -> str:
    """能给我回个电话吗 wishes; without 能 it only asks."""
    return clause[:-1] if re.fullmatch(f"{_WISH}{_ASKS}", clause) else clause
