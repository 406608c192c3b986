"""A case as a person writes it down from a conversation, and what is wrong with it, by the field that it is wrong in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from assistant import guard
from evals.case import Case
from knowledge_base.passage import Audience

_SUITE = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_ID = re.compile(r"[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿_-]{0,39}")
_BETWEEN = re.compile(r"[|｜]")


class Kind(StrEnum):
    """What is done in a turn."""

    SAY = "say"
    PRESS = "press"
    RIGHT_CODE = "right_code"
    WRONG_CODE = "wrong_code"


class Wrong(StrEnum):
    """What may be wrong with a field."""

    MISSING = "missing"
    NOT_A_NAME = "not_a_name"
    PERSONAL = "personal"
    SHIPPED = "shipped"
    TAKEN = "taken"
    NOTHING_EXPECTED = "nothing_expected"
    NOT_VALID = "not_valid"


@dataclass(frozen=True)
class DraftTurn:
    """One turn; of codes the text says nothing."""

    kind: Kind
    text: str = ""


@dataclass(frozen=True)
class CaseDraft:
    """What was filled in. `must_say` has a group a line, its alternatives set apart by |; the others have one a line."""

    suite: str = ""
    id: str = ""
    audience: Audience = Audience.CUSTOMER
    locale: str = "zh-CN"
    turns: Sequence[DraftTurn] = ()
    document: str = ""
    must_say: str = ""
    must_not_say: str = ""
    abstain: bool | None = None
    handoff: bool | None = None
    note: str = ""
    wrong: Mapping[str, Wrong] = field(default_factory=dict)

    @property
    def written(self) -> list[DraftTurn]:
        """The turns that were not emptied."""
        return [one for one in self.turns if one.text.strip() or one.kind in (Kind.RIGHT_CODE, Kind.WRONG_CODE)]

    def content(self) -> dict[str, Any]:
        """The case as it stands in a suite's file."""
        found: dict[str, Any] = {"id": self.id.strip(), "note": self.note.strip(), "audience": self.audience.value}
        found |= {"locale": self.locale, "turns": list(map(_move, self.written)), "document": _lines(self.document)}
        groups = [[one.strip() for one in _BETWEEN.split(line) if one.strip()] for line in _lines(self.must_say)]
        found |= {"must_say": [group for group in groups if group], "must_not_say": _lines(self.must_not_say)}
        found |= {"abstain": self.abstain, "handoff": self.handoff}
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    def faults(self) -> Mapping[str, Wrong]:
        """What is wrong, by field; `case` where it is wrong as a whole."""
        found = dict(self._faults())
        if not found:
            try:
                Case.model_validate(self.content())
            except ValidationError as error:
                found = {_field(one["loc"]): Wrong.NOT_VALID for one in error.errors()}
        return found

    def _faults(self) -> Iterator[tuple[str, Wrong]]:
        for name, form in (("suite", _SUITE), ("id", _ID)):
            text = getattr(self, name).strip()
            if not form.fullmatch(text):
                yield name, Wrong.NOT_A_NAME if text else Wrong.MISSING
        if not self.written:
            yield "turns", Wrong.MISSING
        texts = {f"turn_{place}": turn.text for place, turn in enumerate(self.turns)}
        texts |= {name: getattr(self, name) for name in ("id", "document", "must_say", "must_not_say", "note")}
        yield from ((name, Wrong.PERSONAL) for name, text in texts.items() if is_personal(text))
        expected = (self.document, self.must_say, self.must_not_say)
        if not any(map(_lines, expected)) and self.abstain is None and self.handoff is None:
            yield "case", Wrong.NOTHING_EXPECTED


def is_personal(text: str) -> bool:
    """Whether a text holds what is kept masked only: numbers of persons, cards, phones, addresses, codes."""
    return any(guard.mask(line) != guard.narrowed(line) for line in text.splitlines())


def _move(turn: DraftTurn) -> Any:
    if turn.kind in (Kind.RIGHT_CODE, Kind.WRONG_CODE):
        return {"code": "right" if turn.kind is Kind.RIGHT_CODE else "wrong"}
    return turn.text.strip() if turn.kind is Kind.SAY else {"press": turn.text.strip()}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _field(place: Sequence[str | int]) -> str:
    return str(place[0]) if place else "case"
