"""Puts questions of one meaning together, under ids that stay; and finds out which of them the documents answer by now."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, exists, func, insert, or_, select, update

from assistant import gap_space
from assistant.answering import Answered, Answering, Question
from assistant.evidence import designators
from assistant.gap import Kind
from assistant.gap_reading import hold
from assistant.gap_space import Groups, Space
from assistant.gap_table import gaps, groups
from knowledge_base.database import Database
from knowledge_base.embedder import Vectors
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from knowledge_base.text import simplify

_BATCH = 500
_CENTRAL = 50
_CHECKED = 200


class GapGrouping:
    """Works over the questions that GapReading stored."""

    def __init__(self, database: Database, search: Search, answering: Answering) -> None:
        self._database = database
        self._search = search
        self._answering = answering
        self._space: Space | None = None

    def group(self, batches: int = 4) -> bool:
        """Groups what is new, 500 questions a batch; whether nothing is left to group."""
        self._renew()
        return any(not self._batch() for _ in range(batches))

    @property
    def space(self) -> Space:
        """Made once a process, from what the library held then."""
        if self._space is None:
            embedder = self._search.embedder
            known = gap_space.questions_of(self._search.library, embedder.fingerprint, embedder.dimensions)
            self._space = gap_space.made_from(known)
        return self._space

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        distinct = list(dict.fromkeys(map(simplify, texts)))
        vectors = self._search.embedder.embed_passages(distinct)
        at = {text: number for number, text in enumerate(distinct)}
        found: Vectors = vectors[[at[simplify(text)] for text in texts]]
        return found

    def _batch(self) -> bool:
        """One list of questions; whether there was one."""
        own = gaps.c.embedder == self._search.embedder.fingerprint
        query = select(gaps.c.conversation, gaps.c.number, gaps.c.text).where(or_(gaps.c.embedder.is_(None), ~own))
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(gaps.c.at).limit(_BATCH)).all()
        if not found:
            return False
        self._search.refresh()
        vectors, space = self._embedded([row.text for row in found]), self.space
        with self._database.writing() as connection:
            hold(connection)
            for row, vector in zip(found, vectors, strict=True):
                mine = (gaps.c.conversation == row.conversation) & (gaps.c.number == row.number)
                same = mine & (gaps.c.text == row.text)
                values = {"embedder": self._search.embedder.fingerprint, "vector": _packed(vector)}
                connection.execute(update(gaps).where(same).values(**values))
            for audience in Audience:
                self._assign(connection, audience, space)
        return True

    def _assign(self, connection: Connection, audience: Audience, space: Space) -> None:
        """Every question of an audience that has a vector and no group is given one."""
        mine = (gaps.c.audience == audience.value) & gaps.c.gap_group.is_(None) & gaps.c.vector.is_not(None)
        rows = connection.execute(
            select(gaps).where(mine).order_by(gaps.c.at, gaps.c.conversation, gaps.c.number)
        ).all()
        if not rows:
            return
        fingerprint = self._search.embedder.fingerprint
        known = select(groups).where((groups.c.audience == audience.value) & (groups.c.embedder == fingerprint))
        before = connection.execute(known.order_by(groups.c.id)).all()
        found = Groups(
            space,
            _vectors([row.vector for row in before], self._search.embedder.dimensions),
            [row.marks for row in before],
        )
        vectors, marks = (
            _vectors([row.vector for row in rows], self._search.embedder.dimensions),
            [self._marks(row.text, audience) for row in rows],
        )
        ids, touched = [str(row.id) for row in before], set()
        for row, mark, number in zip(rows, marks, found.assign(vectors, marks), strict=True):
            if number == len(ids):
                ids.append(secrets.token_hex(8))
                connection.execute(insert(groups).values(**_begun(ids[number], row, mark, fingerprint)))
            same = (gaps.c.conversation == row.conversation) & (gaps.c.number == row.number)
            connection.execute(update(gaps).where(same).values(gap_group=ids[number]))
            touched.add(ids[number])
        for group in touched:
            self._entitle(connection, group, space)

    def _entitle(self, connection: Connection, group: str, space: Space) -> None:
        """The most central of the latest wordings names the group, and then it is looked up anew."""
        query = select(gaps.c.text, gaps.c.vector).where((gaps.c.gap_group == group) & gaps.c.vector.is_not(None))
        rows = connection.execute(query.order_by(gaps.c.at.desc()).limit(_CENTRAL)).all()[::-1]
        if rows:
            title = rows[
                gap_space.most_central(_vectors([row.vector for row in rows], self._search.embedder.dimensions), space)
            ].text
            connection.execute(update(groups).where(groups.c.id == group).values(title=title, checked=-1))

    def _marks(self, text: str, audience: Audience) -> str:
        """What a question names, by which questions that read alike are kept apart."""
        return "|".join(sorted({*designators(text), *self._search.lexicon(audience).names_in(text)}))

    def _renew(self) -> None:
        """Groups that another model made are compared by this one."""
        fingerprint = self._search.embedder.fingerprint
        query = select(groups.c.id, groups.c.leader).where(groups.c.embedder != fingerprint)
        with self._database.reading() as connection:
            old = connection.execute(query).all()
        if not old:
            return
        vectors = self._embedded([row.leader for row in old])
        with self._database.writing() as connection:
            for row, vector in zip(old, vectors, strict=True):
                values = {"vector": _packed(vector), "embedder": fingerprint}
                connection.execute(update(groups).where(groups.c.id == row.id).values(**values))

    def check(self, most: int = _CHECKED) -> bool:
        """Asks the documents again, where they have changed since, beginning with what was asked most; whether nothing is left to ask."""
        generation = self._search.library.generation()
        asked = func.count(gaps.c.number)
        query = select(groups.c.id, groups.c.title, groups.c.audience).join(gaps, gaps.c.gap_group == groups.c.id)
        query = query.where(groups.c.checked != generation).group_by(groups.c.id, groups.c.title, groups.c.audience)
        with self._database.reading() as connection:
            stale = connection.execute(query.order_by(asked.desc(), groups.c.id).limit(most)).all()
        told = [(row.id, self._answered_by(row.id, row.title, Audience(row.audience))) for row in stale]
        with self._database.writing() as connection:
            for group, answered_by in told:
                values = {"answered_by": answered_by, "checked": generation}
                connection.execute(update(groups).where(groups.c.id == group).values(**values))
        return len(told) < most

    def _answered_by(self, group: str, title: str, audience: Audience) -> str:
        """The title of the document that answers it now; what was answered before and not liked must be answered otherwise."""
        question = Question(title, audience, final=True)
        answer = self._answering.answer(question, self._answering.find(question))
        if not isinstance(answer, Answered):
            return ""
        disliked = (gaps.c.gap_group == group) & (gaps.c.kind == Kind.RATED_DOWN.value)
        same = exists().where(disliked & (gaps.c.passages == "\n".join(answer.passages)))
        with self._database.reading() as connection:
            if connection.execute(select(same)).scalar():
                return ""
        return answer.citations[0].title


def _begun(group: str, row: Row[Any], marks: str, fingerprint: str) -> dict[str, Any]:
    return {
        "id": group,
        "audience": row.audience,
        "title": row.text,
        "leader": row.text,
        "marks": marks,
        "embedder": fingerprint,
        "vector": row.vector,
        "answered_by": "",
        "checked": -1,
        "ignored_because": "",
    }


def _packed(vector: Vectors) -> bytes:
    return vector.astype(np.float16).tobytes()


def _vectors(packed: Sequence[bytes], dimensions: int) -> Vectors:
    return np.frombuffer(b"".join(packed), dtype=np.float16).astype(np.float32).reshape(-1, dimensions)
