"""Editors' tables of questions, published like any other document."""

from __future__ import annotations

from ingest.publishing import Publishing
from knowledge_base.edition import LaterEdition
from knowledge_base.passage import Audience

_SYSTEM = "system"


class PublishedFaq:
    """Each table is a document of its own, a new edition each time."""

    def __init__(self, publishing: Publishing) -> None:
        self._publishing = publishing.of_faq()

    def put(self, by: str, file: str, content: bytes, title: str, audience: Audience, document: str) -> bool:
        """Publishes the document with this key, new or its next edition; whether it did, for another may have done it meanwhile.

        The rows were written and approved one by one, so the table itself is made by nobody; `by` publishes it.
        """
        meta = {"title": title, "audience": audience.value}
        known = document if self._publishing.editions.of(document) else None
        edition = self._publishing.draft(_SYSTEM, file, content, meta, known, new_key=document)
        try:
            self._publishing.publish(by, edition.id)
        except LaterEdition:
            self._publishing.drop(_SYSTEM, edition.id, "")
            return False
        return True

    def take(self, by: str, document: str, why: str) -> None:
        """Takes a document out of the library."""
        self._publishing.withdraw(by, document, why)

    def held(self, document: str) -> bytes | None:
        """What the newest published edition holds; nothing where the document was taken out."""
        newest = self._publishing.editions.newest(document)
        return self._publishing.editions.body(newest.id) if newest else None
