"""One ingest as a process of its own, slow enough to be killed in the middle: ROOT SECONDS_A_TEXT CHROMA_FOLDER URL."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.conftest import KnowledgeBase
from tests.fakes import HashEmbedder


def main(root: Path, seconds_a_text: float, chroma: str, url: str) -> None:
    knowledge = KnowledgeBase(root, HashEmbedder(seconds_a_text=seconds_a_text), chroma, url)
    print("started", flush=True)
    print(json.dumps(asdict(knowledge.ingest())), flush=True)
    knowledge.search.refresh()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4])
