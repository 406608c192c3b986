"""Cuts a text that arrives in pieces into sentences as soon as each is over."""

from __future__ import annotations

import re
from collections.abc import Iterator

MARK = r"[\[【［](?:资料|来源|source ?)?\^?[ ]?[0-9０-９]{1,4}(?:[ ]?[,，、;-][ ]?\^?[0-9０-９]{1,4})*(?:†[^\]】］\n]{0,20})?\^?[ ]?[\]】］](?![(（])"
"""The number of a citation as models write it: [1], 【1】, ［1］, [1, 2], [^1]."""

_STOP = re.compile(r"[。！？；!?;\n.]")
_TAIL = re.compile(rf"[。！？；!?]*[”’」』）)\"'*_]*(?:[ \t]*{MARK})*[ \t]*\n?")
# A mark that a next piece may complete, and what may still turn out to be one.
_OPEN_MARK = re.compile(r"[ \t]*(?:[\[【［][^\]】］\n(（]{0,40})?")
_ABBREVIATION = re.compile(
    r"(?:^|[^A-Za-z])(?:[A-Za-z]|e\.g|i\.e|[ap]\.m|vs|etc|cf|approx|max|min|no|nos|mr|mrs|ms|dr|co|ltd|inc|corp|st|u\.s|u\.k)$",
    re.IGNORECASE,
)
_LIST_NUMBER = re.compile(r"(?:^|\n)[ \t]*(?:[-*][ \t]+)?[0-9]{1,3}$")
_ENTITY = re.compile(r"&#?[A-Za-z0-9]{1,10}$")
_INNER = re.compile(r"[A-Za-z0-9/&=#%_~+-]")
_SPACE = " \t"


class Cut:
    """Holds what is not yet a whole sentence. However a text is split into pieces, its sentences are the same, and joined they are
    the text.

    A sentence ends at 。！？；!?;, a line's end, or a full stop before a space; marks of citations behind it belong to it. Where the next
    letter may still change that, the sentence waits for it.
    """

    def __init__(self) -> None:
        self._held = ""
        self._seen = 0

    def add(self, piece: str) -> list[str]:
        """The sentences that are whole with the next piece."""
        self._held += piece
        return list(self._whole(over=False))

    def rest(self) -> list[str]:
        """The last sentences: the text is over."""
        found = list(self._whole(over=True))
        if self._held:
            found.append(self._held)
        self._held, self._seen = "", 0
        return found

    def _whole(self, *, over: bool) -> Iterator[str]:
        while (end := self._end(over=over)) is not None:
            yield self._held[:end]
            self._held, self._seen = self._held[end:], 0

    def _end(self, *, over: bool) -> int | None:
        """Where the first sentence ends; nothing while it does not, or while that is open."""
        while found := _STOP.search(self._held, self._seen):
            at = found.start()
            if not self._held[:at].strip():
                self._seen = at + 1  # an empty line goes with what follows
                continue
            stops = _stops(self._held, at, over=over)
            if stops is None:
                return None
            if stops:
                return self._tail(at + 1, over=over)
            self._seen = at + 1
        self._seen = len(self._held)
        return None

    def _tail(self, start: int, *, over: bool) -> int | None:
        if self._held[start - 1] == "\n":
            return start
        found = _TAIL.match(self._held, start)
        end = found.end() if found else start
        if self._held[end - 1] == "\n" or over:
            return end
        # "[1](" is a link and no mark, and "[1" may become one: what follows must be there to tell.
        return None if _OPEN_MARK.fullmatch(self._held, end) else end


def _stops(text: str, at: int, *, over: bool) -> bool | None:
    """Whether the sign at this place ends a sentence; nothing where the text must go on to tell."""
    sign = text[at]
    if sign in "。！？；\n":
        return True
    follows = text[at + 1 : at + 2]
    if not follows and not over:
        return None
    if sign != ".":
        return not (_INNER.match(follows) or (sign == ";" and _ENTITY.search(text, max(0, at - 14), at)))
    return _full_stop(text, at, over=over)


def _full_stop(text: str, at: int, *, over: bool) -> bool | None:
    before, behind = text[max(0, at - 12) : at], text[at + 1 :]
    if behind and not (behind[0].isspace() or behind[0] in "”’)\"'*[【［"):
        return False
    if before[-1:].isdigit() and behind[:1] in _SPACE:
        first = behind.lstrip(_SPACE)[:1]
        if not first and not over:
            return None
        if first.isdigit():
            return False
    return not (_ABBREVIATION.search(before) or _LIST_NUMBER.search(before))
