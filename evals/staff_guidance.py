"""What staff ask before a sale: the right products offered, none that may not be sold, what must be said, and where it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from assistant.event import SaleGuided
from assistant.reply import Outcome, Turn
from evals.knowledge import cites, says
from evals.report import Case, Score, SuiteResult, exact, mean
from evals.workplace import Workplace, opened
from knowledge_base.passage import Audience
from knowledge_base.text import fold

SUITE = Path(__file__).parent / "suites" / "staff_guidance.yaml"
_REFUSES = re.compile(
    "不能|不可|不得|不适合|没有列|未列|没列|排除|不符合|超出|超过|不匹配|不允许|不够|不足|低于|不到|结束|未开始|尚未|不在|过期|失效|不卖|不宜|"
    "冒充|严禁|禁止|未公布|不再|不受理|留意|not |cannot|left out|ended|too "
)
"""Words of a line, or of the title above it, that names products in order to leave them out."""
_ASSENTS = re.compile(
    "可以购买|可以买|可以卖|可以办|可以销售|可以推荐|可购买|能买|能卖|能办|may be sold|can be sold|may buy"
)


class Asked(BaseModel):
    """One case: what a colleague at a branch says, and what the last reply must and must not offer, say and cite."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    question: str | None = None
    turns: tuple[str, ...] = ()
    branch: str = ""
    products: tuple[tuple[str, ...], ...] = ()
    not_products: tuple[str, ...] = ()
    not_fitting: tuple[str, ...] = ()
    must_say: tuple[tuple[str, ...], ...] = ()
    must_not_say: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    abstain: bool = False
    split: Literal["test", "tune"] = "test"

    @model_validator(mode="after")
    def _complete(self) -> Asked:
        if bool(self.question) == bool(self.turns):
            raise ValueError("give either question or turns")
        if not self.abstain and not self.document:
            raise ValueError("give document or abstain")
        return self

    @property
    def asked(self) -> tuple[str, ...]:
        """What is said, turn by turn."""
        return self.turns or (self.question or "",)


class Suite(BaseModel):
    """The file of cases; one that cannot be read stops the run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    audience: Literal[Audience.STAFF]
    cases: tuple[Asked, ...]


def run(path: Path = SUITE, split: str = "test") -> SuiteResult:
    """The cases of one split through the assistant over the demo bank's documents; the other split is for tuning."""
    with opened() as place:
        return scored(place, Suite.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))), split)


def scored(place: Workplace, suite: Suite, split: str) -> SuiteResult:
    """Each measure over the cases that it is asked of, and what went wrong."""
    outcomes: dict[str, list[float]] = defaultdict(list)
    misses: list[Case] = []
    forbidden = 0
    cases = [case for case in suite.cases if case.split == split]
    for case in cases:
        turn, guided = _talk(place, case)
        wrong = list(_wrong(case, turn, guided, place))
        forbidden += sum(measure == "forbidden offered" for measure, _fault in wrong)
        failed = {measure for measure, _fault in wrong}
        outcomes["right"].append(not wrong)
        for measure in _measures(case):
            outcomes[measure].append(measure not in failed)
        misses += [Case(case.id, " → ".join(case.asked), fault, _line(turn)) for _measure, fault in wrong]
    scores: dict[str, Score] = {name: mean(values) for name, values in sorted(outcomes.items())}
    scores["forbidden offered"] = exact(forbidden)
    return SuiteResult(suite.name, len(suite.cases), len(cases), scores, misses)


def _talk(place: Workplace, case: Asked) -> tuple[Turn, SaleGuided | None]:
    """The last turn, and what it says that it offered."""
    conversation, _token, _reply = place.assistant.start(Audience.STAFF, "zh-CN", branch=case.branch)
    before = 0
    for message in case.asked:
        before = len(place.assistant.events(conversation))
        turn = place.assistant.respond(conversation, message)
    events = place.assistant.events(conversation)[before:]
    return turn, next((event for event in events if isinstance(event, SaleGuided)), None)


def _measures(case: Asked) -> Iterator[str]:
    if case.products:
        yield "products right"
    if case.must_say:
        yield "words right"
    if case.document:
        yield "source right"
    if case.abstain:
        yield "abstained"


def _wrong(case: Asked, turn: Turn, guided: SaleGuided | None, place: Workplace) -> Iterator[tuple[str, str]]:
    """What is wrong with the last reply, by measure."""
    if case.abstain:
        if turn.outcome is Outcome.ANSWERED:
            yield "abstained", "should have abstained"
        return
    text = turn.reply.text
    missing = [group for group in case.products if not any(offered(text, name, guided, "") for name in group)]
    besides = [name for name in case.not_fitting if offered(text, name, guided, case.asked[-1])]
    if missing or besides:
        yield "products right", f"offers {besides[0]}" if besides else f"does not offer {' / '.join(missing[0])}"
    forbidden = [name for name in case.not_products if offered(text, name, guided, case.asked[-1])]
    for name in forbidden:
        yield "forbidden offered", f"offers {name}"
    unsaid = [group for group in case.must_say if not any(says(text, words) for words in group)]
    if unsaid or any(says(text, words) for words in case.must_not_say):
        yield "words right", f"does not say {' / '.join(unsaid[0])}" if unsaid else "says what must not be said"
    if not cites(case.document, turn, place):
        yield "source right", f"does not cite {'、'.join(case.document)}"


def offered(text: str, name: str, guided: SaleGuided | None, question: str) -> bool:
    """Whether a reply offers a product or campaign: it names it where nothing is left out.

    Whoever asks about a product by name hears that name again, so there it counts only where the reply says yes to it, or the turn itself
    says that it may be sold.
    """
    short = fold(name)
    if guided and guided.form == "check":
        return any(short in fold(one) for one in guided.offered)
    lines = [line for line in _offering(text) if short in fold(line)]
    if short in fold(question) or _part_of(short, fold(question)):
        return any(_ASSENTS.search(line) for line in lines)
    return bool(lines)


def _part_of(name: str, question: str) -> bool:
    """Whether the question names a product by half of its name or more, as people do: 固收增强 for 固收增强18个月."""
    half = max(4, len(name) // 2)
    return any(name[start : start + half] in question for start in range(len(name) - half + 1))


def _offering(text: str) -> Iterator[str]:
    """The lines of a reply, but for those that leave something out, and the list under a title that does."""
    left_out = False
    for line in text.splitlines():
        listed = line.lstrip().startswith(
            ("-", "*", "|", "1", "2", "3", "4", "5", "6", "7", "8", "9")
        ) and not line.startswith("**")
        if line.strip() and not listed:
            left_out = bool(_REFUSES.search(line))
        if line.strip() and not left_out and not (_REFUSES.search(line) and not line.startswith("|")):
            yield line


def _line(turn: Turn) -> str:
    return turn.reply.text.replace("\n", " ")
