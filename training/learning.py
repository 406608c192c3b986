"""Learns a judge of evidence from pairs, and goes on where it was broken off."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path

import torch
from torch.optim.lr_scheduler import LambdaLR
from transformers import BertModel

from training import checkpoint
from training.checkpoint import Checkpoint
from training.curves import Curves, Point
from training.division import divide
from training.encoding import Encoder
from training.measure import measured
from training.network import Network, losses
from training.options import Options
from training.pair import Pair
from training.shipping import name_of

_WARM_UP = 70
"""Steps until the learning rate is at its highest."""
_LOWEST = 0.02
_STEEPEST = 1.0
_SMOOTH = 0.97
_DIGITS = 4


class OtherRun(Exception):
    """The folder holds a run with other options or pairs; give another folder, or the options that it was begun with."""


class Run:
    """A network that learns, with all that it takes to go on another time."""

    def __init__(self, bert: Callable[[], BertModel], options: Options, pairs: str) -> None:
        # The generators decide how the adapters begin, so they are set before there are any.
        torch.manual_seed(options.seed)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = Network(bert(), options.rank).to(self.device)
        self.network.train()
        self._options, self._pairs = options, pairs
        self._learning = [value for value in self.network.parameters() if value.requires_grad]
        self._optimizer = torch.optim.AdamW(self._learning, lr=options.rate, weight_decay=0.01)
        self._schedule = LambdaLR(self._optimizer, lambda step: _share_of_rate(step, options.steps))
        self.step, self._seconds, self._averages = 0, 0.0, (0.0, 0.0)

    def begin_with(self, shipped: Mapping[str, torch.Tensor]) -> None:
        """Begins with what was learnt before and shipped; raises ValueError where it is of another network."""
        names = {name: name_of(name) for name in self.network.learnt()}
        if set(names.values()) != set(shipped):
            raise ValueError("what is begun with is of another network: give the rank that it was learnt with")
        self.network.take({name: shipped[written].float() for name, written in names.items()})

    def go_on(self, before: Checkpoint) -> None:
        """Takes up a run where it was; raises OtherRun."""
        if (before.options, before.pairs, before.layers) != (self._options, self._pairs, self.network.layers):
            raise OtherRun(OtherRun.__doc__)
        self.network.take(before.learnt)
        self._optimizer.load_state_dict(before.optimizer)
        self._schedule.load_state_dict(before.schedule)
        self.step, self._seconds, self._averages = before.step, before.seconds, before.averages
        checkpoint.put_back(before.chance)

    def learn(self, encoder: Encoder, pairs: Sequence[Pair]) -> None:
        """One step."""
        begun = time.monotonic()
        batch = encoder.batch(pairs).to(self.device)
        score, pointed = self.network(batch)
        by_head = dict(zip(("score", "pointer"), losses(score, pointed, batch), strict=True))
        wanted = [loss for head, loss in by_head.items() if self._options.heads in ("both", head)]
        self._optimizer.zero_grad()
        torch.stack(wanted).sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._learning, _STEEPEST)
        self._optimizer.step()
        self._schedule.step()
        by_score, by_pointer = (
            _SMOOTH * before + (1 - _SMOOTH) * float(loss.detach())
            for before, loss in zip(self._averages, by_head.values(), strict=True)
        )
        self.step, self._averages = self.step + 1, (by_score, by_pointer)
        self._seconds += time.monotonic() - begun

    def point(self) -> Point:
        """Where the run is: steps, seconds of learning, and losses averaged over some thirty steps."""
        weight = 1 - _SMOOTH**self.step
        score, pointer = (round(average / weight, _DIGITS) for average in self._averages)
        return {"step": self.step, "seconds": round(self._seconds), "score_loss": score, "pointer_loss": pointer}

    def save(self, folder: Path) -> None:
        """Writes the checkpoint."""
        Checkpoint(
            self._options, self._pairs, self.network.layers, self.step, self._seconds, self._averages,
            self.network.learnt(), self._optimizer.state_dict(), self._schedule.state_dict(), checkpoint.chance(),
        ).save(folder)  # fmt: skip


def learn(
    pairs: Sequence[Pair],
    options: Options,
    folder: Path,
    bert: Callable[[], BertModel],
    encoder: Encoder,
    tell: Callable[[Point], None] = lambda _point: None,
    shipped: Mapping[str, torch.Tensor] | None = None,
) -> None:
    """Learns until all steps are done, with a checkpoint and curves in `folder`; a run begun there goes on.

    A new run begins with what was `shipped` of another, where there is that.

    On the same machine a run that was broken off ends as one that was not. Raises OtherRun, and ValueError for too few pairs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    division, curves = divide(pairs, options.seed), Curves(folder)
    run = Run(bert, options, sha256(repr(pairs).encode()).hexdigest())
    if before := checkpoint.load(folder):
        run.go_on(before)
    elif shipped is not None:
        run.begin_with(shipped)
    curves.cut(run.step)
    for batch in islice(division.batches(options.batch), run.step, options.steps):
        run.learn(encoder, batch)
        last = run.step == options.steps
        measure = last or run.step % options.measure_every == 0
        if measure or run.step % options.save_every == 0:
            point = run.point()
            if measure:
                point["dev"] = measured(run.network, encoder, division.dev, options.heads)
            curves.add(point)
            tell(point)
            run.save(folder)
    curves.draw()


def _share_of_rate(step: int, steps: int) -> float:
    """Rises in a line at first, falls in a line to the end, and never to nothing."""
    return min(1.0, (step + 1) / _WARM_UP) * max(_LOWEST, 1 - step / steps)
