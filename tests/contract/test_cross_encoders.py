"""What every cross-encoder does: one reading an excerpt, in order, whatever is put in. The bundled judge is built anew for it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from assistant import bootstrap
from assistant.settings import Settings
from knowledge_base import excerpt
from knowledge_base.cross_encoder import CrossEncoder, CrossEncoderUnusable, Excerpt, Reading
from knowledge_base.cross_encoders import bundled
from knowledge_base.cross_encoders.onnx import OnnxCrossEncoder
from knowledge_base.cross_encoders.sentence_transformer import SentenceTransformerCrossEncoder
from knowledge_base.embedders import bundled as embedding
from knowledge_base.onnx_session import ONNX_FILE, OnnxSession
from knowledge_base.passage import Document, Hit, Kind, Passage
from tests.conftest import KnowledgeBase
from tests.service import teller

QUESTION = "云杉白金信用卡年费多少？"
ANSWERS = Excerpt("信用卡收费", ("首年免年费。", "云杉白金信用卡年费为580元/年。", "网点周末营业。"))
BESIDE = Excerpt("信用卡申请", ("云杉白金信用卡申请年龄为25至65周岁。", "申请时请带身份证。"))
FAR = Excerpt("清江", ("清江发源于利川市的齐岳山。", "清江在宜都市汇入长江。"))
EXCERPTS = (FAR, ANSWERS, BESIDE)
LONG = 10_000


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled judge, built out of the embedding model that is there; takes half a minute."""
    models = tmp_path_factory.mktemp("models")
    (models / embedding.NAME).symlink_to(embedding.ensure(Settings().models_dir))
    built = bundled.ensure(models)
    assert sorted(path.name for path in models.iterdir()) == sorted([embedding.NAME, built.name, f"{built.name}.lock"])
    return built


@pytest.fixture(scope="session", params=["onnx", "sentence-transformers"])
def encoder(folder: Path, request: pytest.FixtureRequest) -> CrossEncoder:
    return OnnxCrossEncoder(folder) if request.param == "onnx" else SentenceTransformerCrossEncoder(str(folder))


def order(readings: Sequence[Reading]) -> list[int]:
    return sorted(range(len(readings)), key=lambda place: readings[place].score, reverse=True)


def are_sound(readings: Sequence[Reading], excerpts: Sequence[Excerpt]) -> bool:
    return len(readings) == len(excerpts) and all(
        np.isfinite(reading.score)
        and len(reading.shares) == len(one.sentences)
        and all(0 <= share <= 1 for share in reading.shares)
        for reading, one in zip(readings, excerpts, strict=True)
    )


def test_what_answers_is_before_what_does_not_and_its_sentence_is_marked(encoder: CrossEncoder) -> None:
    readings = encoder.read(QUESTION, EXCERPTS)
    assert are_sound(readings, EXCERPTS)
    assert order(readings)[0] == 1
    assert readings[1].sentence == 1
    assert order(encoder.read("清江在哪里汇入长江？", EXCERPTS))[0] == 0


def test_a_reading_is_of_its_excerpt_whatever_stands_beside_it(encoder: CrossEncoder) -> None:
    alone = [encoder.read(QUESTION, [one])[0] for one in EXCERPTS]
    turned = list(reversed(encoder.read(QUESTION, EXCERPTS[::-1])))
    for one, other in zip(alone, turned, strict=True):
        assert one.score == pytest.approx(other.score, abs=0.2)
        assert one.sentence == other.sentence


def test_many_are_read_in_their_order(encoder: CrossEncoder) -> None:
    many = [one for number in range(7) for one in (FAR, Excerpt("收费", (ANSWERS.sentences[1], "。" * 40 * number)))]
    readings = encoder.read(QUESTION, many)
    assert are_sound(readings, many)
    assert set(order(readings)[:7]) == set(range(1, 14, 2))


def test_of_nothing_nothing_is_read(encoder: CrossEncoder) -> None:
    assert encoder.read(QUESTION, []) == []


@pytest.mark.parametrize(
    ("question", "one"),
    [
        (QUESTION * (LONG // len(QUESTION)), ANSWERS),
        ("a" * LONG, ANSWERS),
        (QUESTION, Excerpt("收费", ("云杉白金信用卡年费为580元/年。" * 600, "到此为止。"))),
        (QUESTION, Excerpt("题" * LONG, ANSWERS.sentences)),
        (QUESTION * (LONG // len(QUESTION)), Excerpt("题" * LONG, ("很长。" * LONG,))),
        (QUESTION, Excerpt("", ANSWERS.sentences)),
        (QUESTION, Excerpt("", ("",))),
        (QUESTION, Excerpt("", ("", ANSWERS.sentences[1], ""))),
        ("", ANSWERS),
        ("😀年费👨‍👩‍👧？", Excerpt("😀", ("😀" * 50, "年费👨‍👩‍👧580元。"))),
        ("年\x00费", Excerpt("\x00", ("年费\x00580元。", "\x00"))),
    ],
)  # fmt: skip
def test_whatever_is_put_in_is_read(encoder: CrossEncoder, question: str, one: Excerpt) -> None:
    assert are_sound(encoder.read(question, [one, FAR]), [one, FAR])


def test_the_end_of_a_long_question_is_left_out_and_the_excerpt_is_still_read(encoder: CrossEncoder) -> None:
    readings = encoder.read(QUESTION + "谢谢您" * 600, EXCERPTS)
    assert order(readings)[0] == 1


def test_a_sentence_behind_what_is_read_has_no_share(folder: Path) -> None:
    (reading,) = OnnxCrossEncoder(folder).read(QUESTION, [Excerpt("", ("今天下雨。" * 400, ANSWERS.sentences[1]))])
    assert reading.shares[1] == 0


def test_a_sentence_of_emoji_and_wide_letters_does_not_move_the_mark(folder: Path) -> None:
    judge = OnnxCrossEncoder(folder)
    for before in ("😀👨‍👩‍👧" * 5, "Ｗｉｄｅ　ｌｅｔｔｅｒｓ，㈱㍿" * 3, "ﬁ…㎏" * 9, "  \u3000  ", "e\u0301" * 20):
        (reading,) = judge.read(QUESTION, [Excerpt("收费", (before, ANSWERS.sentences[1], before))])
        assert reading.sentence == 1, before


def test_threads_at_once_read_what_one_reads(encoder: CrossEncoder) -> None:
    questions = [f"{QUESTION}第{number}次问" + "请问" * number for number in range(4)]
    alone = [encoder.read(question, EXCERPTS) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(lambda question: encoder.read(question, EXCERPTS), questions * 4))
    for number, readings in enumerate(at_once):
        for one, other in zip(readings, alone[number % 4], strict=True):
            assert one.score == pytest.approx(other.score, abs=1e-3)
            assert one.shares == pytest.approx(other.shares, abs=1e-3)


def test_the_int8_file_scores_as_the_folder_does(folder: Path) -> None:
    """The folder holds the score head alone, so it is compared alone."""
    from sentence_transformers import CrossEncoder as Folder
    from torch.nn import Identity

    questions = (QUESTION, "清江发源于哪里？", "申请白金卡要多大年纪", "What is the annual fee?")
    pairs = [(question, one.text) for question in questions for one in EXCERPTS]
    whole = Folder(str(folder)).predict(pairs, activation_fn=Identity(), show_progress_bar=False)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    session = OnnxSession(folder / ONNX_FILE)
    # One by one, as excerpts are read: eight-bit scales are taken from all that is run together.
    alone = [session.run([encoding]) for encoding in tokenizer.encode_batch(pairs)]
    scores = np.concatenate([score for score, _tokens in alone])
    assert scores.shape == whole.shape
    # Eight bits move a reading that is neither here nor there by a logit or so, and those that are sure by next to nothing.
    assert np.corrcoef(scores, whole)[0, 1] > 0.98
    sure = np.abs(whole) > 3
    assert sure.sum() > len(pairs) / 2
    assert np.abs(scores - whole)[sure].max() < 0.25 * np.std(whole)
    assert np.corrcoef(scores, whole)[0, 1] > 0.98


def test_each_way_to_run_it_has_a_fingerprint_of_its_own_that_stays(folder: Path) -> None:
    judge, whole = OnnxCrossEncoder(folder), SentenceTransformerCrossEncoder(str(folder))
    assert judge.fingerprint == folder.name == bundled.name()
    assert judge.fingerprint != whole.fingerprint
    assert SentenceTransformerCrossEncoder(str(folder)).fingerprint == whole.fingerprint


def test_it_is_not_built_again(folder: Path) -> None:
    before = (folder / ONNX_FILE).stat()
    assert bundled.ensure(folder.parent) == folder
    assert (folder / ONNX_FILE).stat() == before


class TestThroughSearch:
    """Search gives what is read in the form that texts are embedded in."""

    def hit(self, *units: str) -> Hit:
        passage = Passage("1", "1", 0, Kind.TEXT, "".join(units), units)
        similarities = tuple(0.9 - 0.1 * place for place in range(len(units)))
        return Hit(passage, Document("1", "a.md", "收费\ud800"), 1.0, 0.9, similarities, 0.0)

    def test_marks_and_halves_of_letters_that_cannot_be_encoded_are_left_out(
        self, knowledge: KnowledgeBase, folder: Path
    ) -> None:
        knowledge.search.cross_encoder = OnnxCrossEncoder(folder)
        plain, spoilt = "云杉白金信用卡年费为580元。", "云杉\x00白金\ud800信用卡\u200b年费为580元。"
        hits = [self.hit(plain, "天晴。"), self.hit(spoilt, "天晴。\udfff"), self.hit("😀" * 300)]
        readings = knowledge.search.read("年费\ud83d多少\x00？", hits)
        assert are_sound(readings, [excerpt.of(hit) for hit in hits])
        assert readings[0].score == pytest.approx(readings[1].score, abs=0.2)
        assert readings[0].sentence == readings[1].sentence == 0

    def test_either_script_is_read_alike(self, knowledge: KnowledgeBase, folder: Path) -> None:
        knowledge.search.cross_encoder = OnnxCrossEncoder(folder)
        simplified, traditional = self.hit("云杉白金信用卡年费为580元。"), self.hit("雲杉白金信用卡年費為580元。")
        (one,), (other,) = (
            knowledge.search.read(question, [hit])
            for question, hit in (("年费多少？", simplified), ("年費多少？", traditional))
        )
        assert one == other

    def test_without_a_cross_encoder_nothing_is_read(self, knowledge: KnowledgeBase) -> None:
        assert knowledge.search.read(QUESTION, [self.hit("年费。")]) == []


class TestWhatCannotBeUsed:
    def test_an_adapter_that_was_not_installed_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bundled, "ADAPTER", tmp_path)
        with pytest.raises(CrossEncoderUnusable, match=r"install teller again.*TELLER_CROSS_ENCODER=none"):
            bootstrap.build_cross_encoder(Settings(cross_encoder="bundled", models_dir=tmp_path / "models"))
        assert not (tmp_path / "models").exists()

    @pytest.mark.parametrize("model", ["no-such-owner/no-such-model", "no such model", "/no/such/folder"])
    def test_a_model_that_is_not_there_is_told(self, model: str) -> None:
        with pytest.raises(CrossEncoderUnusable, match=f"{model}.*TELLER_CROSS_ENCODER") as raised:
            bootstrap.build_cross_encoder(Settings(cross_encoder=model))
        assert "\n" not in str(raised.value)

    def test_a_folder_that_holds_no_model_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(CrossEncoderUnusable, match="TELLER_CROSS_ENCODER"):
            bootstrap.build_cross_encoder(Settings(cross_encoder=str(tmp_path)))

    def test_a_model_that_gives_several_scores_is_told(self, folder: Path, tmp_path: Path) -> None:
        from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

        sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
        config = BertConfig.from_dict({**sizes, "vocab_size": 250_037, "id2label": {0: "a", 1: "b", 2: "c"}})
        BertForSequenceClassification(config).save_pretrained(tmp_path)
        PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_file=str(folder / "tokenizer.json"), pad_token="<pad>"
        ).save_pretrained(tmp_path)
        with pytest.raises(CrossEncoderUnusable, match="3 scores"):
            SentenceTransformerCrossEncoder(str(tmp_path))

    def test_the_command_line_says_so_without_a_trace(self, tmp_path: Path) -> None:
        (tmp_path / "knowledge").mkdir()
        failed = teller(
            tmp_path,
            "search",
            "年费",
            TELLER_CROSS_ENCODER="/no/such",
            TELLER_KNOWLEDGE_DIR=str(tmp_path / "knowledge"),
        )
        assert failed.returncode == 1
        assert "TELLER_CROSS_ENCODER" in failed.stderr
        assert "Traceback" not in failed.stderr


def test_the_settings_choose_the_way_to_run_it(folder: Path) -> None:
    assert bootstrap.build_cross_encoder(Settings(cross_encoder="none")) is None
    bundled_one = bootstrap.build_cross_encoder(Settings(cross_encoder="bundled", models_dir=folder.parent))
    by_folder = bootstrap.build_cross_encoder(Settings(cross_encoder=str(folder)))
    assert isinstance(bundled_one, OnnxCrossEncoder)
    assert isinstance(by_folder, OnnxCrossEncoder)
    assert by_folder.fingerprint == bundled_one.fingerprint
