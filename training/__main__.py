"""`python -m training`: makes pairs, learns a judge of evidence from them, and writes what ships."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant import bootstrap
from assistant.settings import load as load_settings
from training.options import Heads, Options

bootstrap.go_offline()
app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Trains the judge of evidence that ships with Teller."
)
console, errors = Console(highlight=False, markup=False), Console(stderr=True, highlight=False, markup=False)


@app.command()
def prepare(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False, help="reading-comprehension sets, as *.jsonl")],
    out: Annotated[Path, typer.Option(file_okay=False, help="the folder for pairs.jsonl")],
    keep_out: Annotated[
        list[Path] | None,
        typer.Option(help="files or folders of what is measured on (jsonl, json, yaml); may be given again"),
    ] = None,
    seed: Annotated[int, typer.Option(help="decides every choice")] = 1,
    lessons: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="folders with documents/ and questions.yaml to learn from"),
    ] = None,
    lesson_times: Annotated[int, typer.Option(min=1, help="how often each pair of the lessons is learnt")] = 1,
    others: Annotated[int | None, typer.Option(min=1, help="only so many pairs of the sets, drawn by chance")] = None,
    bank: Annotated[bool, typer.Option(help="make pairs of the FAQ and tables in force as well")] = True,
    traditional: Annotated[float, typer.Option(min=0, max=1, help="the share of pairs in traditional script")] = 0.0,
) -> None:
    """Make pairs of questions and excerpts from reading-comprehension sets; takes some minutes.

    A row that shares 24 letters in a row with any text of --keep-out is left out, so that nothing is learnt that is measured
    on. The rest is ingested and searched as a bank's documents are: what search finds beside an answer are the hard cases.
    """
    from training import bank_pairs, bases, lesson_pairs, pair, reading_sets
    from training.asked import looked_up
    from training.pairs import Maker, in_both_scripts

    try:
        every = reading_sets.load(data)
        measured = reading_sets.kept_out(keep_out or [], besides=data)
        items = reading_sets.load(data, measured)
    except reading_sets.WrongSet as error:
        raise _told(error) from error
    console.print(f"{len(items)} questions; {len(every) - len(items)} left out.")
    asked = looked_up(items, seed)
    console.print(f"{len(asked)} are answered by a sentence of a passage.")
    own = bank_pairs.looked_up(seed) if bank else []
    told = list(lesson_pairs.looked_up(bases.load(lessons))) if lessons else []
    own += lesson_pairs.repeated(told, lesson_times)
    of_sets = list(Maker(asked, seed).pairs())
    of_sets = random.Random(seed).sample(of_sets, min(others or len(of_sets), len(of_sets)))
    made = [*of_sets, *(one for one in own if not reading_sets.stretches(one.question) & measured)]
    pairs = list(in_both_scripts(made, traditional, seed))
    pair.save(pairs, out / "pairs.jsonl")
    for kind, count in Counter(one.made for one in pairs).most_common():
        console.print(f"{count:>7} {kind}")
    console.print(f"{len(pairs):>7} pairs, of which {sum(bool(one.answer) for one in pairs)} are answered.")


@app.command()
def learn(
    pairs: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="what prepare made")],
    out: Annotated[Path, typer.Option(file_okay=False, help="the run's folder; a run that was begun there goes on")],
    steps: Annotated[int, typer.Option(min=1)] = 1200,
    batch: Annotated[int, typer.Option(min=1, help="pairs a step")] = 32,
    rate: Annotated[float, typer.Option(min=0, help="the highest learning rate")] = 8e-4,
    rank: Annotated[int, typer.Option(min=1, help="of the adapters")] = 16,
    seed: Annotated[int, typer.Option(help="decides every choice")] = 1,
    threads: Annotated[int | None, typer.Option(min=1, help="of the CPU; as many as torch takes by default")] = None,
    heads: Annotated[Heads, typer.Option(help="what learns beside the adapters")] = "both",
    begin_with: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="what was shipped before, to learn more: the bundled one, say"),
    ] = None,
) -> None:
    """Learn a judge of evidence; about two seconds a step on two CPU cores, far less on a GPU, which is used when there is one.

    Every 50 steps the run is saved: after a kill the same command goes on. curves.jsonl and curves.png tell how it went.
    On Linux a CPU learns about 30 % faster with MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=8589934592 in the
    environment, which keeps memory from being given back and asked for again at every step.
    """
    import torch
    from transformers.utils import logging

    from knowledge_base.embedders import bundled
    from training import learning, network, pair, shipping
    from training.encoding import Encoder

    # The bundled folder has a layer that is not wanted here, of which transformers would warn at length.
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    if threads:
        torch.set_num_threads(threads)
    folder = bundled.ensure(load_settings().models_dir)
    options = Options(steps=steps, batch=batch, rate=rate, rank=rank, seed=seed, heads=heads)
    try:
        learning.learn(
            pair.load(pairs),
            options,
            out,
            lambda: network.base(folder),
            Encoder(folder),
            lambda point: console.print(json.dumps(point), soft_wrap=True),
            shipping.read(begin_with) if begin_with else None,
        )
    except (pair.WrongPairs, learning.OtherRun, shipping.NotShipped, ValueError) as error:
        raise _told(error) from error


@app.command()
def ship(
    run: Annotated[Path, typer.Option(exists=True, file_okay=False, help="the folder of a run")],
    to: Annotated[Path, typer.Option(file_okay=False, help="the folder to write")],
) -> None:
    """Write what ships of a run: the adapter in half precision, as peft reads it, and the heads."""
    from training import shipping

    try:
        steps = shipping.ship(run, to)
    except shipping.NoRun as error:
        raise _told(error) from error
    console.print(f"What was learnt in {steps} steps is in {to}.")


@app.command()
def calibrate(
    bases: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="folders with documents/ and questions.yaml")
    ],
    to: Annotated[
        Path, typer.Option(dir_okay=False, help="the file of calibrations; what it holds of other models stays")
    ],
    cross_encoder: Annotated[str, typer.Option(help="`bundled`, or a reranker's id or folder")] = "bundled",
) -> None:
    """Weigh a cross-encoder's score against the cheap signals, on several knowledge bases."""
    import yaml

    from training import bases as bases_module
    from training import calibrating

    encoder = bootstrap.build_cross_encoder(load_settings().model_copy(update={"cross_encoder": cross_encoder}))
    try:
        looked = calibrating.looked_up(bases_module.load(bases), cross_encoder)
    except bases_module.WrongBase as error:
        raise _told(error) from error
    held = yaml.safe_load(to.read_text(encoding="utf-8")) if to.exists() else {}
    found = calibrating.calibrated(looked)
    held = {**(held or {}), encoder.fingerprint if encoder else "none": found.model_dump(mode="json")}
    to.write_text(yaml.safe_dump(held, allow_unicode=True, default_flow_style=None, width=140), encoding="utf-8")
    console.print(f"{len(looked)} questions of {len(found.bases)} bases are weighed in {to}.")


def _told(error: Exception) -> typer.Exit:
    errors.print(str(error), style="red")
    return typer.Exit(2)


if __name__ == "__main__":
    app()
