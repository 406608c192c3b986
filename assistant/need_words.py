"""The words of a staff question that tell a fact of the customer or a limit on products; each reader takes its words away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from assistant import numeral, sales_vocabulary
from assistant.product import Kind
from assistant.sales_need import Mind, Order
from knowledge_base.text import fold

TAKEN = "\ue001"
"""Stands where words were taken away."""
_N = numeral.NUMERAL
_CAME_DUE = (
    "(?:有[一1]?笔|有个|[一1]笔)?(?:定期(?:存款)?|大额存单|存款|存单|理财)(?:产品)?"
    "(?:刚刚?|快|马上|要|已经?|今天|明天|下周)*到期(?:的|了)?"
)


@dataclass
class Words:
    """A message, folded, that readers take words from."""

    text: str
    today: date

    def take(self, pattern: str) -> re.Match[str] | None:
        """The first match, taken away."""
        found = re.search(pattern, self.text)
        if found:
            self.text = f"{self.text[: found.start()]}{TAKEN}{self.text[found.end() :]}"
        return found


_SEPARATOR = re.compile(r",(?![0-9]{3}(?![0-9]))|(?<=[cr][1-5]),")


_FOREIGN = re.compile(
    f"{_N}(?:多|来|余|几)?万?\\s?(?:美元|美金|日元|日币|港币|港元|欧元|英镑|澳元|外币|usd|eur|hkd|jpy|gbp)"
)
_REFUSED = r"(?:不(?:要|想要?|买|考虑|看|碰|做|含|推|喜欢)|别(?:推|给|要)?|除了?|排除|去掉|没有?兴趣|\bno\b|not|without|except)"
_REFUSED_AFTER = (
    "(?:都|也|就|全|一律)*(?:不(?:要|想要?|买|考虑|看|碰|做|喜欢)|别推|除外|免谈)(?:了|的)?(?=[;。!?\\s]|$)"
)


def _each_refused(message: str) -> str:
    """不要理财、基金 as 不要理财；不要基金."""
    kind = f"(?:{'|'.join(sales_vocabulary.load().kinds.values())})"
    listed = rf"({_REFUSED}[^，。；、;,]{{0,2}}?{kind}(?:产品)?)(?:、|和|或者?|及|与|跟|以及|还有)(?={kind})"
    while (spread := re.sub(listed, r"\1；不要", message)) != message:
        message = spread
    return message


def prepared(message: str) -> str:
    """The message folded, commas that separate no thousands as semicolons, and without what only says where money comes from."""
    text = _SEPARATOR.sub(";", fold(re.sub("[，、]", "；", _each_refused(message))))
    text = re.sub(
        rf"({_N}\s?(?:元|块钱?)?)的?(?:活期|定期|存款|现金|闲钱|闲置资金|资金|余额)(?!存款|产品|理财)", r"\1", text
    )
    # 50万两年 is an amount and a span, not one numeral.
    text = re.sub("(?<=[万千])(?=(?:[0-9]+|[一二两三四五六七八九半])(?:年|个月|天|周))", ";", text)
    return re.sub(_CAME_DUE, "", text)


_LEAD = (
    "(?:但是?|不过|而是|其实|实际上?|只有|只是|才|现在|降[到为成]|改[成为]|重新)*(?:风险)?(?:测评|评估)?(?:结果)?"
    "(?:偏好|承受能力|等级|类型)?(?:是|为|属于|比较|偏)?"
)
_NUMBERED = r"(?<![a-z0-9])c\s?(?P<number>[1-5])(?![0-9])(?:级|等级|类)?"
_NOT_THIS = re.compile(
    "(?:不|非|没有?|未|低于|小于|别|并非)(?:再|是|到|够|达到?|属于|太|很|算|上|怎么|那么|想|要|能|敢|会|喜欢|偏|偏向|愿意|追求|适合|像|希望|推荐?|给|卖)*$"
    "|(?:算不上|达不到|够不上|谈不上|至少|最少|需要?|须|要(?!是)|想|要求|希望|申请|争取|变成|调到|升到)(?:是|做|当|成为?|到|为|评|买|投|配|调|升|改|换|更|再|太|点)*$"
    "|(?:原来|原先|原本|以前|之前|从前|曾经?|过去|上次|上回|自称|自认|自报|自己说|说自己|自以为|自我感觉|想买|希望)[^;。]*$"
    r"|(?:\bnot|n't|\bno longer|\bnever|\bbelow|\bunder|\bless than)(?: (?:be|an?|the|very|too|really|so|that))*\s*$"
    r"|\b(?:was|used to be|were|previously|formerly|claims?|says?|wants?|calls?)\b[^;。]*$"
)
_NOT_SO = re.compile(
    "(?:级|客户)?(?:(?:及|或|和)?(?:以下|之下|以内)|不到|才|不是|不算|算不上|谈不上| (?:or|and) (?:below|lower|less))"
)
_OF_PRODUCTS = re.compile(r"的?\s?(?:基金|股|产品|理财|混合|债|资产|策略|组合|funds?|products?|stocks?|shares?)")


def level(words: Words) -> int | None:
    """C1 to C5, by number or by name: the lowest of those said, without what the customer is not, was, or claims to be."""
    levels = sales_vocabulary.load().levels
    names = "|".join(f"(?P<level{number}>{pattern})" for number, pattern in levels.items())
    said: list[int] = []
    rest, end = "", 0
    for found in re.finditer(f"{_LEAD}(?P<said>{_NUMBERED}|{names})", words.text):
        before, after = words.text[end : found.start("said")], words.text[found.end() :]
        denied = _NOT_THIS.search(re.split("[;。!?\n]", before)[-1])
        number = found["number"]
        if not (denied or _NOT_SO.match(after) or (not number and _OF_PRODUCTS.match(after))):
            said.append(int(number or next(one for one in levels if found[f"level{one}"])))
        start = found.start("said") - len(denied[0]) if denied else found.start()
        rest += words.text[end : max(end, min(start, found.start()))] + TAKEN
        end = found.end()
    words.text = rest + words.text[end:]
    return min(said, default=None)


def levels(words: Words) -> tuple[int, int] | None:
    """Limits on the products' level: R2以下, 不超过R3, R1和R2, R3."""
    both = words.take(r"r([1-5])\s?(?:和|;|-|~|到|至|或|or|and|to)\s?r?([1-5])(?![0-9])(?:的)?")
    if both:
        return int(both.group(1)), int(both.group(2))
    below = words.take(
        r"r([1-5])(?:级|等级)?(?:及|或|和)?(?:以下|以内|之下| or (?:below|lower|less)| and below)|(?:不超过|最高|不高于|最多|up to|at most|no more than)\s?r([1-5])"
    )
    if below:
        return 1, int(below.group(1) or below.group(2))
    less = words.take("(?:低于|小于|below|under)\\s?r([1-5])")
    if less:
        return 1, max(1, int(less.group(1)) - 1)
    above = words.take("r([1-5])(?:级|等级)?(?:及|或|和)?以上")
    if above:
        return int(above.group(1)), 5
    one = words.take(r"(?<![a-z0-9])r([1-5])(?![0-9])(?:级|等级|风险)?")
    return (int(one.group(1)), int(one.group(1))) if one else None


def minimum(words: Words) -> int | None:
    """The most that the least amount may be: 起购1万以内, 门槛不超过5千, 1000元起."""
    found = words.take(
        rf"(?:起购|起点|起存|起投|起保|门槛|最低|minimum)(?:金额|投资|点|价)?(?:在|是|为|不超过|不高于|低于|小于|最多|要|of|under|up to|at most|below| )*"
        rf"({_N})\s?(?:元|块)?钱?(?:以内|以下|之内|内|及以下|or less)?(?:的)?"
    ) or words.take(
        rf"({_N})\s?(?:元|块)?钱?(?:以内|以下|之内)?(?:就能|就可以|能|可以|就)?起(?:购|存|投|步|卖)?(?:的)?"
    )
    value = numeral.read(found.group(1)) if found else None
    return int(value) if value is not None else None


def fee(words: Words) -> float | None:
    """The most that the fee for managing may be, in percent a year."""
    found = words.take(r"管理费率?(?:在|不超过|低于|小于|最多|是| )*([0-9.]+)%(?:以内|以下|之内)?")
    return float(found.group(1)) if found else None


def amount(words: Words) -> int | None:
    """The money in hand, in yuan; 20多万 counts as 20万, 20到30万 too."""
    if _FOREIGN.search(words.text):
        return None
    spread = words.take(rf"({_N})\s?(?:到|至|-|~)\s?({_N})(万|千)?(?:元|块)?")
    if spread and (spread.group(3) or spread.group(2)[-1] in "万千wk"):
        scale = spread.group(3) or spread.group(2)[-1]
        low = spread.group(1)
        return _yuan(low if low[-1] in "万千wk" else low + scale)
    found = words.take(
        rf"(?:资金|金额|有|手里|手上|¥|rmb|cny|about)?\s?({_N}(?:多|来|余|几)?万?)\s?(?:元|块钱?|人民币|rmb|cny|yuan)(?:的)?(?:左右|以上|上下)?"
    ) or words.take(
        rf"({_N}(?:多|来|余)?)(?<=[万千百wk多来余])(?:万|千)?(?:元|块钱?)?(?:的)?(?:左右|以上|上下|rmb|yuan)?"
    )
    return _yuan(found.group(1)) if found else None


def _yuan(text: str) -> int | None:
    value = numeral.read(re.sub("[多来余几]", "", text))
    return int(value) if value is not None and value > 0 else None


def kinds(words: Words) -> tuple[tuple[Kind, ...], tuple[Kind, ...]]:
    """The kinds that are wanted, and those that are not: 只要存款, 不要基金."""
    wanted: list[Kind] = []
    unwanted: list[Kind] = []
    for kind, pattern in sales_vocabulary.load().kinds.items():
        if words.take(
            rf"{_REFUSED}\s?(?:\w{{0,2}}?)(?:{pattern})(?:产品|以外|之外|的)?|(?:{pattern})(?:类|产品|型)?{_REFUSED_AFTER}"
        ):
            unwanted.append(kind)
        elif words.take(
            f"(?:只(?:要|看|想要?|推|买|考虑|能)?|就要|仅|only )?(?:代销|在售|公募|自营)?(?:{pattern})(?:类|产品|型)?"
        ):
            wanted.append(kind)
    meant_by = sales_vocabulary.load().meant_by
    return meant_by(wanted), meant_by(unwanted)


def order(words: Words) -> Order | None:
    """By what products are wished in order: 期限短的, 起购低的, 稳一点的."""
    for wish, pattern in _ORDERS.items():
        if words.take(pattern):
            return wish
    return None


_ORDERS = {
    Order.TERM: "(?:期限|时间|持有期|封闭期|存期)(?:要|能|可以)?(?:更|再|稍微?|最|比较)?短(?:一?[点些])?(?:的|优先)?|(?:更|再)?短(?:一?[点些]|期)的?|更?灵活|shorter(?: term)?|short[- ]term|shortest",
    Order.MINIMUM: "(?:起购|起点|门槛|起存|起投|金额)(?:点|金额)?(?:要|能)?(?:更|再|稍微?|最|比较)?(?:低|小|少)(?:一?[点些])?(?:的|优先)?|(?:lower|lowest|smaller) (?:minimum|entry)",
    Order.LEVEL: "(?:风险)(?:等级)?(?:要|能)?(?:更|再|稍微?|最|比较)?(?:低|小)(?:一?[点些])?(?:的|优先)?|(?:更|再)?(?:稳|稳当|稳妥|安全)(?:一?[点些])?(?:的)|(?:lower|lowest|less) risk|safer|safest",
}


def minds(words: Words) -> tuple[Mind, ...]:
    """What is hoped for that nobody may promise: 收益高的, 要保本."""
    found: list[Mind] = []
    if words.take(
        "(?:收益|利息|利率|回报|收益率)(?:要|能)?(?:更|再|最|比较)?(?:高|多|大|好)(?:一?[点些])?(?:的)?|高收益的?|(?:哪个|谁的?)?(?:赚|挣)(?:得|的)?(?:更|最)?多|划算|(?:high(?:er|est)?|best|better) (?:yields?|returns?|rates?|interest)"
    ):
        found.append(Mind.YIELD)
    if words.take(
        "(?:一定)?(?:要|必须|想要?)?(?:保本保?息?|保收益|不能亏|不亏本?|稳赚|零风险|没有?风险|本金安全)(?:的)?|(?:guaranteed|risk[- ]free|principal[- ]protected|no risk)"
    ):
        found.append(Mind.PRINCIPAL)
    return tuple(found)


_INVESTOR = "合格投资[者人]|(?:qualified|accredited) investors?"
_CERTIFIED = f"{_INVESTOR}|认定|资格认证"
_UNQUALIFIED = re.compile(
    "(?:算|达|够|谈|评)?不(?!要|买|看|考虑|用|动)|未|没|尚|还(?!有)|想(?!买|投|配|存)|非|申请|过期|失效|到期|取消|撤销|被拒|拒绝|差|无法|正在|在办|待|准备|打算|等"
    r"|\bnot\b|n't|\bnever\b|\bnon-?|\byet\b|\bappl|\bwants?\b|\bno longer\b"
)
_DOUBTED = re.compile(
    "否|如果|假如|假设|要是|自称|自认|可能|也许|大概|应该|以为|据说|以前|原来|之前|曾|\\bif\\b|\\bclaims?\\b|\\bwas\\b"
)
_QUALIFIED = re.compile(
    "(?:^|(?<=[\\s\ue001])|客户|他|她|本人|(?:也|就)?是|已经?|为|成了?|完成|通过|认定|做[完过好]|属于|具备|有)(?:了|过|的)*"
    "合格投资[者人](?:的)?(?:资格|认定|认证)?(?:已经?|都)?(?:认定|做[完过好]|完成|通过|办[完过好]|有效)?(?:了|过)?(?:的?客户)?"
    "(?=$|[\\s?0-9\ue001]|有|手|拿|推荐|想[买投配])(?![?])"
    "|(?:^|(?<=\ue001)|(?:is|already) )\\s*(?:an? )?(?:qualified|accredited) investor(?=$|[\\s\ue001])(?!\\s*[?])"
)
_CERTIFIED_END = re.compile("(?:认定|条件|资格|客户|通过|到位|下来|做|办|完|成|够|过|符合|要求|标准|的|了)*")


def qualified(words: Words) -> bool | None:
    """Whether the customer is said to be a qualified investor: yes only in so many words, and no where any word is against it."""
    clauses = re.split("([;。!\n])", words.text)
    answers: list[bool] = []
    spoken = False
    for place, clause in enumerate(clauses):
        denied = _denied(clause, spoken)
        found = None if denied or _DOUBTED.search(clause) else _QUALIFIED.search(clause)
        spoken = bool(re.search(_INVESTOR, clause)) or (spoken and place % 2 == 1)
        span = denied or (found and found.span())
        if span:
            answers.append(not denied)
            clauses[place] = f"{clause[: span[0]]}{TAKEN}{clause[span[1] :]}"
    words.text = "".join(clauses)
    return all(answers) if answers else None


_STILL_NOT = re.compile(
    "^(?:但是?|可是?|不过|只是)?(?:还|尚|都|又)?(?:没有?|未|不)(?:能|有)?(?:通过|认定|做|批|办|下来|符合|够|到|成)"
)


def _denied(clause: str, spoken: bool) -> tuple[int, int] | None:
    """From where to where a clause denies it; one after the clause that spoke of it needs not name it again."""
    named = [*re.finditer(_CERTIFIED, clause)]
    against = [*_UNQUALIFIED.finditer(clause)]
    if not against or not (named or (spoken and _STILL_NOT.search(clause))):
        return None
    ends = max(one.end() for one in (*named, *against))
    rest = _CERTIFIED_END.match(clause, ends)
    return min(one.start() for one in (*named, *against)), rest.end() if rest else ends


def channel(words: Words) -> str | None:
    """Where the customer wishes to buy; where they cannot is no wish."""
    words.take(
        "(?:[来去到]不了|(?:不(?:方便|想|愿意?|能|会|用|肯)?|没法|没时间|没空|无法|别|懒得)(?:来|去|到|在|用|走|通过)*)(?:网点|柜台|柜面|手机银行|手机|app|线上)(?:办理?|买)?"
    )
    if words.take("(?:在|用|走|通过)?(?:手机银行|手机上?|app|线上|mobile(?: bank(?:ing)?)?)(?:上)?(?:买|办|购买)?"):
        return "手机银行"
    return "网点" if words.take("(?:在|到|来)?(?:网点|柜台|柜面|branch)(?:里)?(?:买|办|购买)?") else None
