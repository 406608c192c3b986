"""A run's report made up for tests: cases that are right, wrong, unsteady and without a score, some with markup in every text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from evals import statistics
from evals.case import Case
from evals.evaluator import Mark
from evals.outcome import Outcome, judged
from evals.record import Cited, Found, PlayedTurn, Record
from evals.report import Change, Earlier, Gate, Report, SuiteResult
from evals.run import About, Run
from evals.task import Task

SCRIPT = "<script>alert('年费')</script>"
FEE = "海棠白金信用卡主卡年费为880元/年，首年免收。"
ABOUT = About(
    started=datetime(2026, 11, 22, 18, 30, tzinfo=UTC),
    suites=("knowledge", "tasks"),
    repeat=2,
    playings=10,
    digest="1b82eab1a4334d79",
    settings={"bank_name": "海棠银行", "time_zone": "Asia/Shanghai", "llm_model": ""},
    prompts={"answer": "answer@1-9ffe7d69"},
    index="eeee63d802acb42a",
    version="0.1.0",
)


def report() -> Report:
    """Two suites of cases, one that only measures, gates and an earlier run."""
    gates = [
        Gate("speed: turn over floor at most 2.0", 1.2, 2.0, True, "speed", "turn over floor", "at_most", "2.0"),
        Gate("knowledge: right at least 0.8", 0.4, 0.8, False, "knowledge", "right", "at_least", "0.8"),
    ]
    changes = [Change("knowledge", "right", 0.9, 0.4, 0.03, 4)]
    earlier = Earlier(
        {"knowledge": {"fee": {"right": 1.0}, "hours": {"right": 0.0}, "markup": {"right": 1.0}}},
        ABOUT.model_dump(mode="json"),
    )
    return Report([_knowledge(), _tasks(), _speed()], gates, changes, ABOUT, earlier)


def with_faults(text: str) -> Report:
    """One wrong case, in every text of which this stands."""
    made = report()
    outcome = _outcome(Case(id=text, group=text, note=text, question=text, must_say=((text,),)), reply=f"{text}!")
    wrong = replace(outcome, marks=(((Mark(text, 0.0, text)),),) * 2)
    gate = Gate(text, 1.0, 0.0, False, text, text, "at_most", text)
    suite = replace(made.suites[0], name=text, title=text, outcomes=[wrong], skipped=text)
    return replace(made, suites=[suite], gates=[gate])


def kept(folder: Path) -> Report:
    """The report, with its run written down as it is while cases are played."""
    made = report()
    run = Run(folder)
    run.begin(ABOUT, {})
    for suite in made.suites:
        for place, outcome in enumerate(suite.outcomes):
            for record in outcome.records:
                run.keep(Task(suite.name, place, record.trial), record)
    return made


def _knowledge() -> SuiteResult:
    fee = Case(id="fee", group="信用卡", question="白金卡年费多少", document=("白金卡.md",), must_say=(("880元",),))
    hours = Case(id="hours", group="网点", question="周日开门吗", abstain=True)
    markup = Case(id="markup", group="信用卡", question=SCRIPT, document=("白金卡.md",), must_say=(("880元",),))
    outcomes = [
        _outcome(fee, reply=FEE),
        _outcome(hours, reply="抱歉，没有找到可靠的依据。", outcome="abstained"),
        _outcome(markup, reply=f"{SCRIPT}年费{SCRIPT}", text=f"{SCRIPT}</script>段落"),
        _unsteady(Case(id="steady", group="信用卡", question="积分怎么换", must_say=(("手机银行",),))),
    ]
    scores = {
        "right": statistics.mean([1, 1, 0, 0.5]),
        "pass^1": statistics.mean([1, 1, 0, 0.5]),
        "pass^2": statistics.mean([1, 1, 0, 0]),
        "网点: right": statistics.mean([1.0]),
        "信用卡: right": statistics.mean([1, 0, 0.5]),
    }
    timings = {"turn p50 ms": statistics.quantile([40, 50, 60], 0.5)}
    return SuiteResult("knowledge", 6, 4, scores, (), None, outcomes, timings, "知识问答")


def _tasks() -> SuiteResult:
    phone = Case(id="phone", customer="c1", turns=("改手机号", "确认"), bank={"phone": "139"}, calls={"commit": 1})
    nobody = Case(id="nobody", question="改手机号", bank={"phone": "139"})
    turns = (PlayedTurn(said="改手机号", reply="新号码是？"), PlayedTurn(said="确认", reply="好的。"))
    record = Record(case="phone", turns=turns, bank={"phone": "138"}, calls=("/change_phone/commit",), seconds=0.5)
    outcomes = [judged(phone, [record]), judged(nobody, [Record(case="nobody", turns=turns[:1])])]
    return SuiteResult("tasks", 2, 1, {"right": statistics.mean([0.0])}, (), None, outcomes, title="办理")


def _speed() -> SuiteResult:
    return SuiteResult("speed", 1, 1, {"turn over floor": statistics.exact(1.2)})


def _unsteady(case: Case) -> Outcome:
    right = _record(case, 0, "在手机银行兑换。")
    return judged(case, [right, _record(case, 1, "请到网点兑换。")])


def _outcome(case: Case, reply: str, outcome: str = "answered", text: str = FEE) -> Outcome:
    return judged(case, [_record(case, trial, reply, outcome, text) for trial in range(2)])


def _record(case: Case, trial: int, reply: str, outcome: str = "answered", text: str = FEE) -> Record:
    where = {"file": "白金卡.md", "title": "白金卡产品说明", "section": "年费", "text": text}
    turn = PlayedTurn(
        said=case.asked,
        reply=reply,
        outcome=outcome,
        choices=("转人工",),
        commands=("AskKnowledge",),
        events=("message_received", "reply_sent"),
        cited=(Cited(number=1, passage="p1", **where),),
        found=(Found(passage="p1", score=0.8123, similarity=0.9, **where),),
        support=0.77,
        milliseconds={"total": 41.0},
    )
    return Record(case=case.id, trial=trial, turns=(turn,), seconds=0.25)
