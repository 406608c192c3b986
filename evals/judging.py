"""Has the records of a run judged, each once, however often the run is gone on with."""

from __future__ import annotations

from collections.abc import Mapping

from assistant import bootstrap
from assistant.reply import Outcome
from assistant.settings import Settings
from evals import fitness
from evals.document_words import spoken
from evals.judge import Exhibit, Judge, cited
from evals.record import Judgement, Record
from evals.run import Run
from evals.task import Task


def judged(settings: Settings, kept: Run, records: Mapping[Task, Record]) -> Mapping[Task, Record]:
    """The records, each whose last reply is an answer with its judgement; as they were where no judge is configured."""
    asked = {task: exhibit for task, record in records.items() if (exhibit := exhibited(record))}
    if not settings.eval_llm_model or not asked:
        return records
    counts = fitness.load(settings).counts
    found = _verdicts(settings, kept, asked)
    return {
        task: record.model_copy(update={"judgement": found[task].model_copy(update={"counts": counts})})
        if task in found
        else record
        for task, record in records.items()
    }


def exhibited(record: Record) -> Exhibit | None:
    """What a judge is shown of a record; nothing where its last reply is no answer with sources."""
    last = record.last
    if last.outcome != Outcome.ANSWERED or not last.cited:
        return None
    return Exhibit(last.said, cited(last.cited), spoken(last), tuple(turn.said for turn in record.turns[:-1]))


def _verdicts(settings: Settings, kept: Run, asked: Mapping[Task, Exhibit]) -> Mapping[Task, Judgement]:
    """Those of before, and of what has none yet, or had none given, new ones."""
    found = {task: one for task, one in kept.judgements.items() if one.grounded is not None}
    left = {task: exhibit for task, exhibit in asked.items() if task not in found}
    if not left:
        return found
    with bootstrap.evaluation_model(settings) as llm:
        judge = Judge(llm, settings.eval_llm_model) if llm else None
        for task, judgement in judge.judge_all(left) if judge else ():
            kept.keep_judgement(task, judgement)
            found[task] = judgement
    return found
