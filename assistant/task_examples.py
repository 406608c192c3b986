"""What customers say when they wish to start a guided task, ask about one, or want something else; read from YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from assistant import part
from assistant.flow import Flow

_NO_TASK = Path(__file__).with_name("no_task.yaml")
NONE = "none"
_LANGUAGES: tuple[Literal["zh", "en"], ...] = ("zh", "en")

_RAISED = 3.5
_LOWERED = 4.0
_EXCLUDED = 7.0
_PLAIN = 1.5
_UNSURE = 0.75

_OPENS = r"^(?:so |hi,? |hello,? |and |but |please |just |sorry,? |excuse me,? |i (?:want|need|would like|'d like) to know |i'd like to know |tell me |can you tell me |could you tell me |i wonder |i was wondering |do you know )*"
# 安不安全, 要不要, 有没有, 使唔使; 能不能 and 行不行 also ask for something, so they are told apart below.
_EITHER_OR = r"(?:有没有|有冇|(?P<one>(?![能可行好成中得烦气])[\u3400-\u9fff])[不没唔](?P=one))"
# What is asked of rules, prices and ways is no wish, whatever else stands in the message.
_ASKS_FACTS = re.compile(
    _EITHER_OR
    + "|好不好(?=[\u3400-\u9fff])|能不能(?:让|不|用|代|只)|让.{0,8}(?:替|帮|代)我|多少|几多|(?:收|扣|要|花|交)(?:取|不)?(?:[几啥]|什么).{0,2}(?:费|钱|块)|(?:收|扣|要交|有)(?:费|手续费|工本费|年费)(?:吗|么|嘛|不(?!合理|透明|明|对|公)|没)|(?:收费|要钱|花钱|交钱|免费|付费|收钱|要押金)(?:吗|么|嘛|不(?!合理|透明|明|对|公)|没|否|的吧|标准)|(?:不|唔)?要收费|费用|手续费是|贵不贵|几趟|(?:跑|去|等|交|填|排|来)(?:上)?几"
    "|要带|(?:需要|要|得|应该?|必须)(?:准备|提供|提交|出示|带|填|用|交|去|找|符合|满足)?.{0,2}(?:什么|啥|哪些|哪几|边啲|乜)|(?:什么|啥|哪些)(?:材料|资料|证件|手续|要求|条件|好处|用处?|作用|影响|限制|规定|区别|证明材料)|什么是|啥是|是(?:什么|啥|咩|乜)|什么意思|啥意思|(?<!没)(?<!不知)多久|多长|多大|多快|多耐|(?<![好这那])几(?:小时|个?钟|分钟|周|个?星期|回|折|成|遍)(?!.{0,2}[都也])|(?<![好这那前十])几(?:天|年|点|日|个工作日|个月|岁|时能|时可以|耐)|条件(?:是|有|$)|(?:办理|的|具体|整个)流程$|流程(?:是|有|复杂|麻烦)|区别|(?<!超)(?<!超过)(?:限额|额度|上限|下限|起点)(?:是|多|有|$)|有效期|为(?:什么|啥|何)要?(?!还没|还不)|点解|安全(?:吗|么|嘛|不)|靠谱(?:吗|么|不)|会(?:怎么?样|有什么|影响)|哪(?:些|几种|种|张|个好|个.{0,6}[好快])|有(?:什么|啥|咩|乜)|准备什么|怎么回事|真的吗|请问.{0,6}(?:怎么|如何|咋|怎样)|(?:想|想要|我)(?:问|知道|了解|咨询|打听).{0,8}(?:怎么|如何|什么|吗|咋|怎样)|(?:麻烦不麻烦|难不难|复杂吗|麻烦吗|简单吗|划算吗|划得来吗|合适吗|有用吗|有影响吗)"
    "|能(?:帮|替|给).{0,4}(?:爸妈|父母|家人|老人|别人|朋友|孩子).{0,8}(?:吗|么|嘛|不)$|(?:别人|代办|代理|家人|家里人|他人|子女|本人).{0,12}(?:吗|么|嘛|不$|才行|到场)|(?:需要|(?<!值)得|必须|一定|非得|只能|必要|(?<!信)(?<!不)用|(?<!想)(?<!我)要(?!用)).{0,14}(?:吗|么|嘛|咩)$|(?:(?<!想)(?<!我)要|(?<!信)用|会|准).{0,10}(?<![要好行可能给就还别])不$|会.{0,12}(?:吗|么|嘛)$|(?<!不)(?:是|算).{0,12}(?:吗|么|嘛|还是)|还是(?:要|得|必须|去|在)|(?:之?后|以后|了的话|期间|到期|失败|成功|完).{0,8}(?:还能|能|可以|会|还会).{0,12}(?:吗|么|嘛|不$)"
    "|几时"
    + "|"
    + _OPENS
    + r"(?:how (?:much|long|many|far|old|does|are|is|will|safe|often|soon|secure|difficult|easy)|what|what'?s|why|which|who|is there|are there|is it|is (?:the|a|an|this|that|my \w+ (?:safe|used|shared))|does|are|am i|do (?:i|you|we)|(?:can|could|may) (?:someone|somebody|anyone|another|other people|my (?:son|daughter|wife|husband|mother|father|mom|dad|partner|friend|family|parents?|child(?:ren)?|brother|sister|boss|assistant))|must|should|will (?:i|my|it|the|you charge|there)|when (?:is|are|does|do|will))\b"
    r"|\b(?:how much|how long|how many|what documents|which documents|what do i need|do i need|do i have to|is it (?:safe|free|possible|necessary|true|required|ok|mandatory|compulsory)|is there (?:a|an|any)|are there any|any (?:fee|charge|cost|limit|requirement)s?|what(?:'s| is) the (?:fee|charge|cost|limit|difference|process|procedure|maximum|minimum|penalty)|difference between)\b"
)
_ASKS_HOW = re.compile(
    "怎么(?!还|办|样了|没)|怎样|如何|点样|咋(?!还|样了|没|办|都|整)|(?:吗|么|嘛|咩|没有|没|未)$|[能可行成中得](?:不能|不可|唔可以|不可以|否|不行|不成|唔得)|(?:可以|能|行|得).{0,14}(?:不|么|吗|嘛)(?:$|[,。!?])|可不可以|可唔可以|边度|边个|哪|(?:能|可).{0,6}(?:几|多少)|(?<![好这那了])几(?:个|次(?!了|都|也)|位|张|家|种|类|块|号(?!码))(?!.{0,2}[都也])|谁|什么|啥|咩(?!事)|几位数"
    + "|"
    + _OPENS
    + r"(?:how (?:do|can|could|would|should|to|about)|how'?s|where|when|can (?:my|the|a|an|someone|somebody|anyone|foreigners|students|people|we|one|it)|could (?:my|the|someone)|may (?:my|someone)|will|whether)\b|\b(?:can|could|may|is it possible)\b.{0,60}\b(?:online|abroad|overseas|at an atm|in the app|on the app|without|on behalf|by phone|at home|on weekends?)\b.{0,20}$|\bhow to\b|\bhow (?:do|can) (?:i|we|you)\b"
)
# Of the customer's own data a question is the wish; only what is asked of the way to it is not.
_ASKS_WAY = re.compile(
    "怎么(查|看|打印|下载|导出|算|分)|如何(?!$)|在?哪(里|儿)?(可以|能)?(看|查)|一般|通常|收费|要带|能查(多久|到几|几)|可以查.{0,8}年|导出|打印|要本人|哪些|哪几|哪个(?:菜单|栏目?|页面?|位置|入口|地方|按钮)|什么意思|是啥意思|多久|会.{0,6}(吗|么|嘛)$|能.{0,8}(吗|么|嘛)$|什么(快递|号)|会不会|(要不要|用不用|需不需要|能不能|可不可以|可唔可以)(?!.{0,3}(帮|给我|替|查))|(能|可|查|打|存).{0,3}几年|多少年|(最多|最长|最早).{0,6}(能|可|查|看|几|多)|多少(年|个月|天).{0,6}(内|前|的)"
    r"|^(how (can|do|to|far|long|are|many days)|where can|what does|what are the|do you|why|is there|can i (export|print|download|get))\b|\busually\b|\busual\b|\bhow (do|can) (i|you) (check|see|view|find|track)"
)
_MARKS_QUESTION = re.compile(
    r"[?]|多少|几|什么|啥|吗|么|嘛|呢|怎|如何|咋|哪|谁|是否|能否|可否|[\u3400-\u9fff][不没唔][能可行好成中得]|点样|边|咩|几|(?:不|没|未|否)$|^(?:how|what|why|when|where|which|who|is|are|do|does|can|could|will|should|must|may)\b"
)
_REQUESTS = re.compile(
    r"帮(?!助|人|别人)|帮手|给(?:我|俺|咱|他|她|孩子)|(?<!让)(?:^|[你您,。来])替(?:我|俺)|麻烦(?!吗|不|么)|(?<!申)请(?!问)|劳驾|拜托|^我要|要投诉|把我|(?:可以|能|能不能|可不可以|可唔可以)(?:把|帮|替|现在|马上|直接|今天就)|吧$|my application|for me\b|\bplease\b|\bhelp me\b|\blet me\b|\b(?:i want|i need|i'd like|i would like)(?: to| a| an)\b(?! know| ask| understand| find out)|^(?:can|could|would|will) you\b(?! tell me)"
)
# 我想 and 我要 wish, but often only open a question.
_INTENDS = re.compile(r"想(?!问|知道|了解|咨询|打听)|要(?!求)|\b(?:can|could|may) i\b")


# A last clause that asks for it to be done makes a wish of what was only told before: 学校要多少钱的证明,麻烦给办一下.
_CLAUSE = re.compile(r"[,.;!?。、\n]+\s*")
_ASKS_TO_DO = re.compile(
    "^(?:那|就|所以|现在|请|麻烦|劳驾|拜托|快|赶紧|唔该|你|您|你们|小伙子|姑娘|同志|先|也|都)*"
    "(?:帮(?:忙|手|我|俺|咱)|给(?:我|俺|咱|办|弄|开|改|换)|替我|麻烦(?:您|你|侬)?(?:给|帮)?|请(?:您|你)?(?:给|帮|把)|直接|同我).{0,8}"
    "(?:办|弄|搞|整|开|改|换|调|设|升|降|绑|锁|停|挂|解|关|约|排|登记|导出|列|退订|确认|重置)(?!.{0,8}(?:吗|么|嘛|不$|没$|多|几|什么|啥|怎|哪))"
)
# To be told the way is no wish to go it.
_ASKS_TO_BE_TOLD = re.compile(
    "(?:给|跟|和|同|麻烦|帮|请|烦请)(?:我|俺|您|你)?.{0,4}(?:讲讲|讲一?下|说说|说一?下|解释|介绍|科普|指点|问问|问一?下)|告诉(?:我|俺)|教(?:教|一?下)?(?:我|俺)|(?:我|俺)自己(?:来)?(?:操作|弄|办|搞|绑|改)"
)
# Not to know where a thing was left is told, not asked.
_KNOWS_NOT_WHERE = re.compile(
    "(?:不知道?|不晓得|不清楚|唔知|记不得|不记得|忘了?).{0,3}(?:扔|丢|掉|搁|放|落|甩|漏|塞|撂|忘)(?:到|在|进|去|咗)*(?:哪|边)(?:里|儿|个|家|度|边)?(?:去)?|(?:咋整|点算)(?:嘛|啊|呀|哦)?$"
)
_PRICES = re.compile("收费|手续费|费用|要钱|花钱|收钱|多少钱(?!的)|贵不贵|免费吗|流程|区别|材料")

# Slips of the input method and of the ear, where what stands beside them leaves no doubt.
_SLIPS = [
    (re.compile(pattern), right)
    for pattern, right in (
        ("[秘蜜][码马]|(?<!罗)密马", "密码"),
        ("(?<=[约做录排订办])双[路绿陆](?!由|口|电|车|况)|^双[路绿陆](?=.{0,4}(?:约|预约|排|录|订))", "双录"),
        ("(?<!明)(?<!准)(?<!正)确[任人](?!务|何|命|职|期|教|家|员|数|选|才|民|们|物|事|为)", "确认"),
        ("(?<=信用|借记|储蓄|银行)咔", "卡"),
        ("(?<=审)合(?!格|同|并|适|规|法)", "核"),
        ("(?<=帮)定(?=.{0,2}(?:微信|支付宝|云闪付|银行卡))|邦定", "绑定"),
        ("(?<=存款|资产)正明", "证明"),
        ("(?<=养老)今", "金"),
        ("手几(?=号|码)|手机好(?=[改换变])|手机号马", "手机号"),
        ("电话号马", "电话号码"),
        ("[投头][诉拆素述](?<!投诉)", "投诉"),
        ("[行形]用卡", "信用卡"),
        ("(?<=存款|资产)证命", "证明"),
        ("(?<!劳)[一1]累(?=户|卡|$|,)", "1类"),
        ("[二2]累(?=户|卡|$|,)", "2类"),
        ("[三3]累(?=户|卡|$|,)", "3类"),
        ("(?<=绑)(.{0,3})为信", r"\1微信"),
        ("(?<=手机号)吗(?=[,。]?[换改变])", "码"),
        ("(?<=[挂掛])矢", "失"),
    )
]


@dataclass(frozen=True)
class Example:
    """A message with the task that it is about, if any, and whether it asks about the task instead of for it."""

    text: str
    flow: str
    question: bool = False


@dataclass(frozen=True)
class Rules:
    """What raises a task, what it cannot be without, and what speaks against it; over folded text."""

    patterns: re.Pattern[str] | None
    needs: re.Pattern[str] | None
    excludes: re.Pattern[str] | None


@dataclass(frozen=True)
class Examples:
    """All that is written down for the classifier. To start a task that only reads wrongly costs a message, no more."""

    messages: tuple[Example, ...]
    rules: Mapping[str, Rules]
    read_only: frozenset[str] = frozenset()

    @property
    def flows(self) -> tuple[str, ...]:
        """The tasks, in the order of their names."""
        return tuple(sorted(self.rules))


def load(flows: Mapping[str, Flow]) -> Examples:
    """The examples of these flows, and those of what is none of them; a flow without any is begun otherwise."""
    taught = [flow for flow in flows.values() if flow.examples.zh or flow.examples.en]
    messages = [example for flow in taught for example in _messages(flow.id, flow.examples)]
    none = part.Examples.model_validate(yaml.safe_load(_NO_TASK.read_text(encoding="utf-8")))
    rules = {flow.id: _rules(flow.examples) for flow in taught}
    reads = frozenset(flow.id for flow in taught if not flow.commits)
    return Examples((*messages, *_messages(NONE, none)), rules, reads)


def _messages(flow: str, examples: part.Examples) -> Iterator[Example]:
    yield from (Example(text, flow) for text in (*examples.zh, *examples.en))
    asked = examples.questions
    yield from (Example(text, flow, question=True) for language in _LANGUAGES for text in asked.get(language, ()))


def _rules(examples: part.Examples) -> Rules:
    return Rules(_joined(examples.patterns), _joined(examples.needs), _joined(examples.excludes))


def _joined(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None


def weight(rules: Rules, text: str) -> float:
    """What the rules of a task add to its scores for a folded text."""
    text = respelled(text)
    if rules.excludes and rules.excludes.search(text):
        return -_EXCLUDED
    if rules.needs and not rules.needs.search(text):
        return -_LOWERED
    return _RAISED if rules.patterns and rules.patterns.search(text) else 0.0


def respelled(text: str) -> str:
    """A folded text with its plain slips mended, so that a wrong character does not speak against a task."""
    for slip, right in _SLIPS:
        text = slip.sub(right, text)
    return text


def asking(text: str, reads: bool) -> float:
    """How much a message's form speaks for a question and against a wish; other forms where the task only `reads`."""
    text = _KNOWS_NOT_WHERE.sub("", text)
    bare = text.rstrip(" ?.!~,。啊呀呢哦噢哟喔哈")
    if reads:
        return _RAISED if _ASKS_WAY.search(bare) else -_PLAIN
    if _asks_to_do(text, bare):
        return -_PLAIN
    if _ASKS_FACTS.search(bare):
        return _RAISED
    if _ASKS_TO_BE_TOLD.search(bare) and _ASKS_HOW.search(bare):
        return _RAISED
    if _REQUESTS.search(bare) or not _MARKS_QUESTION.search(text):
        return -_PLAIN
    return _how(bare)


def _asks_to_do(text: str, bare: str) -> bool:
    """Whether it ends by asking for something to be done, after a statement that asks no price and has no question mark."""
    told, _, last = bare.rpartition(_last_mark(bare))
    return bool(told) and "?" not in text and not _PRICES.search(told) and bool(_ASKS_TO_DO.search(last))


def _last_mark(bare: str) -> str:
    """What divides the last clause from the others, or what no text holds."""
    marks = _CLAUSE.findall(bare)
    return marks[-1] if marks else "\0"


def _how(bare: str) -> float:
    """Of a form that asks the way or whether: less where the customer also says that it is wanted."""
    if not _ASKS_HOW.search(bare):
        return 0.0
    return _UNSURE if _INTENDS.search(bare) else _RAISED
