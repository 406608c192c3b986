"""Judges against people: how far each agrees with the labels, and where not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant import bootstrap
from assistant.settings import Settings, load
from evals import fitness, grounds, judge, label, statistics
from evals.fitness import Fitness
from evals.grounds import Ground
from evals.judge import VERDICTS, Exhibit, Judge
from evals.label import Labelled, Labels, Question
from evals.report import Case, Score, SuiteResult

NAME = "judge"
OWN = "groundedness"
"""The judge without a model; of an answer it says only whether it is grounded."""


@dataclass(frozen=True)
class Said:
    """What a judge says of one labelled answer, beside its label; `verdict` is none where it gave none, and `why` says why."""

    question: Question
    answer: Labelled
    label: bool
    verdict: bool | None
    why: str


def run() -> SuiteResult:
    """Each judge that there is over each file of labels, ours and the bank's."""
    settings = load()
    return measured(settings, label.all_of(settings.suites_dir or settings.data_dir / "suites"))


def measured(settings: Settings, files: Sequence[Labels]) -> SuiteResult:
    """The scores of all judges over the split `test` of these labels; the model's are written down, for runs to go by."""
    scores: dict[str, Score] = {}
    misses: list[Case] = []
    for file in files:
        before = "" if file is files[0] else f"{file.name}: "
        for name, said in _all_said(settings, list(file.of("test"))).items():
            scores |= {f"{before}{name}: {metric}": score for metric, score in _scores(said)}
            misses += [_miss(f"{before}{name}", one) for one in said if one.verdict is not one.label]
    _keep(settings, scores)
    count = sum(1 for file in files for _one in file.of("test"))
    return SuiteResult(NAME, count, count, scores, misses)


def _all_said(settings: Settings, asked: Sequence[tuple[Question, Labelled]]) -> Mapping[str, Sequence[Said]]:
    """What every judge says, by its name and that of its verdict."""
    found = {f"{OWN} grounded": [_by_words(*one) for one in asked]}
    with bootstrap.evaluation_model(settings) as llm:
        if llm is None:
            return found
        exhibits = {place: _exhibit(*one) for place, one in enumerate(asked)}
        given = dict(Judge(llm, settings.eval_llm_model).judge_all(exhibits))
    for verdict in VERDICTS:
        found[f"judged {verdict}"] = [
            Said(question, answer, getattr(answer, verdict), getattr(given[place], verdict), given[place].reason)
            for place, (question, answer) in enumerate(asked)
        ]
    return found


def _by_words(question: Question, answer: Labelled) -> Said:
    passages = [Ground(f"{one.title} {one.section}", one.text) for one in question.passages]
    found = grounds.of(answer.text, passages, question.question)
    why = "; ".join((*found.figures, *found.why)) or f"{found.score:.2f}"
    return Said(question, answer, answer.grounded, found.score >= grounds.HOLDS, why)


def _exhibit(question: Question, answer: Labelled) -> Exhibit:
    return Exhibit(question.question, judge.cited(question.passages), answer.text)


def _scores(said: Sequence[Said]) -> Iterator[tuple[str, Score]]:
    """Accuracy and kappa over what it gave a verdict on; which share of bad answers it let pass, and of good ones it refused."""
    told = [(one.label, one.verdict, one.question.id) for one in said if one.verdict is not None]
    if len(told) < len(said):
        yield "silent", statistics.mean([one.verdict is None for one in said])
    if not told:
        return
    yield "accuracy", statistics.mean([right is verdict for right, verdict, _question in told])
    kappa = statistics.kappa(*zip(*told, strict=True))
    if kappa:
        yield "kappa", kappa
    for metric, kind in (("bad ones passed", False), ("good ones refused", True)):
        of_kind = [verdict is not right for right, verdict, _question in told if right is kind]
        if of_kind:
            yield metric, statistics.mean(of_kind)


def _miss(judge_name: str, one: Said) -> Case:
    got = "no verdict" if one.verdict is None else str(one.verdict).lower()
    asked = f"{one.question.question} → {one.answer.text}"
    wanted = f"{judge_name}: {str(one.label).lower()} ({one.answer.why})"
    return Case(one.question.id, asked, wanted, f"{got}: {one.why}")


def _keep(settings: Settings, scores: Mapping[str, Score]) -> None:
    """The model's kappas over our labels, which say whether its marks may decide."""
    name = judge.named(settings)
    if name:
        kappa = {verdict: scores[key].value for verdict in VERDICTS if (key := f"judged {verdict}: kappa") in scores}
        fitness.keep(settings, Fitness(judge=name, kappa=kappa))
