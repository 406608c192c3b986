"""An address that a letter reaches: with a road, a building or an estate, and a number."""

from __future__ import annotations

import re
import unicodedata

from assistant.slot import Asked, Filled, Found, Rejected
from knowledge_base.text import simplify

_LEAD = re.compile(
    r"^(?:(?:把|将|將)?(?:我的?|我们的?)?(?:家庭|通讯|通訊|联系|聯繫|居住|现居住|新的?|邮寄|郵寄|寄送|寄卡|收货|收貨|收件|单位)?(?:住址|地址)(?:是|为|為|在|改为|改為|改成|改到|换成|換成|[:：])"
    r"|(?:我|我家|现在|目前)*(?:住在|住|在|寄到|寄往)(?=.{5})|(?:my\s+)?(?:new\s+|home\s+|mailing\s+)?address(?:\s+is|\s*:)|i\s+live\s+(?:at|in|on))[\s,，:：]*",
    re.IGNORECASE,
)
_TALK = re.compile(
    "[?？]|什么|怎么|吗$|^(?:取消|算了|转?人工|返回|退出|不知道|好的?|可以|是的?|不是|确认|你好|您好|谢谢|cancel|stop|help|yes|no|ok|hello|hi)$"
)
_PLACE = re.compile(
    r"[路街巷弄里村屯镇乡道庄](?![程])|大道|胡同|小区|花园|公寓|大厦|广场|家园|新村|嘉园|[苑园城府庭阁轩座]|中心|学校|大学|医院"
    r"|\b(?:road|rd|street|st|avenue|ave|lane|drive|boulevard|blvd|building|tower|court|garden|plaza|village)\b"
)
_NUMBER = re.compile(
    "[0-9一二三四五六七八九十百]+ ?(?:号|弄|栋|幢|室|楼|单元|层|座|组|队|门|-[0-9])|[a-z]?[0-9]{1,5}[a-z]?\\b"
)
_BUILDING = re.compile("小区|花园|公寓|大厦|广场|家园|新村|[苑园府庭阁轩]|building|tower|court")
_SHORTEST, _LONGEST = 5, 120


def find(text: str, asked: Asked) -> Found:
    """The address as it is written."""
    if not asked.open:
        return None
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    if not text or _TALK.search(simplify(text).lower()):
        return None
    address = _LEAD.sub("", text).rstrip("。.!！,， ")
    if len(address) > _LONGEST:
        return Rejected("too_long")
    return Filled(address, address) if _is_complete(simplify(address).lower()) else Rejected("incomplete")


def _is_complete(address: str) -> bool:
    if len(address) < _SHORTEST:
        return False
    return bool(_BUILDING.search(address) or (_PLACE.search(address) and _NUMBER.search(address)))
