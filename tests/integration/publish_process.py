"""An editor who publishes one edition after another, as a process of its own to be killed: ROOT URL DOCUMENT."""

from __future__ import annotations

import sys
from pathlib import Path

from ingest.publishing import Publishing
from tests.conftest import KnowledgeBase
from tests.fakes import HashEmbedder

PASSAGES = 12


def text(number: int) -> bytes:
    """A file of twelve passages that all name its number."""
    return "\n\n".join(f"## 第{part}节\n\n第{number}版第{part}项规定如下。" for part in range(PASSAGES)).encode()


def publish_next(publishing: Publishing, document: str) -> None:
    """One more edition, drafted and published."""
    draft = publishing.draft("editor", "规定.md", text(len(publishing.editions.of(document)) + 1), {}, document)
    publishing.publish("editor", draft.id)


def main(root: Path, url: str, document: str) -> None:
    knowledge = KnowledgeBase(root, HashEmbedder(seconds_a_text=0.001), "chroma-of-process", url)
    publishing = knowledge.publishing()
    while True:
        publish_next(publishing, document)
        print("published", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
