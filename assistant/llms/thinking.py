"""What a thinking model says to itself before it answers is left out."""

from __future__ import annotations

_OPEN, _CLOSE = "<think>", "</think>"


class Thinking:
    """Leaves out `<think>…</think>` at the beginning of an answer that comes piece by piece."""

    def __init__(self) -> None:
        self._held = ""
        self._thinks: bool | None = None

    def answer_in(self, piece: str) -> str:
        """What of the answer has become known with this piece."""
        if self._thinks is False:
            return piece
        self._held += piece
        if self._thinks is None:
            self._held = self._held.lstrip()
            if _OPEN.startswith(self._held):
                return ""
            self._thinks = self._held.startswith(_OPEN)
        return self._after() if self._thinks else self._release(self._held)

    def rest(self) -> str:
        """What was still held at the end and was no thought."""
        return self._release(self._held) if self._thinks is None else ""

    def _after(self) -> str:
        _, closed, answer = self._held.partition(_CLOSE)
        if not closed:
            self._held = self._held[-len(_CLOSE) :]
            return ""
        self._held, self._thinks = "", None
        return self.answer_in(answer)

    def _release(self, text: str) -> str:
        self._thinks, self._held = False, ""
        return text
