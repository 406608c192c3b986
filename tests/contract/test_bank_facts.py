"""Every figure in the demo bank's documents is the one that bank_facts.yaml registers for it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml

from ingest import metadata
from ingest.reader import Block, Faq, Heading, Paragraph, Row, Unreadable
from ingest.reading import read, suffixes
from knowledge_base.passage import Audience

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT / "knowledge_base" / "documents"
AS_OF = date(2026, 11, 22)
HISTORY_HEADING = "版本变更"

_COMMON_WORDS = {
    "本行", "云杉银行", "手机银行", "定期", "活期", "整存整取", "国债", "挂失", "口头挂失", "正式挂失", "投诉",
    "消费投诉", "反诈", "防诈骗", "电信诈骗", "投教", "LPR", "贷款市场报价利率", "房贷", "组合贷", "公积金贷款",
    "汽车贷款", "重疾险", "账户管理", "养老金账户", "忘记密码", "基金规则", "理财规则", "信用卡章程", "隐私政策",
    "风险匹配", "短信通知", "转账费", "内部支持", "活动审批",
}  # fmt: skip
"""Names that stand in sentences about other things too, so they tell no subject."""

_SYNONYMS = {
    "免年费条件": ("当年消费满",),
    "起购金额": ("起购点", "起购"),
    "起存金额": ("起存点", "起存"),
    "贵宾厅次数": ("机场高铁贵宾厅", "机场贵宾厅", "贵宾厅"),
    "道路救援次数": ("道路救援",),
    "额度范围": ("信用额度为",),
    "申请年龄": ("年龄要求",),
    "犹豫期": ("犹豫期为",),
    "投资冷静期": ("冷静期",),
    "失卡保障限额": ("失卡保障",),
    "管理费": ("管理费率",),
    "年费": ("主卡年费",),
    "港澳台电讯费": ("港澳台的电讯费",),
    "持有少于7日赎回费": ("持有少于7日",),
}
_GENERAL = {
    "credit_card": "云杉信用卡通用规则",
    "wealth": "理财通用规则",
    "fund": "基金代销通用规则",
    "insurance": "保险代销通用规则",
}
"""The subject whose facts hold for every subject of a kind that has none of its own."""

_UNITS = {
    "个工作日": "工作日", "工作日": "工作日", "个自然日": "天", "个月": "月", "周岁": "岁", "小时": "小时", "分钟": "分钟",
    "美元": "美元", "积分": "分", "BP": "BP", "%": "%", "％": "%", "元": "元", "克": "克", "天": "天", "日": "天",
    "年": "年", "岁": "岁", "次": "次", "笔": "笔", "张": "张", "分": "分", "位": "位", "折": "折", "倍": "倍",
    "种": "种", "台": "台", "个": "个", "户": "户", "名": "名",
}  # fmt: skip
_SCALES = {"": 1, "万": 10**4, "亿": 10**8}
_NUMBER = r"([0-9]+(?:\.[0-9]+)?)(万|亿)?"
_FIGURE = re.compile(rf"(?:{_NUMBER}[至—–~-])?{_NUMBER}({'|'.join(_UNITS)})")
_DATE = re.compile(r"[0-9]{4}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}月[0-9]{1,2}日")
_FREE = re.compile(r"(?:为|：|是)?(?:免费|免收|全免)")
_THOUSANDS = re.compile(r"(?<=[0-9])[,，](?=[0-9]{3}(?![0-9]))")
_SPACE = re.compile(r"\s(?![0-9A-Za-z])|(?<![0-9A-Za-z])\s")
_BRACKETED = re.compile(r"[（(]([^（）()]*)[）)]")


@dataclass(frozen=True)
class Figure:
    """A number with its unit, scales such as 万 worked out."""

    number: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.number.normalize():f}{self.unit}"


@dataclass(frozen=True)
class Value:
    """What a fact may be given as, between two days; None stands for an open end."""

    figures: frozenset[Figure]
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Fact:
    """One fact of one subject: its current value and those it had before."""

    subject: str
    name: str
    current: Value
    history: tuple[Value, ...]

    def accepted(self, origin: Origin) -> frozenset[Figure]:
        """The figures that a document of this standing may give."""
        if origin.tells_history:
            return self.current.figures.union(*(value.figures for value in self.history))
        if origin.effective_to is None or origin.effective_to >= AS_OF:
            return self.current.figures
        held = [value for value in (self.current, *self.history) if _held_during(value, origin)]
        return frozenset().union(*(value.figures for value in held))

    @property
    def units(self) -> frozenset[str]:
        return frozenset(figure.unit for value in (self.current, *self.history) for figure in value.figures)


@dataclass(frozen=True)
class Origin:
    """Where a statement stands, and what that says about its age and its subject."""

    file: str
    context: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    tells_history: bool = False


@dataclass(frozen=True)
class Finding:
    """One figure found next to a fact's name."""

    origin: Origin
    statement: str
    fact: Fact
    found: Figure

    @property
    def right(self) -> bool:
        return self.found in self.fact.accepted(self.origin)

    def __str__(self) -> str:
        expected = " or ".join(sorted(map(str, self.fact.accepted(self.origin))))
        about = f"{self.fact.subject} / {self.fact.name}"
        return f"{self.origin.file}: {self.statement!r}: {about}: expected {expected}, found {self.found}"


def _held_during(value: Value, origin: Origin) -> bool:
    starts_in_time = not (value.since and origin.effective_to and value.since > origin.effective_to)
    ends_too_early = value.until and origin.effective_from and value.until < origin.effective_from
    return starts_in_time and not ends_too_early


def figures(text: str) -> list[Figure]:
    """Every figure of a text, dates left out; a range gives both its ends."""
    found = []
    for first, first_scale, last, last_scale, unit in _FIGURE.findall(_DATE.sub("", _normal(text))):
        pairs = [(first, first_scale or last_scale), (last, last_scale)] if first else [(last, last_scale)]
        found += [Figure(Decimal(number) * _SCALES[scale], _UNITS[unit]) for number, scale in pairs]
    return found


def _normal(text: str) -> str:
    return _THOUSANDS.sub("", _SPACE.sub("", text))


def _unbracketed(text: str) -> str:
    return _BRACKETED.sub("", _normal(text))


class Registry:
    """bank_facts.yaml, arranged for finding its subjects and facts in a text."""

    def __init__(self, path: Path) -> None:
        self.entries: list[dict[str, object]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.facts = {str(entry["subject"]): _facts(entry) for entry in self.entries}
        self.kinds = {str(entry["subject"]): str(entry["kind"]) for entry in self.entries}
        self._names = self._unambiguous_names()
        self._unique = self._unique_facts()
        self._owners = {word: fact.subject for word, fact in self._unique.items()} | self._names
        self._owned = _any_of(self._owners)
        self._name = _any_of(self._names)

    def subjects(self, text: str) -> set[str]:
        """The subjects that a text names, or of which it names a fact that is theirs alone; longest wording first."""
        found = {self._owners[word] for word in self._owned.findall(_normal(text))}
        return found - {_GENERAL.get(self.kinds[subject], "") for subject in found}

    def without_subjects(self, text: str, wordings: dict[str, Fact]) -> str:
        """The text with its subjects' names blanked, for they hold figures too (稳盈90天)."""
        known = _any_of((*self._names, *wordings))
        return known.sub(lambda match: match[0] if match[0] in wordings else "□", _normal(text))

    def labels(self, cell: str) -> tuple[str, str]:
        """A cell as it may label others: as it stands, and without the name of its subject (大额存单1年)."""
        return _unbracketed(cell), _unbracketed(self._name.sub("", _normal(cell)))

    @cache  # noqa: B019  one registry, a hundred subjects
    def wordings(self, subject: str | None) -> dict[str, Fact]:
        """Each wording that stands for a fact of the subject, beside the facts that only one subject has."""
        if subject is None:
            return self._unique
        facts = self.facts.get(_GENERAL.get(self.kinds[subject], ""), {}) | self.facts[subject]
        synonyms = {synonym: facts[name] for name in facts for synonym in _synonyms(name)}
        return self._unique | synonyms | facts

    def _unambiguous_names(self) -> dict[str, str]:
        named: dict[str, set[str]] = defaultdict(set)
        for entry in self.entries:
            subject = str(entry["subject"])
            for name in (subject, *_strings(entry.get("aliases"))):
                named[_normal(name)].add(subject)
        return {name: min(owners) for name, owners in named.items() if len(owners) == 1 and name not in _COMMON_WORDS}

    def _unique_facts(self) -> dict[str, Fact]:
        named: dict[str, list[Fact]] = defaultdict(list)
        for facts in self.facts.values():
            for name, fact in facts.items():
                named[name].append(fact)
        return {name: owners[0] for name, owners in named.items() if len(owners) == 1 and len(name) >= 6}


def _synonyms(name: str) -> tuple[str, ...]:
    term = re.fullmatch(r"(.+)(?:年利率|票面利率)", name)
    terms = (
        (f"{term[1]}期年利率", f"{term[1]}期利率", f"{term[1]}期票面年利率", f"{term[1]}期票面利率", f"{term[1]}期")
        if term
        else ()
    )
    return (*_SYNONYMS.get(name, ()), *terms)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _facts(entry: dict[str, object]) -> dict[str, Fact]:
    subject = str(entry["subject"])
    written = entry["facts"]
    assert isinstance(written, dict)
    return {str(name): _fact(subject, str(name), fields) for name, fields in written.items()}


def _fact(subject: str, name: str, fields: dict[str, object]) -> Fact:
    history = fields.get("history", [])
    assert isinstance(history, list)
    return Fact(subject, name, _value(fields), tuple(_value(old) for old in history))


def _value(fields: dict[str, object]) -> Value:
    texts = [str(fields["value"]), *_strings(fields.get("also"))]
    found = {figure for text in texts for figure in figures(text)}
    if any(re.fullmatch(r"免费|免收|.*免年费", text) for text in texts):
        found.add(Figure(Decimal(0), "元"))
    return Value(frozenset(found), _day(fields.get("effective_from")), _day(fields.get("effective_to")))


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def check_text(registry: Registry, text: str, origin: Origin) -> Iterator[Finding]:
    """The figures of running text: sentence by sentence, and clause by clause where a sentence names several subjects."""
    for sentence in re.split(r"[。！？!?\n]", text):
        named = registry.subjects(sentence)
        parts = [sentence] if len(named) <= 1 else re.split(r"[；;]", sentence)
        for part in parts:
            yield from _check_statement(registry, part, _sole(registry.subjects(part), origin.context), origin)


def _sole(named: set[str], otherwise: str | None) -> str | None:
    """The one subject; what the surroundings say where there is none, and nothing where there are several."""
    return min(named, default=otherwise) if len(named) <= 1 else None


def _check_statement(registry: Registry, statement: str, subject: str | None, origin: Origin) -> Iterator[Finding]:
    wordings = registry.wordings(subject)
    for clause in _clauses(registry.without_subjects(statement, wordings)):
        mentions = list(_any_of(wordings).finditer(clause))
        for number, mention in enumerate(mentions, 1):
            fact = wordings[mention.group()]
            end = mentions[number].start() if number < len(mentions) else len(clause)
            for figure in _told(clause[mention.end() : end]):
                if figure.unit in fact.units:
                    yield Finding(origin, statement.strip(), fact, figure)


def _clauses(text: str) -> list[str]:
    inner = _BRACKETED.findall(text)
    return [clause for part in (_BRACKETED.sub("", text), *inner) for clause in re.split(r"[，,。；;！？]", part)]


def _told(tail: str) -> list[Figure]:
    """The figures that a fact's name is followed by; "到期还款日后3天" gives none of the day itself."""
    if _FREE.match(tail):
        return [Figure(Decimal(0), "元")]
    return [] if tail[:1] in {"前", "后"} else figures(tail)


def check_row(registry: Registry, row: Row, origin: Origin) -> Iterator[Finding]:
    """The figures of a table row: each cell under its header, under the row's first cell, and under both together."""
    first, *_ = [*row.cells, ""]
    named = registry.subjects(first) or registry.subjects(" ".join(row.cells))
    subject = _sole(named, origin.context)
    for label, cell in _labelled(registry, row, registry.wordings(subject)):
        yield from _check_statement(registry, f"{label}：{cell}", subject, origin)


def _labelled(registry: Registry, row: Row, wordings: dict[str, Fact]) -> Iterator[tuple[str, str]]:
    """Each cell with its labels: a cell and the header together (1年 + 年利率), else the cell before it, else the header."""
    labels = [registry.labels(cell) for cell in row.cells]
    others = dict.fromkeys(label for pair in labels for label in pair)
    for number, (header, cell) in enumerate(zip(row.headers, row.cells, strict=False)):
        bare = _unbracketed(header)
        combined = [other + bare for other in others if other + bare in wordings]
        before = [label for label in dict.fromkeys(labels[number - 1]) if number and label in wordings]
        yield from ((label, cell) for label in (combined or before or [bare]))


def check_faq(registry: Registry, faq: Faq, origin: Origin) -> Iterator[Finding]:
    """The figures of an answer; where it names no subject the question's counts."""
    named = registry.subjects(faq.answer) or registry.subjects(faq.question)
    yield from check_text(registry, faq.answer, replace(origin, context=_sole(named, None)))


def check_blocks(registry: Registry, blocks: Sequence[Block], origin: Origin) -> Iterator[Finding]:
    """The figures of a document; a heading gives its section a subject, and 版本变更 allows former values."""
    history_level, section = 0, origin
    for block in blocks:
        if isinstance(block, Heading):
            if not history_level or block.level <= history_level:
                history_level = block.level if HISTORY_HEADING in block.text else 0
            context = _sole(registry.subjects(block.text), origin.context) or origin.context
            section = replace(origin, context=context, tells_history=bool(history_level))
        elif isinstance(block, Row):
            yield from check_row(registry, block, section)
        elif isinstance(block, Faq):
            yield from check_faq(registry, block, _of_entry(block, origin))
        else:
            yield from check_text(registry, block.text, section)


def _of_entry(faq: Faq, origin: Origin) -> Origin:
    since, until = _day(faq.effective_from), _day(faq.effective_to)
    file = f"{origin.file} {faq.id or ''}"
    return Origin(file, None, since or origin.effective_from, until or origin.effective_to)


def leaks(registry: Registry, blocks: Sequence[Block]) -> set[str]:
    """The words of staff-only entries that stand in these blocks."""
    secret = [word for entry in registry.entries for word in _strings(entry.get("leak_words"))]
    text = _normal("\n".join(map(_shown, blocks)))
    return {word for word in secret if _normal(word) in text}


def _shown(block: Block) -> str:
    if isinstance(block, Faq):
        return "\n".join((block.question, block.answer, *block.similar_questions))
    return "\n".join((*block.headers, *block.cells)) if isinstance(block, Row) else block.text


@dataclass(frozen=True)
class Document:
    """A file of the knowledge base, read."""

    file: str
    about: metadata.Metadata
    blocks: Sequence[Block]


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The registered facts."""
    return Registry(Path(__file__).with_name("bank_facts.yaml"))


@pytest.fixture(scope="session")
def documents() -> list[Document]:
    """Every document, read once."""
    done, failed = [], []
    for path in sorted(path for path in DOCUMENTS.rglob("*") if path.suffix.lower() in suffixes()):
        file = path.relative_to(DOCUMENTS).as_posix()
        try:
            done.append(Document(file, metadata.load(path, DOCUMENTS), read(path)))
        except Unreadable as error:
            failed.append(f"{file}: {error}")
    assert not failed, "unreadable documents:\n" + "\n".join(failed)
    return done


@pytest.fixture(scope="session")
def findings(registry: Registry, documents: list[Document]) -> list[Finding]:
    """Every figure that stands next to a registered fact's name."""
    return [finding for document in documents for finding in _findings(registry, document)]


def _findings(registry: Registry, document: Document) -> Iterator[Finding]:
    about = document.about
    context = about.product if about.product in registry.facts else None
    origin = Origin(document.file, context, about.effective_from, about.effective_to)
    yield from check_blocks(registry, document.blocks, origin)


def test_figures_are_the_registered_ones(findings: list[Finding]) -> None:
    wrong = sorted({str(finding) for finding in findings if not finding.right})
    assert not wrong, f"{len(wrong)} figures differ from bank_facts.yaml:\n" + "\n".join(wrong)


def test_staff_words_stay_out_of_customer_documents(registry: Registry, documents: list[Document]) -> None:
    found = {document.file: leaks(registry, _for_customers(document)) for document in documents}
    told = [f"{file}: {'、'.join(sorted(words))}" for file, words in found.items() if words]
    assert not told, "staff words in customers' documents:\n" + "\n".join(told)


def _for_customers(document: Document) -> list[Block]:
    default = document.about.audience
    return [block for block in document.blocks if (getattr(block, "audience", None) or default) == Audience.CUSTOMER]


def test_enough_is_really_checked(findings: list[Finding]) -> None:
    checked = {(finding.origin.file, finding.fact.subject, finding.fact.name) for finding in findings}
    assert len(checked) >= 800, f"only {len(checked)} pairs of file and fact were checked"
    facts = {(subject, name) for _, subject, name in checked}
    assert len(facts) >= 400, f"only {len(facts)} facts were met in any document"


def test_every_annual_fee_stands_in_two_files(registry: Registry, findings: list[Finding]) -> None:
    cards = [subject for subject, kind in registry.kinds.items() if kind == "credit_card"]
    fees = [finding for finding in findings if finding.fact.name == "年费"]
    files = {card: {finding.origin.file for finding in fees if finding.fact.subject == card} for card in cards}
    assert len(cards) == 10
    assert not {card: found for card, found in files.items() if len(found) < 2}


def test_every_product_is_checked(registry: Registry, findings: list[Finding]) -> None:
    kinds = {"credit_card", "debit_card", "deposit", "wealth", "wealth_private", "fund", "insurance", "loan", "pension"}
    products = {subject for subject, kind in registry.kinds.items() if kind in kinds}
    assert products <= {finding.fact.subject for finding in findings}


def test_former_values_are_met(findings: list[Finding]) -> None:
    """Old versions and 版本变更 sections are checked too: some figure found is right only there."""
    former = [finding for finding in findings if finding.found not in finding.fact.current.figures]
    assert len({finding.fact.name for finding in former}) >= 5


CURRENT = Origin("样例.md")
EXPIRED = Origin("样例_2023版.md", effective_from=date(2023, 1, 1), effective_to=date(2025, 12, 31))


def _wrong(found: Iterable[Finding]) -> list[str]:
    return [f"{finding.fact.name} {finding.found}" for finding in found if not finding.right]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("云杉白金信用卡年费为600元/年，首年免年费。", ["年费 600元"]),
        ("云杉白金信用卡年费580元/年，附属卡年费300元/年。", ["附属卡年费 300元"]),
        ("云杉白金信用卡年费480元/年。", ["年费 480元"]),
        ("云杉尊享白金信用卡年费（主卡）为580元。", ["年费 580元"]),
        ("云杉车主信用卡当年消费满6笔次年免年费。", ["免年费条件 6笔"]),
        ("云杉车主信用卡挂失费60元。", ["挂失费 60元"]),
        ("云杉白金信用卡挂失费60元。", ["挂失费 60元"]),
        ("云杉金信用卡年费免费。", ["年费 0元"]),
        ("短信验证码单笔限额为3万元。", ["短信验证码单笔限额 30000元"]),
        ("云杉·稳盈90天起购金额为2,000元。", ["起购金额 2000元"]),
        ("定期存款1年年利率为1.15%。", ["1年年利率 1.15%"]),
        ("云杉标准信用卡额度范围为1,000元—6万元。", ["额度范围 60000元"]),
        ("云杉白金信用卡年费580元/年，首年免年费，当年消费满12笔次年免。", []),
        ("云杉尊享白金信用卡年费1,800元/年；云杉白金信用卡年费580元/年。", []),
        ("云杉·稳盈90天自2026年4月1日起，起购金额为1,000元。", []),
    ],
)
def test_a_wrong_sentence_is_caught(registry: Registry, text: str, wrong: list[str]) -> None:
    assert _wrong(check_text(registry, text, CURRENT)) == wrong


def test_a_wrong_row_is_caught(registry: Registry) -> None:
    cards = Row(("产品", "年费（主卡）", "挂失费"), ("云杉金信用卡", "180元/年", "50元"))
    rates = Row(("产品", "期限", "年利率"), ("定期存款", "1年", "1.95%"))
    fees = Row(("项目", "标准"), ("网银云盾单笔限额", "500万元"))
    wrong = [_wrong(check_row(registry, row, CURRENT)) for row in (cards, rates, fees)]
    assert wrong == [["年费 180元"], ["1年年利率 1.95%"], ["网银云盾单笔限额 5000000元"]]


def test_a_wrong_answer_is_caught(registry: Registry) -> None:
    faq = Faq("云杉青年信用卡年费多少？", "年费为80元/年，当年消费满3笔次年免。")
    assert _wrong(check_faq(registry, faq, CURRENT)) == ["年费 80元"]


def test_former_values_stand_only_where_they_may(registry: Registry) -> None:
    change: list[Block] = [Heading("版本变更", 2), Paragraph("云杉白金信用卡年费由480元调整为580元。")]
    former: list[Block] = [Paragraph("云杉白金信用卡年费480元。")]
    new = [Paragraph("云杉白金信用卡年费580元。")]
    assert not _wrong(check_blocks(registry, change, CURRENT))
    assert not _wrong(check_blocks(registry, former, EXPIRED))
    assert _wrong(check_blocks(registry, [*change, Heading("费用", 2), *former], CURRENT)) == ["年费 480元"]
    assert _wrong(check_blocks(registry, new, EXPIRED)) == ["年费 580元"]


def test_a_leak_is_caught(registry: Registry) -> None:
    assert leaks(registry, [Paragraph("本产品佣金率较高")]) == {"佣金率"}
    assert leaks(registry, [Row(("产品",), ("臻选固收 1号",))]) == {"臻选固收1号"}
    assert not leaks(registry, [Paragraph("贵宾客户可预约贵宾理财室")])


def test_a_failure_says_what_and_where(registry: Registry) -> None:
    (finding,) = check_text(registry, "云杉白金信用卡年费600元", CURRENT)
    assert str(finding) == "样例.md: '云杉白金信用卡年费600元': 云杉白金信用卡 / 年费: expected 580元, found 600元"
