"""One ingest as a process of its own, slow enough to be killed in the middle: ROOT [SECONDS_A_TEXT]."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.conftest import KnowledgeBase
from tests.fakes import HashEmbedder


def main(root: Path, seconds_a_text: float) -> None:
    knowledge = KnowledgeBase(root, HashEmbedder(seconds_a_text=seconds_a_text))
    print("started", flush=True)
    knowledge.ingest()
    print("ingested", flush=True)
    knowledge.search.refresh()
    print("indexed", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
