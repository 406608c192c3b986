"""What the service leans on, as it was last found: nothing is called for it but the database and the index."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.banks.http import HttpBank
from assistant.banks.none import NoBank
from knowledge_base.passage import Audience
from knowledge_base.search import Search

OK = "ok"
_LEAST_FREE = 256 * 1024 * 1024
"""Bytes below which a disk is about to refuse what is written."""


class Readiness:
    """Says of each part how it is; all but `database` and `index` may fail while the service goes on answering."""

    def __init__(
        self,
        search: Search,
        folder: Path,
        bank: HttpBank | NoBank,
        resting: Callable[[], Mapping[str, bool]] | None,
    ) -> None:
        self._search = search
        self._folder = folder
        self._bank = bank
        self._resting = resting

    def found(self) -> dict[str, object]:
        """`status`, `passages` and `parts`; raises what the database and the index raise when they are out of reach."""
        self._search.refresh()
        parts = {"database": OK, "index": OK, "bank": self._of_bank(), "model": self._of_model(), "disk": self._disk()}
        fine = all(state in (OK, "none") for state in parts.values())
        passages = self._search.size(Audience.STAFF)
        return {"status": "ready" if fine else "degraded", "passages": passages, "parts": parts}

    def _of_bank(self) -> str:
        if isinstance(self._bank, NoBank):
            return "none"
        return OK if self._bank.answers else "did not answer the last call; tasks say so and offer a person"

    def _of_model(self) -> str:
        if self._resting is None:
            return "none"
        resting = [name for name, rests in self._resting().items() if rests]
        return f"resting: {', '.join(resting)}; others or the documents' own words take its place" if resting else OK

    def _disk(self) -> str:
        free = shutil.disk_usage(self._folder).free
        return OK if free >= _LEAST_FREE else f"{free // 1024 // 1024} MiB free; what cannot be stored is refused"
