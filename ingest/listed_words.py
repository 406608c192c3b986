"""Documents that hold a word of the bank's list are not taken in."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.reader import Unreadable
from ingest.split_document import SplitDocument
from knowledge_base.word_list import WordList

_REMEDY = "take the words out of the document, or off the list in TELLER_WORD_LIST"
_SHOWN = 5


def refuse(documents: Iterable[SplitDocument], words: WordList) -> None:
    """Raises Unreadable where a title, heading or passage holds a listed word."""
    found: dict[str, None] = {}
    for document in documents:
        title = document.holding.document.title
        for passage in document.passages:
            found |= dict.fromkeys(words.find(f"{title}\n{passage.section}\n{passage.text}"))
    if found:
        raise Unreadable(f"it holds listed words: {', '.join(list(found)[:_SHOWN])}", _REMEDY)
