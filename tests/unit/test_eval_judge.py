"""A judge: what it is asked, what becomes of its verdicts, and how far it is believed."""

from __future__ import annotations

import difflib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from assistant.reply import Outcome as Ended
from assistant.settings import Settings
from evals import calibration, cases, fitness, gates, judging, label, model_server
from evals.case import Case
from evals.evaluators.judged import evaluator
from evals.fitness import Fitness
from evals.judge import Exhibit, Judge, named
from evals.label import Labels
from evals.model_behaviour import Act, Behaviour, Sent
from evals.outcome import judged as outcome_of
from evals.record import Cited, Judgement, PlayedTurn, Record
from evals.report import Change, Report, Score, SuiteResult
from evals.run import JUDGEMENTS, About, Run
from evals.task import Task
from tests.model import FakeModel

GOOD = {"reason": "年费一段有", "grounded": True, "answers": True}
EXHIBIT = Exhibit("年费多少", (("产品说明", "年费", "主卡年费为580元/年。"),), "580元一年。")
ABOUT = About(
    started=datetime(2026, 11, 22, tzinfo=UTC),
    suites=("s",),
    repeat=1,
    playings=3,
    digest="d",
    settings={},
    prompts={},
    index="i",
    version="v",
)
CASE = Case(id="c", question="年费多少", must_say=(("580",),))


def record(number: int = 0, outcome: Ended = Ended.ANSWERED) -> Record:
    source = Cited(number=1, passage="p", file="f.md", title="产品说明", section="年费", text="主卡年费为580元/年。")
    cited = (source,) if outcome is Ended.ANSWERED else ()
    last = PlayedTurn(
        said=f"年费多少{number}",
        reply="主卡年费为580元/年。 [1]",
        outcome=outcome.value,
        cited=cited,
        events=("knowledge_answered",),
    )
    return Record(case="c", turns=(PlayedTurn(said="白金卡"), last))


def settings(folder: Path, url: str = "", model: str = "large") -> Settings:
    named_model = {"eval_llm_base_url": url, "eval_llm_model": model} if url else {}
    return Settings(data_dir=folder, **named_model)  # type: ignore[arg-type]


@contextmanager
def server(
    text: str | Callable[[Sent], str] | None = None, act: Act = Act.ANSWER
) -> Iterator[model_server.ModelServer]:
    with model_server.running(Behaviour(act, text=text)) as running:
        yield running


class TestVerdict:
    def test_it_is_asked_of_the_cited_passages_alone_and_says_both_with_a_reason(self) -> None:
        model = FakeModel(lambda _asked: json.dumps(GOOD))
        found = Judge(model, "qwen").judge(EXHIBIT)
        assert (found.grounded, found.answers, found.reason) == (True, True, "年费一段有")
        (asked,) = model.asked
        assert "《产品说明》年费\n主卡年费为580元/年。" in asked.user
        assert asked.user.endswith("问题：年费多少\n答复：580元一年。")

    def test_the_same_personal_value_is_the_same_token_in_answer_and_passage(self) -> None:
        model = FakeModel(lambda _asked: json.dumps(GOOD))
        Judge(model, "qwen").judge(Exhibit("几号", (("", "", "号码13800138000"),), "是13800138000"))
        (asked,) = model.asked
        assert asked.user.count("<PHONE_1>") == 2
        assert "13800138000" not in asked.user

    @pytest.mark.parametrize(
        ("text", "act"),
        [
            ("好的", Act.ANSWER),
            (json.dumps({"grounded": True}), Act.ANSWER),
            (json.dumps(GOOD | {"more": 1}), Act.ANSWER),
            (json.dumps(GOOD | {"grounded": 0.7}), Act.ANSWER),
            (None, Act.SERVER_ERROR),
            (None, Act.WRONG_KEY),
            (json.dumps(GOOD), Act.CUT),
            (json.dumps(GOOD), Act.GARBAGE),
        ],
    )
    def test_what_is_no_verdict_is_none_and_says_why(self, tmp_path: Path, text: str | None, act: Act) -> None:
        with server(text, act) as running:
            kept = judging.judged(settings(tmp_path, running.url), begun(tmp_path), {Task("s", 0, 0): record()})
        judgement = kept[Task("s", 0, 0)].judgement
        assert judgement
        assert (judgement.grounded, judgement.answers) == (None, None)
        assert judgement.reason.startswith("the judge gave no verdict: ")

    def test_its_label_names_the_model_and_the_prompts_version(self) -> None:
        assert Judge(FakeModel(lambda _asked: ""), "qwen").label.startswith("qwen judge@1-")


class TestMarks:
    def marks(self, judgement: Judgement | None) -> list[tuple[str, float | None, bool]]:
        found = evaluator.marks(CASE, record().model_copy(update={"judgement": judgement}))
        return [(one.metric, one.value, one.required) for one in found]

    def test_there_are_none_without_a_judge(self) -> None:
        assert self.marks(None) == []

    def test_only_verdicts_that_count_decide(self) -> None:
        said = Judgement(judge="j", grounded=False, answers=True, counts=("grounded",))
        assert self.marks(said) == [("judged grounded", 0.0, True), ("judged answers", 1.0, False)]

    def test_silence_is_no_score_and_takes_none_from_the_case(self) -> None:
        silent = Judgement(judge="j", reason="the judge gave no verdict: slow", counts=("grounded", "answers"))
        assert self.marks(silent) == [("judged grounded", None, False), ("judged answers", None, False)]
        outcome = outcome_of(CASE, [record().model_copy(update={"judgement": silent})])
        assert outcome.unscored == ""
        assert "judged grounded" not in outcome.values()
        assert outcome.values()["right"] == 1
        assert evaluator.scores([(CASE, outcome.records[0])])["judge silent"].value == 1


def begun(folder: Path) -> Run:
    run = Run(folder / "run")
    run.begin(ABOUT, {})
    return run


TASKS = {Task("s", 0, trial): record(trial) for trial in range(3)}


class TestRun:
    def test_each_answer_is_judged_once_however_often_the_run_is_gone_on_with(self, tmp_path: Path) -> None:
        with server(json.dumps(GOOD)) as running:
            own = settings(tmp_path, running.url)
            first = judging.judged(own, begun(tmp_path), TASKS)
            assert len(running.requests) == 3
            again = judging.judged(own, begun(tmp_path), TASKS)
            assert len(running.requests) == 3
        assert first == again
        assert all(one.judgement and one.judgement.grounded for one in again.values())

    def test_what_was_broken_off_or_failed_is_asked_again_and_nothing_else(self, tmp_path: Path) -> None:
        with server(json.dumps(GOOD)) as running:
            own = settings(tmp_path, running.url)
            begun(tmp_path).keep_judgement(Task("s", 0, 0), Judgement(judge="j", grounded=True, answers=True))
            begun(tmp_path).keep_judgement(Task("s", 0, 1), Judgement(judge="j", reason="the judge gave no verdict"))
            with (tmp_path / "run" / JUDGEMENTS).open("a", encoding="utf-8") as file:
                file.write('{"suite": "s", "pl')
            found = judging.judged(own, begun(tmp_path), TASKS)
            asked = sorted(sent.user.rpartition("问题：年费多少")[2][0] for sent in running.requests)
        assert asked == ["1", "2"]
        assert all(one.judgement and one.judgement.answers for one in found.values())

    def test_a_run_of_something_else_begins_without_the_verdicts_of_before(self, tmp_path: Path) -> None:
        begun(tmp_path).keep_judgement(Task("s", 0, 0), Judgement(judge="j", grounded=True, answers=True))
        run = Run(tmp_path / "run")
        run.begin(ABOUT.model_copy(update={"digest": "another"}), {})
        assert run.judgements == {}

    def test_only_answers_with_sources_are_judged(self, tmp_path: Path) -> None:
        refused = {Task("s", 0, 0): record(outcome=Ended.ABSTAINED)}
        with server(json.dumps(GOOD)) as running:
            assert judging.judged(settings(tmp_path, running.url), begun(tmp_path), refused) == refused
            assert running.requests == []

    def test_without_a_judge_nothing_is_asked(self, tmp_path: Path) -> None:
        assert judging.judged(settings(tmp_path), begun(tmp_path), TASKS) == TASKS


def labels(count: int | None = 20) -> Labels:
    return Labels("groundedness", label.load(label.SHIPPED / "groundedness.yaml").questions[:count])


def verdicts(choose: Callable[[bool, bool], tuple[bool, bool]]) -> Callable[[Sent], str]:
    """What a judge says that knows the labels, and makes of them what it likes."""
    known = {(one.question, answer.text): answer for one in labels().questions for answer in one.answers}

    def say(sent: Sent) -> str:
        question, _sign, answer = sent.user.rpartition("问题：")[2].partition("\n答复：")
        texts = [text for asked, text in known if asked == question]
        # What is covered in it is not as it stands in the file.
        one = known[question, difflib.get_close_matches(answer.strip(), texts, 1)[0]]
        grounded, answers = choose(one.grounded, one.answers)
        return json.dumps({"reason": "照资料看", "grounded": grounded, "answers": answers})

    return say


class TestCalibration:
    def measured(self, folder: Path, choose: Callable[[bool, bool], tuple[bool, bool]]) -> tuple[SuiteResult, Fitness]:
        with server(verdicts(choose)) as running:
            own = settings(folder, running.url)
            return calibration.measured(own, [labels()]), fitness.load(own)

    def test_a_judge_that_says_what_people_say_may_decide(self, tmp_path: Path) -> None:
        result, fit = self.measured(tmp_path, lambda grounded, answers: (grounded, answers))
        assert result.scores["judged grounded: kappa"].value == 1
        assert result.scores["judged answers: accuracy"].value == 1
        assert fit.counts == ("grounded", "answers")
        assert not [one for one in result.misses if one.wanted.startswith("judged")]

    def test_one_that_guesses_is_shown_only_and_no_gate_reads_it(self, tmp_path: Path) -> None:
        dice = random.Random(5)
        result, fit = self.measured(tmp_path, lambda *_labels: (dice.random() < 0.5, dice.random() < 0.5))
        assert result.scores["judged grounded: kappa"].value < fitness.LIMIT
        assert fit.counts == ()
        assert "shown only" in fit.told
        assert any(one.wanted.startswith("judged grounded") for one in result.misses)

    def test_one_that_always_agrees_is_right_often_and_still_not_believed(self, tmp_path: Path) -> None:
        result, fit = self.measured(tmp_path, lambda *_labels: (True, True))
        assert result.scores["judged answers: accuracy"].value > 0.7
        assert result.scores["judged answers: kappa"].value == 0
        assert fit.counts == ()
        assert result.scores["judged grounded: bad ones passed"].value == 1

    def test_a_verdict_may_count_without_the_other(self, tmp_path: Path) -> None:
        _result, fit = self.measured(tmp_path, lambda grounded, _answers: (grounded, True))
        assert fit.counts == ("grounded",)

    def test_one_that_says_nothing_has_no_kappa_and_decides_nothing(self, tmp_path: Path) -> None:
        with server(act=Act.SERVER_ERROR) as running:
            own = settings(tmp_path, running.url)
            result = calibration.measured(own, [labels()])
        assert result.scores["judged grounded: silent"].value == 1
        assert "judged grounded: kappa" not in result.scores
        assert fitness.load(own).counts == ()

    def test_what_was_measured_of_another_model_counts_for_nothing(self, tmp_path: Path) -> None:
        own, other = (settings(tmp_path, "http://127.0.0.1:9/v1", model) for model in ("large", "small"))
        fitness.keep(own, Fitness(judge=named(own), kappa={"grounded": 0.9, "answers": 0.9}))
        assert fitness.load(own).counts == ("grounded", "answers")
        assert fitness.load(other).counts == ()
        assert "not measured against labels" in fitness.load(other).told

    def test_without_a_model_the_judge_by_words_is_measured_alone(self, tmp_path: Path) -> None:
        result = calibration.measured(settings(tmp_path), [labels(None)])
        assert {one.partition(":")[0] for one in result.scores} == {"groundedness grounded"}
        assert result.scores["groundedness grounded: kappa"].value >= 0.55
        assert result.scores["groundedness grounded: kappa"].n == len(list(labels(None).of("test")))

    def test_the_banks_own_labels_are_measured_beside_ours(self, tmp_path: Path) -> None:
        folder = tmp_path / "suites" / label.FOLDER
        folder.mkdir(parents=True)
        (folder / "branch.yaml").write_text(
            "questions:\n  - id: b1\n    question: 年费\n    passages: [{text: 年费580元。}]\n    answers:\n"
            "      - {text: 年费580元。, grounded: true, answers: true, why: 原话}\n"
            "      - {text: 年费480元。, grounded: false, answers: true, fault: figure, why: 资料是580元}\n",
            encoding="utf-8",
        )
        result = calibration.measured(settings(tmp_path), label.all_of(tmp_path / "suites"))
        assert result.scores["labels/branch: groundedness grounded: accuracy"].value == 1
        assert "groundedness grounded: kappa" in result.scores


class TestGates:
    def result(self, counts: Sequence[str]) -> SuiteResult:
        bad = Judgement(judge="j", grounded=False, answers=False, counts=tuple(counts))
        outcomes = [outcome_of(CASE, [record().model_copy(update={"judgement": bad})])]
        return SuiteResult(
            "own", 1, 1, {"judged grounded": Score(0, 0, 0)}, outcomes=outcomes, shown_only=cases.shown_only(outcomes)
        )

    limits: gates.Limits = MappingProxyType(
        {"own": {"judged grounded": {"at_least": 0.9}, "cards: judged grounded": {"at_least": 0.9}}}
    )

    def test_no_gate_reads_a_judge_that_is_not_believed_not_even_beside_an_earlier_run(self) -> None:
        worse = Change("own", "judged grounded", 1.0, 0.0, 0.001, 40)
        result = self.result(counts=())
        assert gates.held([result], [worse], self.limits) == []
        assert result.outcomes[0].trials == (True,)

    def test_one_that_is_believed_decides(self) -> None:
        worse = Change("own", "judged grounded", 1.0, 0.0, 0.001, 40)
        result = self.result(counts=("grounded", "answers"))
        assert [gate.passed for gate in gates.held([result], [worse], self.limits)] == [False, False, False]
        assert result.outcomes[0].trials == (False,)

    def test_the_report_says_how_far_the_judge_is_believed(self) -> None:
        told = Fitness(judge="qwen judge@1", kappa={"grounded": 0.71, "answers": 0.4}).told
        text = Report([], about=ABOUT.model_copy(update={"judge": told})).as_text()
        assert "judge qwen judge@1: grounded kappa 0.71; answers kappa 0.40, shown only (limit 0.6)" in text
