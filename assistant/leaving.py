"""The words with which a customer gives the open task up: 算了, 不约了, 先不弄了，下次再说, never mind."""

from __future__ import annotations

import re

from assistant.flow import Flow

_CLAUSES = re.compile("[,，、。;；!！~]+ *|(?<=[\u3400-\u9fff]) +")
_GIVES_UP = "(?:(?:那|那就|还是|我|请|帮我|先)*(?:取消|算了|不办|不弄|不改|不换|不做|不用办|停止办理|退出|别办|不想办|不想弄)(?:了|吧|了吧)?(?:这个|该)?(?:业务|办理|申请|操作|流程)?(?:了|吧)*)"
_NOT = "(?:不|别|唔|没必要|懒得)(?:想|要|用|必|打算|准备|需要|使|给我)*(?:再|去|来)?"
_ANY = "办理?|弄|改|换|做|搞|整|操作|继续(?:办)?|填"
# 不约了 and 先不约 leave; 不约 alone may answer something.
_DONE_WITH = f"(?:算了?|那|那就|还是|我|就|吧)*(?:(?:先|暂时|现在){_NOT}(?:{{verb}})(?:了|先|住|着)*|{_NOT}(?:{{verb}})(?:了|啦|喇|先|住)+)(?:吧|哈|啊|喇|啦)*"
_LATER = "(?:等|那|还是|我)*(?:下次|下回|改天|改日|以后|回头|过几天|过两天|过阵子?|有空|晚点|想好了?)(?:有空|有时间|需要)?(?:了|的话)?再(?:说|来?办|来|弄|约|看|讲|做|搞|找你们?)(?:吧|啦|了)*"
_COURTESY = "谢谢(?:你|您|啦|了)*|多谢|麻烦(?:你|您)?了|不好意思|抱歉|对不起|好吧?|唉|哎|嗯"
_WHY = "(?:啊|哦|哎|咦)?(?:我|卡|现在|已经?|刚才?|又|都)*(?:找到|找着|想通|想好|解决|没丢|没事|在家|在包里|有事|没空|没时间|来不及|太麻烦|太忙)(?:了|啦)*"
_ENGLISH = "(?:please )?(?:cancel|stop|quit|forget)(?: it| this| that)?|never ?mind"
_ANYWHERE = re.compile(f"{_GIVES_UP}+|不用了|不要了|{_ENGLISH}|{_LATER}|{_GIVES_UP}?{_DONE_WITH.format(verb=_ANY)}")
_BESIDE = re.compile(f"{_COURTESY}|{_WHY}")
# What a task is about, by the word in its title: 不用挂失了 leaves the task that reports, and no other.
_OWN = ("挂失", "投诉", "预约", "留言", "申请", "查询", "绑定", "重置", "变更", "开立", "开具", "确认")
_SHORT = {
    "预约": "约|订",
    "留言": "留(?:言|话)?",
    "查询": "查|看",
    "绑定": "绑",
    "开立": "开",
    "开具": "开",
    "挂失": "挂",
    "变更": "变",
}


def cancels(text: str, flow: Flow | None = None) -> bool:
    """Whether a folded message gives the open task up, with the words of that task where it is given."""
    parts = [part for part in _CLAUSES.split(text) if part]
    own = _of(flow)
    left = [part for part in parts if not (_ANYWHERE.fullmatch(part) or (own and own.fullmatch(part)))]
    return len(left) < len(parts) and all(_BESIDE.fullmatch(part) for part in left)


def _of(flow: Flow | None) -> re.Pattern[str] | None:
    """不挂失了, 不约了: the words for leaving this very task."""
    title = flow.title.zh if flow else ""
    words = [word for word in _OWN if word in title and f"解除{word}" not in title]
    verbs = "|".join("|".join(filter(None, (word, _SHORT.get(word)))) for word in words)
    return re.compile(f"(?:{_GIVES_UP})?{_DONE_WITH.format(verb=verbs)}") if verbs else None
