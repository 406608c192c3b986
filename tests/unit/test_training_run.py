"""A run of learning: it learns, goes on after a kill as if there had been none, and ships what it learnt."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel
from typer.testing import CliRunner

from knowledge_base.cross_encoder import Excerpt
from training import checkpoint, pair
from training.__main__ import app
from training.curves import Curves
from training.encoding import Encoder
from training.learning import OtherRun, Run, learn
from training.network import Network, answered_by_pointer, losses
from training.options import Options
from training.pair import Pair
from training.shipping import NoRun, NotShipped, read, ship

COLOURS = "赤橙黄绿青蓝紫黑"
OPTIONS = Options(steps=24, batch=4, rate=5e-2, rank=2, save_every=6, measure_every=12)


def made() -> list[Pair]:
    """Whether a thing has the colour that is asked for, or another."""
    pairs = []
    for place, colour in enumerate(COLOURS):
        for other, kind in ((colour, "positive"), (COLOURS[place - 1], "another"), (COLOURS[place - 2], "third")):
            excerpt = Excerpt(f"物{place}", (f"它是{other}色。", "它很大。"))
            pairs.append(Pair(f"有{colour}色吗", excerpt, f"{other}色" if other == colour else "", kind, f"物{place}"))
    return pairs * 2


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """Characters as tokens, between marks as the bundled tokenizer sets them."""
    known = sorted({sign for one in made() for sign in one.question + one.excerpt.text})
    vocabulary = {token: place for place, token in enumerate(["<s>", "<pad>", "</s>", "<unk>", *known])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    folder = tmp_path_factory.mktemp("tokenizer")
    tokenizer.save(str(folder / "tokenizer.json"))
    return Encoder(folder)


def tiny() -> BertModel:
    config = BertConfig(
        vocab_size=60, hidden_size=16, num_hidden_layers=4, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, pad_token_id=1, hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1,
    )  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(7)
        return BertModel(config, add_pooling_layer=False)


class _Killed(Exception):
    pass


def killed_at(step: int) -> Callable[[dict[str, object]], None]:
    """Dies when told of a step, after its point is in the curves and before it is saved."""

    def tell(point: dict[str, object]) -> None:
        if point["step"] == step:
            raise _Killed

    return tell


def without_seconds(folder: Path) -> list[dict[str, object]]:
    return [{name: value for name, value in point.items() if name != "seconds"} for point in Curves(folder).points()]


@pytest.fixture(scope="module")
def whole(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    learn(made(), OPTIONS, folder, tiny, encoder)
    return folder


def test_a_run_that_was_killed_ends_as_one_that_was_not(whole: Path, encoder: Encoder, tmp_path: Path) -> None:
    for step in (6, 18):
        with pytest.raises(_Killed):
            learn(made(), OPTIONS, tmp_path, tiny, encoder, killed_at(step))
    with (tmp_path / "curves.jsonl").open("a") as file:
        file.write('{"step": 18, "sco')
    learn(made(), OPTIONS, tmp_path, tiny, encoder)
    ended, other = checkpoint.load(whole), checkpoint.load(tmp_path)
    assert ended
    assert other
    assert ended.step == other.step == 24
    for name, value in ended.learnt.items():
        assert torch.equal(value, other.learnt[name]), name
    for place, kept in ended.optimizer["state"].items():
        assert torch.equal(kept["exp_avg"], other.optimizer["state"][place]["exp_avg"])
    assert ended.schedule["last_epoch"] == other.schedule["last_epoch"]
    assert torch.equal(ended.chance[0], other.chance[0])
    assert without_seconds(whole) == without_seconds(tmp_path)
    assert [point["step"] for point in without_seconds(whole)] == [6, 12, 18, 24]


def test_the_seed_decides_the_run(whole: Path, encoder: Encoder, tmp_path: Path) -> None:
    learn(made(), replace(OPTIONS, seed=2), tmp_path, tiny, encoder)
    assert without_seconds(whole) != without_seconds(tmp_path)


def test_a_folder_of_another_run_is_refused(whole: Path, encoder: Encoder) -> None:
    with pytest.raises(OtherRun):
        learn(made(), replace(OPTIONS, rate=1e-2), whole, tiny, encoder)
    with pytest.raises(OtherRun):
        learn(made()[:-1], OPTIONS, whole, tiny, encoder)


def test_a_finished_run_is_not_learnt_again(whole: Path, encoder: Encoder) -> None:
    before = (whole / checkpoint.FILE).read_bytes()
    learn(made(), OPTIONS, whole, tiny, encoder)
    assert (whole / checkpoint.FILE).read_bytes() == before


def test_curves_have_losses_and_what_held_out_articles_tell(whole: Path) -> None:
    points = Curves(whole).points()
    assert all(point["score_loss"] > 0 and point["pointer_loss"] > 0 for point in points)
    assert [sorted(point["dev"]) for point in points if "dev" in point] == [
        ["all", "another", "pointer", "score", "third"]
    ] * 2
    assert (whole / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_both_heads_learn_what_is_to_be_learnt(encoder: Encoder, tmp_path: Path) -> None:
    learn(
        made(),
        replace(OPTIONS, rate=1e-2, steps=120, batch=16, save_every=20, measure_every=120),
        tmp_path,
        tiny,
        encoder,
    )
    points = Curves(tmp_path).points()
    assert points[-1]["score_loss"] < points[0]["score_loss"]
    assert points[-1]["pointer_loss"] < 0.7 * points[0]["pointer_loss"]


def parts(encoder: Encoder, tmp_path: Path, heads: str) -> dict[str, bool]:
    """Which heads have changed."""
    folder = tmp_path / heads
    learn(made(), replace(OPTIONS, steps=2, heads=heads), folder, tiny, encoder)  # type: ignore[arg-type]
    assert {"score", "pointer"} & Curves(folder).points()[-1]["dev"].keys() == {heads}
    torch.manual_seed(OPTIONS.seed)
    begun = Network(tiny(), OPTIONS.rank).learnt()
    ended = checkpoint.load(folder)
    assert ended
    return {
        name: not torch.equal(begun[f"{name}.weight"], ended.learnt[f"{name}.weight"]) for name in ("score", "pointer")
    }


def test_one_head_may_learn_alone(encoder: Encoder, tmp_path: Path) -> None:
    assert parts(encoder, tmp_path, "score") == {"score": True, "pointer": False}
    assert parts(encoder, tmp_path, "pointer") == {"score": False, "pointer": True}


def _logits(bert: torch.nn.Module, heads: dict[str, torch.Tensor], ids: Sequence[torch.Tensor]) -> torch.Tensor:
    bert.train(mode=False)
    with torch.no_grad():
        hidden = bert(input_ids=ids[0], attention_mask=ids[1]).last_hidden_state
    score = hidden[:, :1] @ heads["score.weight"].T + heads["score.bias"]
    return torch.cat([score, hidden @ heads["pointer.weight"].T + heads["pointer.bias"]], 1)


def test_what_ships_judges_as_what_was_learnt(whole: Path, encoder: Encoder, tmp_path: Path) -> None:
    assert ship(whole, tmp_path) == 24
    learnt = checkpoint.load(whole)
    assert learnt
    network = Network(tiny(), OPTIONS.rank)
    network.take(learnt.learnt)
    heads = load_file(tmp_path / "heads.safetensors")
    batch = encoder.batch(made())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        shipped = PeftModel.from_pretrained(tiny(), tmp_path)
    ours = _logits(network.bert, {name: learnt.learnt[name] for name in heads}, (batch.ids, batch.mask))
    theirs = _logits(shipped, heads, (batch.ids, batch.mask))
    begun = _logits(Network(tiny(), OPTIONS.rank).bert, heads, (batch.ids, batch.mask))
    assert torch.allclose(ours, theirs, atol=1e-2)
    assert not torch.allclose(ours, begun, atol=1e-2)


def test_what_ships_names_no_folder_and_is_of_the_agreed_form(whole: Path, tmp_path: Path) -> None:
    ship(whole, tmp_path / "first")
    ship(whole, tmp_path / "second")
    names = ["adapter_config.json", "adapter_model.safetensors", "heads.safetensors"]
    assert sorted(path.name for path in (tmp_path / "first").iterdir()) == names
    assert all((tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes() for name in names)
    config = json.loads((tmp_path / "first" / names[0]).read_text(encoding="utf-8"))
    assert config["base_model_name_or_path"] == "multilingual-e5-small"
    assert (config["r"], config["lora_alpha"], config["layers_to_transform"]) == (2, 4, [3])
    assert "/" not in json.dumps(config)
    assert {value.dtype for value in load_file(tmp_path / "first" / names[1]).values()} == {torch.float16}
    heads = {name: tuple(value.shape) for name, value in load_file(tmp_path / "first" / names[2]).items()}
    assert heads == {"score.weight": (1, 16), "score.bias": (1,), "pointer.weight": (1, 16), "pointer.bias": (1,)}


def test_a_run_may_begin_with_what_was_shipped(whole: Path, encoder: Encoder, tmp_path: Path) -> None:
    ship(whole, tmp_path / "shipped")
    shipped = read(tmp_path / "shipped")
    begun = Run(tiny, OPTIONS, "")
    begun.begin_with(shipped)
    learnt = checkpoint.load(whole)
    assert learnt
    for name, value in begun.network.learnt().items():
        assert torch.allclose(value, learnt.learnt[name], atol=1e-2), name
    learn(
        made(), replace(OPTIONS, steps=2, rate=1e-6, measure_every=2), tmp_path / "more", tiny, encoder, shipped=shipped
    )
    before, after = (
        json.loads((folder / "curves.jsonl").read_text().splitlines()[-1]) for folder in (whole, tmp_path / "more")
    )
    assert after["step"] == 2
    assert after["dev"]["all"] == pytest.approx(before["dev"]["all"], abs=0.05)


def test_what_was_shipped_of_another_network_is_refused(whole: Path, tmp_path: Path) -> None:
    ship(whole, tmp_path / "shipped")
    shipped = read(tmp_path / "shipped")
    with pytest.raises(ValueError, match="another network"):
        Run(tiny, OPTIONS, "").begin_with({name: value for name, value in shipped.items() if "score" not in name})
    (tmp_path / "shipped" / "heads.safetensors").write_bytes(b"cut off")
    with pytest.raises(NotShipped, match="shipped"):
        read(tmp_path / "shipped")


def test_a_folder_without_a_run_ships_nothing(tmp_path: Path) -> None:
    with pytest.raises(NoRun):
        ship(tmp_path, tmp_path / "to")
    told = CliRunner().invoke(app, ["ship", "--run", str(tmp_path), "--to", str(tmp_path / "to")])
    assert told.exit_code == 2
    assert not (tmp_path / "to").exists()


def test_the_answers_tokens_are_marked_and_no_others(encoder: Encoder) -> None:
    right, wrong, *_others = made()
    batch = encoder.batch([right, replace(wrong, question=wrong.question + "吗" * 3)])
    signs = [*right.question, *right.excerpt.text]
    marked = [place for place, mark in enumerate(batch.answer[0].tolist()) if mark]
    begins = 1 + len(right.question) + 1 + right.excerpt.text.index("赤色")
    assert marked == [begins, begins + 1]
    assert batch.answer[1].sum() == 0
    assert batch.answered.tolist() == [1.0, 0.0]
    assert batch.excerpt[0].sum() == len(right.excerpt.text)
    assert batch.mask.sum(1).tolist() == [len(signs) + 3, len(signs) + 6]


def test_the_pointer_learns_nothing_from_an_answer_that_was_cut_off(encoder: Encoder) -> None:
    right, wrong, *_others = made()
    cut_off = replace(right, excerpt=Excerpt("物", ("大" * 400 + "它是赤色。",)))
    network = Network(tiny(), 2)
    network.train(mode=False)
    alone, both = encoder.batch([wrong]), encoder.batch([cut_off, wrong])
    assert both.answer.sum() == 0
    score, pointed = torch.zeros(2), torch.full(both.ids.shape, -3.0).masked_fill(both.excerpt == 0, -1e4)
    by_score, by_pointer = losses(score, pointed, both)
    _, of_wrong = losses(score[1:], pointed[1:], replace(both, answer=both.answer[1:], answered=both.answered[1:]))
    assert by_pointer == pytest.approx(of_wrong)
    assert by_score > 0
    assert alone.ids.shape[0] == 1
    expected = torch.log1p(answered_by_pointer(pointed[1:]).exp())
    assert of_wrong == pytest.approx(float(expected))


def test_a_file_that_holds_no_pairs_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("[]\n", encoding="utf-8")
    told = CliRunner().invoke(app, ["learn", "--pairs", str(path), "--out", str(tmp_path / "run")])
    assert told.exit_code == 2
    assert "line 1:" in " ".join(told.output.split())
    pair.save(made()[:1], path)
    told = CliRunner().invoke(app, ["learn", "--pairs", str(path), "--out", str(tmp_path / "run")])
    assert told.exit_code == 2
    assert "two articles" in " ".join(told.output.split())
