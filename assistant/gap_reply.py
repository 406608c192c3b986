"""What an agent wrote, without what was meant for that one customer: greetings, names, numbers, times, and what was done for them."""

from __future__ import annotations

import re

from knowledge_base.text import fold, sentences

_SHORTEST = 8
_SALUTATION = re.compile(r"^[\u3400-\u9fff]{1,3}(?:先生|女士|小姐|阿姨|叔叔|老师|总)(?:[,，:：!！ ]+|(?=[您你]好))")
_NAME = re.compile(r"先生|女士|小姐|\b(?:Mr|Mrs|Ms)\b")
_PERSONAL = re.compile(
    r"\*|[0-9]{4,}(?!-| ?年)|尾号|我(?:叫|姓)|您(?:的)?(?:姓名|名字|身份证号?|住址|地址)[是为:]|名下|您[这那](?:张|笔|个账户)"
    r"|(?:您的|你的|我的)(?:卡|账户|账号|贷款|申请|余额|交易|信用卡)(?:已|现在|目前|状态|余额|显示|是)"
    r"|(?:ending (?:in|with)|your (?:name|address|balance) is|my name is)",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?:(?:您|你)好|hello|hi\b|dear\b|很高兴|请(?:您)?(?:稍等|稍候|等)|稍等|好的?[,。!]?$|让您久等|感谢|谢谢|不客气|再见|祝您"
    r"|(?:请问)?还有(?:其他|别的|什么)|抱歉让|不好意思|thank|one moment|please wait|goodbye|you are welcome|is there anything else)"
    r"|工号|坐席|为您服务|我(?:来|先|马上|这就|正在|已经?)?(?:帮|给|为)您(?:查|看|问|登记|记|转|核|处理|办|回电|联系)"
    r"|(?:我|我们|同事)(?:会|将)?.{0,8}(?:回电|联系您|给您打电话|call you)|let me (?:check|look)|i (?:will|have) (?:check|record|note|look)",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"(?:今天|明天|后天|刚才|刚刚|稍后|下午|上午|今晚).{0,6}[0-9一二三四五六七八九十]{1,2}[点时:]")
_ASKS = re.compile(r"[?？]\s*$")


def is_personal(text: str) -> bool:
    """Whether a text speaks of one customer's own matter, or holds what was covered."""
    return bool(_PERSONAL.search(fold(text)))


def substance(text: str, prepared: frozenset[str] = frozenset()) -> str:
    """The sentences that answer anybody; empty where there are none, or where it is one of the desk's prepared replies."""
    if fold(text) in prepared:
        return ""
    kept = [told for one in sentences(text) if (told := _told(one))]
    said = "".join(kept)
    return said if len(said) >= _SHORTEST else ""


def _told(sentence: str) -> str:
    bare = _SALUTATION.sub("", sentence)
    bare = re.sub(r"^(?:您|你)好[,，!！。 ]*", "", bare)
    folded = fold(bare)
    dropped = (_COURTESY, _MOMENT, _ASKS)
    if not bare or is_personal(bare) or any(rule.search(folded) for rule in dropped) or _NAME.search(bare):
        return ""
    return bare
