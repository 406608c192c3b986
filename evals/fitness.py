"""How far a judge is believed: its agreement with people's labels, as it was measured last, kept beside the runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.settings import Settings
from evals import judge

LIMIT = 0.6
"""Cohen's kappa below which a verdict decides nothing: substantial agreement begins here (Landis and Koch)."""
FILE = "judge.json"


class Fitness(BaseModel):
    """A judge with the kappa of each of its verdicts over the labels of the split `test`; without any where it was not measured."""

    model_config = ConfigDict(frozen=True)

    judge: str
    kappa: Mapping[str, float] = {}

    @property
    def counts(self) -> tuple[str, ...]:
        """The verdicts that may decide whether a case is right, and that gates may read."""
        return tuple(verdict for verdict in judge.VERDICTS if self.kappa.get(verdict, -1.0) >= LIMIT)

    @property
    def told(self) -> str:
        """What a report says of it."""
        if not self.judge:
            return ""
        if not self.kappa:
            return f"{self.judge}: not measured against labels, so shown only; run the suite judge first"
        parts = (
            f"{verdict} kappa {kappa:.2f}{'' if kappa >= LIMIT else ', shown only'}"
            for verdict, kappa in self.kappa.items()
        )
        return f"{self.judge}: {'; '.join(parts)} (limit {LIMIT:g})"


def load(settings: Settings) -> Fitness:
    """Of the judge that the settings name, with this prompt: what was measured of another counts for nothing."""
    name = judge.named(settings)
    path = _path(settings)
    try:
        known = Fitness.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return Fitness(judge=name)
    return known if known.judge == name else Fitness(judge=name)


def keep(settings: Settings, found: Fitness) -> None:
    """Writes down what was measured."""
    path = _path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(found.model_dump_json(indent=1), encoding="utf-8")


def _path(settings: Settings) -> Path:
    return settings.data_dir / "evals" / FILE
