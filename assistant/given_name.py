"""Names of people, told by the words with which they are given: nothing in their form tells them from other words."""

from __future__ import annotations

import re

from knowledge_base.text import simplify

_SURNAMES = (
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|夏侯|端木|令狐|慕容|司徒|公孙|宇文|长孙|独孤|南宫|[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏"
    "窦章苏潘葛范彭郎鲁韦马苗方俞任袁柳唐罗薛雷贺倪汤滕殷毕郝邬安常乐于傅皮卞齐康伍余元顾孟黄穆萧肖尹姚邵湛汪祁毛狄米贝明臧戴谈宋庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季贾江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯卢莫房解应宗丁宣邓洪包石崔吉龚程邢裴陆翁段焦侯"
    "全甘武刘景龙叶黎白蒲乔文曾关游覃涂岳车史谭赖欧符庄晁瞿茹习鱼戈庾衡匡寇冷阚饶沙鞠丰巢荆查竺桓楚鄢帅亢牟佘谯凤栾荀羊於惠甄曲芮储靳汲邴糜巫乌弓隗宓蓬郗仲伊宫暴厉戎祖詹束韶郜蓟薄宿邰鄂籍屠蒙阴胥苍莘翟贡劳逄姬扶堵宰郦雍璩桑桂濮寿扈燕冀郏浦艾温邝佟仇池敖冉褟缪牛耿聂晏向古易廖尚阎阳封单麦连宁卓丘辛骞冼柴闫]"
)
# What is never a part of a given name; a wish or a complaint begins with it.
_NEVER = "的了吗呢吧啊哦嘛是在没不都这那怎哪谁您你我他她它们个么什啥请问卡户员就想要和跟给被把与"
_FOREIGN = r"[\u4e00-\u9fff]{2,8}[·•][\u4e00-\u9fff]{2,8}"
_NAME = rf"(?:{_FOREIGN}|(?:{_SURNAMES})(?!先生|女士|小姐|同志|太太|老师|师傅|老板|经理|行长|总(?![\u4e00-\u9fff]))(?:(?![{_NEVER}])[\u4e00-\u9fff]){{1,2}})"
_ENDS = r"(?=[\s,，.。;；:：、!！?？（()）0-9“”\"'<>《》【】/|-]|女士|先生|小姐|同志|我|想|要|请|的|手机|电话|身份|卡号|尾号|银行|住|今年|帮|麻烦|这|来|在|有|是|$)"
_TELLS = re.compile(
    "(?:我叫做?|我的?(?:真实|全)?(?:名字|姓名)(?:就?[是为叫])?|(?:姓名|名字|户名)(?:就?[是叫为])?|(?:持卡人|收款人|联系人|申请人|开户人|户主|投保人|借款人|付款人)(?:的?(?:姓名|名字))?(?:就?[是为叫]|[:： ])"
    rf"|名叫|本人(?:姓名)?叫?)\s?[:：,，]?\s?[“\"「]?({_NAME}){_ENDS}"
)
_STOPS = r"(?=[\s,，.。;；:：、!！?？（()）0-9“”\"'<>《》【】/|-]|女士|先生|小姐|$)"
_MAY_TELL = re.compile(rf"(?:我是|我系|这[里边]是|持卡人)[:：]?\s?({_NAME}){_ENDS}|客户[:：]?\s?({_NAME}){_STOPS}")
# What is said of oneself and sounds like a name.
# A name directly before a number of somebody's is theirs; the number may be covered already.
_BESIDE = re.compile(
    rf"(?:(?<=[\s,，。;；:：])|^)({_NAME})(?:先生|女士|小姐)?[\s,，、:：]*(?:联系)?(?:电话|手机|身份证)?(?:号码?)?[是为:：]?\s?"
    r"(?=\+?86[ -]?[0-9* -]{8}|1[3-9][0-9*][0-9* -]{8}|[1-9][0-9*]{16}[0-9Xx*])"
)
_SOUNDS = re.compile(
    "^(?:白金|金卡|金葵|白领|高中|高管|高级|高龄|安徽|安庆|安全|江苏|江西|江阴|甘肃|云南|贵州|石家庄|张家口|武汉|吉林|苏州|常州|温州|柳州|梅州|连云港|牡丹|房东|房主|房贷|房产"
    "|车主|车贷|应届|单身|单亲|单位|华侨|谢谢|程序|钟点|包工|方面|方便|方案|全款|全职|全额|全家|全部|马上|任何|白天|万一|万分|关于|应该|何时|何况|温馨|向来|文盲|文科"
    "|有限|经理|封闭|易购|古稀|牛年|连续|宁夏|宁波|尚未|单独|单笔|阳光|石油|康复|明白|乐意|常年|常住|常常|常用|水电|贷款|成年|未成年|支付|钱不|高新|元旦|金额|金融|黄金|田间|米粒|毛病|梅雨|和平|严重"
    "|华为|金牌|金领|蓝领|文员|司机|计划|游客|陆续|郎舅|祝福|古董|车辆|段落|解放|解除|解冻|解绑|易方达|盛大|景区|管理|贵宾|安装|安心|全国|全程|全天|全日|全球|全新|夏天|夏季|高考|高校|高端|高危|高铁|高风险|马来|常客|白条|连锁|阳性|张家界|林业|乐高|文化|文职|方法|关注|关键|关系|万能|顾客|顾问|安排|元月|余额|项目|解释|解决|严格|丁克|石化|向你|柴油|宗教|游戏|常见|连带|封面)"
)
_LATIN = re.compile(
    r"\b(?:[Mm]y (?:full |real )?name(?:'s| is)|I am called|I'm called|[Nn]ame ?[:：])\s*([A-Z][A-Za-z'-]+(?:\s+[A-Z][A-Za-z'-]+){0,3})"
    r"|\b(?i:my (?:full |real )?name(?:'s| is))\s+(?!\b(?:on|not|wrong|spell\w*|miss\w*|incorrect\w*|different|the|still|and|in|written|registered|being|no|now)\b)"
    r"([a-z]{2,}(?:\s+[a-z]{2,})?)(?=\s*(?:[,.;!?]|and\b|$))"
)


def found(text: str) -> list[str]:
    """The names that a text gives, such as 我叫林晓雯 or `my name is Lin Xiaowen`; a name without such words is not found."""
    plain = simplify(text)
    # Both scripts are of one length but for a few words, where the text itself is read.
    plain = plain if len(plain) == len(text) else text
    spans = [match.span(1) for match in _TELLS.finditer(plain)]
    spans += [match.span(1) for match in _BESIDE.finditer(plain)]
    spans += [span for span in map(_span, _MAY_TELL.finditer(plain)) if not _SOUNDS.match(plain[slice(*span)])]
    chinese = [text[start:end] for start, end in sorted(set(spans))]
    return list(dict.fromkeys(chinese + [first or second for first, second in _LATIN.findall(text)]))


def _span(match: re.Match[str]) -> tuple[int, int]:
    return match.span(match.lastindex or 0)


def cover(text: str) -> str:
    """The text with every name that it gives covered but for its first letter, wherever it stands."""
    for name in found(text):
        text = text.replace(name, covered(name))
    return text


def covered(name: str) -> str:
    """A name but for the first letter of each word: 林**."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())
