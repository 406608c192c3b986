"""A person's name: 王小明, 阿卜杜拉·买买提, 我叫欧阳娜娜, my name is Ann Lee."""

from __future__ import annotations

import re
import unicodedata

from assistant.slot import Asked, Filled, Found, Rejected
from knowledge_base.text import simplify

_LEAD = re.compile(
    r"^(?:嗯|那个|你好|您好|hello|hi|[,，、。:：\s])*(?:(?:我的?|他的?|她的?|对方的?|收款人的?|户主的?)?(?:真实)?(?:姓名|名字|户名|全名|户主|收款人|名称)(?:[是为叫]|就是)?"
    r"|(?:我|他|她|对方|收款人)?(?:名字)?(?:就)?(?:叫做|叫|是|名叫)|(?:(?:my|his|her|the)\s+)?(?:full\s+)?name(?:\s+is|'s)?|i\s*am|i'm|it's|it\s+is|this\s+is|call\s+me)?\s*[:：,，]?\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[\s。.!！,，~～]+$|(?<=[\u4e00-\u9fff]{2})(?:先生|女士|小姐|[吧啊呀哦])$")
_AFTER = re.compile("[,，;；].*$", re.DOTALL)
_DOTS = re.compile("[•‧∙・●.](?=[\u4e00-\u9fff])")
_HAN = "[\u3400-\u9fff\U00020000-\U0003134f]"
_SPACED = re.compile(rf"(?<={_HAN}) (?={_HAN})")
_CHINESE = re.compile(rf"{_HAN}{{2,4}}|(?=.{{4,25}}$){_HAN}{{1,15}}(?:·{_HAN}{{1,15}})+")
_LATIN = re.compile(r"(?=.{2,60}$)[^\W\d_]+(?:[ .'’-]{1,2}[^\W\d_]+){0,5}\.?")
# What people say in place of a name; other layers answer it.
_TALK = re.compile(
    r"[?？]|什么|怎么|哪|谁|为何|多少|吗|呢|取消|算了|人工|客服|转账|返回|退出|不知道|不用|不要|不是|不对|不想|可以|好的|没有|没错|确认|确定|你好|您好|谢谢|再见|等一下|等等|稍等|余额|查询|办理|办卡|[转存取借]钱|还款|开户|挂失|贷款|打印|申请|预约|修改|注销|流水|账单|利率|年费|帮我"
    r"|\b(?:cancel|stop|help|agent|human|yes|no|ok|okay|sure|hello|hi|thanks|what|why|how|who|which|don't|skip|back|quit|exit)\b",
    re.IGNORECASE,
)
_ALIEN = re.compile(
    "[的了么你您她它们这那]|(?:先生|女士|小姐|老师)$|支行|银行|公司|[路街]$|信用卡|借记卡|密码|验证码|手机|身份证|金额|小区|客户|用户|本人|自己"
)
_LONGEST_ATTEMPT = 40


def find(text: str, asked: Asked) -> Found:
    """The name that a message consists of, as it is written."""
    if not asked.open:
        return None
    text = _SPACED.sub("", " ".join(unicodedata.normalize("NFKC", text).split()))
    bare = _TAIL.sub("", _TAIL.sub("", _LEAD.sub("", text)))
    bare = _DOTS.sub("·", bare)
    if _TALK.search(simplify(text)):
        return None
    for said in (bare, _AFTER.sub("", bare)):
        if _is_name(said):
            return Filled(said, said)
    return Rejected("not_a_name") if text and len(text) <= _LONGEST_ATTEMPT else None


def _is_name(text: str) -> bool:
    if _CHINESE.fullmatch(text):
        return not _ALIEN.search(simplify(text))
    return bool(_LATIN.fullmatch(text)) and not re.search(_HAN, text)
