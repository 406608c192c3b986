"""What an editor uploads: a file, and what is said of it in the form, in its front matter, or in the edition before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import PurePosixPath
from typing import Any

from ingest import metadata
from ingest.edition_file import laid_down
from ingest.folder_file import document_of
from ingest.reader import Unreadable
from knowledge_base.passage import Document
from knowledge_base.text import clean

ORIGIN = "upload"
"""The origin, in the library, of documents that no folder holds."""
MOST_MEGABYTES = 32
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
_NAME = 200
_OWN_DATES = ("effective_from", "effective_to")
"""What an edition never has from the one before."""


def checked_name(file_name: str, content: bytes) -> str:
    """The file's name without folders; raises Unreadable for a file without a name, or one that is too large."""
    name = clean(file_name.replace("\\", "/").rpartition("/")[2])
    if not name or len(name) > _NAME:
        raise Unreadable(
            f"the file's name is missing or longer than {_NAME} characters", "give it a short name and a suffix"
        )
    if len(content) > MOST_BYTES:
        reason = f"the file is larger than {MOST_MEGABYTES} MB ({len(content) / 1024**2:.0f} MB)"
        raise Unreadable(reason, "split it into smaller files")
    return name


def described(
    key: str, name: str, content: bytes, said: Mapping[str, Any], before: Document | None, origin: str
) -> Document:
    """What is said of an uploaded file: in the form, else in its front matter, else in the edition before.

    Who may read it is never guessed. Raises Unreadable.
    """
    with laid_down(name, content) as path:
        front = metadata.front_matter(path)
    values = _inherited(before) | front | dict(said)
    values["audience"] = _audience(said, front, before)
    meta = metadata.validated(values)
    if meta.supersedes and origin == ORIGIN:
        remedy = "take `supersedes` out and upload the file as a new edition of the document that it supersedes"
        raise Unreadable("`supersedes` is for files of the knowledge folder", remedy)
    path_told = before.path if before else name
    return document_of(key, path_told, PurePosixPath(name).stem, meta)


def changed(document: Document, said: Mapping[str, Any]) -> Document:
    """A document of which something else is said now; raises Unreadable."""
    values = {name: getattr(document, name) for name in metadata.Metadata.model_fields}
    meta = metadata.validated(values | dict(said))
    return document_of(document.id, document.path, PurePosixPath(document.path).stem, meta)


def _inherited(before: Document | None) -> dict[str, Any]:
    if before is None:
        return {}
    known = [field.name for field in fields(before) if field.name in metadata.Metadata.model_fields]
    return {name: getattr(before, name) for name in known if name not in _OWN_DATES}


def _audience(said: Mapping[str, Any], front: Mapping[str, Any], before: Document | None) -> Any:
    """The audience that was said; where two places say different ones, neither counts."""
    places = [said.get("audience"), front.get("audience"), before.audience if before else None]
    own = [place for place in places[:2] if place is not None]
    if len(own) == 2 and own[0] != own[1]:
        raise Unreadable(
            f"its front matter says audience: {front['audience']}, but {said['audience']} was chosen",
            "choose the same audience in both places",
        )
    if before is None and said.get("audience") is None:
        raise Unreadable("it is not said who may read it", "say the audience: customer or staff")
    if said.get("audience") is None and own and own[0] != places[2]:
        raise Unreadable(
            f"its front matter says audience: {own[0]}, but the edition before is for {places[2]}",
            "say the audience: customer or staff",
        )
    return own[0] if own else places[2]
