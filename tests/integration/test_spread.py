"""Read by many processes, the library holds what one would have put there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.crews import NoRay, own_processes, ray_cluster
from ingest.ingest import Ingest, Report
from ingest.spread import Hire, Spread
from knowledge_base.embedder import Embedder
from knowledge_base.word_list import WordList
from tests.conftest import KnowledgeBase, Open
from tests.dying_embedder import DEADLY, make

DOCUMENTS = {
    f"产品/{number}号存款.md": f"# {number}号存款\n\n## 利率\n\n年利率为1.{number:02}%。\n" for number in range(70)
} | {
    "问答.csv": "question,answer,audience\n利息怎么算？,按日计息。,customer\n佣金多少？,内部口径。,staff\n",
    "坏的.docx": "这不是压缩包",
    "旧的.doc": "旧格式",
}


def filled(knowledge: KnowledgeBase, spread: Spread | None, words: WordList | None = None) -> Report:
    for name, text in DOCUMENTS.items():
        knowledge.write(name, text)
    more = {"words": words} if words else {}
    lock = knowledge.root / "ingest.lock"
    return Ingest(knowledge.library, knowledge.embedder, knowledge.folder, lock, spread=spread, **more).run()


def held(knowledge: KnowledgeBase) -> dict[str, list[tuple[str, np.ndarray]]]:
    return {
        holding.document.id: [
            (item.passage.text, item.vectors) for item in knowledge.library.passages(holding.document.id)
        ]
        for holding in knowledge.library.holdings()
    }


@pytest.fixture
def crew() -> Hire:
    return own_processes(make)


@pytest.mark.parametrize("where", ["processes", "ray"])
def test_the_library_is_the_same(
    where: str, crew: Hire, embedder: Embedder, open_knowledge: Open, tmp_path: Path
) -> None:
    if where == "ray":
        pytest.importorskip("ray", reason="Ray is not installed: it is optional, and large")
        crew = ray_cluster("local", make)
    alone, together = open_knowledge(embedder, tmp_path / "alone"), open_knowledge(embedder, tmp_path / "together")
    one, two = filled(alone, None), filled(together, Spread(crew, 2))
    assert (two.added, two.failed, two.passages) == (one.added, one.failed, one.passages)
    assert len(two.added) == 71
    assert [failure.path for failure in two.failed] == ["坏的.docx", "旧的.doc"]
    mine, theirs = held(alone), held(together)
    assert mine.keys() == theirs.keys()
    for id, passages in mine.items():  # noqa: A001 - what the library calls it
        assert [text for text, _ in passages] == [text for text, _ in theirs[id]]
        for (_, here), (_, there) in zip(passages, theirs[id], strict=True):
            # The model rounds by the longest text of a batch.
            assert np.sum(here * there, axis=-1).min() > 0.98
    together.search.refresh()
    assert "1.42%" in together.texts("42号存款利率是多少")[0]
    assert len(filled(together, Spread(crew, 2)).unchanged) == 71


def test_a_file_over_which_a_process_dies_is_told_of_and_takes_no_other_with_it(
    crew: Hire, embedder: Embedder, open_knowledge: Open, tmp_path: Path
) -> None:
    knowledge = open_knowledge(embedder, tmp_path / "dying")
    knowledge.write("产品/33号致命.md", f"# 致命\n\n{DEADLY}。\n")
    report = filled(knowledge, Spread(crew, 2))
    assert len(report.added) == 71
    (failure,) = [one for one in report.failed if "致命" in one.path]
    assert (failure.reason, failure.remedy) == (
        "reading it ended the process", "open it in its own program and save it again",
    )  # fmt: skip


def test_without_ray_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(NoRay, match="pip install ray"):
        ray_cluster("auto", make)
