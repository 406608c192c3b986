"""The company that somebody works for: 我在云杉科技有限公司上班, I work for Acme Ltd."""

from __future__ import annotations

import re
import unicodedata

from assistant.slot import Asked, Filled, Found, Rejected
from knowledge_base.text import simplify

_LEAD = re.compile(
    r"^(?:我(?:目前|现在|就)?(?:在|於|于|就职于|就職於|任职于|任職於|供职于|供職於)|就职于|就職於|任职于|任職於"
    r"|(?:我的?|目前的?)?(?:工作)?(?:单位|單位|公司|雇主|僱主)(?:名称|名稱)?(?:是|叫|为|為|[:：])|我是(?=.*(?:的员工|的員工))"
    r"|i\s+(?:currently\s+)?work\s+(?:for|at|in)\s+|i(?:'m|\s+am)\s+employed\s+(?:by|at)\s+|my\s+(?:employer|company)\s+is\s+|employer\s*:\s*)\s*",
    re.IGNORECASE,
)
_TAIL = re.compile("(?:上班|工作|任职|任職|就职|就職|供职|供職|做事|的员工|的員工)?(?:的|呢|了)?[\\s。.!！,，~～]*$")
_TALK = re.compile(
    r"[?？]|什么|怎么|为何|吗$|^(?:取消|算了|转?人工|返回|退出|不知道|不想说|没有|好的?|可以|是的?|不是|对|不对|确认|你好|您好|谢谢)$"
    r"|^(?:cancel|stop|help|yes|no|ok|okay|hello|hi|thanks)$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]")
_SHORTEST, _LONGEST = 2, 60


def find(text: str, asked: Asked) -> Found:
    """The company's name as it is written."""
    if not asked.open or _TALK.search(simplify(text)):
        return None
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    company = _TAIL.sub("", _LEAD.sub("", text)).strip()
    if len(company) > _LONGEST:
        return Rejected("too_long")
    letters = len(_WORD.findall(company))
    return Filled(company, company) if letters >= _SHORTEST else Rejected("too_short")
