"""The lexical side of search: BM25 over segmented words, in memory, made from the library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import tantivy

from knowledge_base.passage import Document, Kind, Passage
from knowledge_base.text import words

_HEAP = 64_000_000


class Keyword:
    """One tantivy index; its words come from `text.words`, so tantivy only splits at spaces."""

    def __init__(self) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("revision", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)

    def change(self, removed: Iterable[str], added: Iterable[tuple[Document, str, Passage]]) -> None:
        """Takes out whole revisions and adds passages, visible together when it returns."""
        writer = self._index.writer(_HEAP, 1)
        for revision in removed:
            writer.delete_documents_by_term("revision", revision)
        for document, revision, passage in added:
            text = _text(document, passage)
            writer.add_document(tantivy.Document(id=[passage.id], revision=[revision], text=[text]))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def nearest(self, query: Sequence[str], count: int) -> list[tuple[str, float]]:
        """Passages that share words with the query, with their BM25 scores, best first."""
        if not query:
            return []
        terms = [tantivy.Query.term_query(self._schema, "text", word, "freq") for word in dict.fromkeys(query)]
        clauses = [(tantivy.Occur.Should, term) for term in terms]
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.boolean_query(clauses), count).hits
        return [(searcher.doc(address)["id"][0], float(score)) for score, address in hits]

    def frequency(self, word: str) -> int:
        """In how many passages a word stands."""
        return int(self._index.searcher().doc_freq("text", word))

    def count(self) -> int:
        """How many passages it holds."""
        return int(self._index.searcher().num_docs)


def _text(document: Document, passage: Passage) -> str:
    """The words that a passage is found by; an FAQ file's title says nothing of its questions."""
    if passage.kind is Kind.FAQ:
        return " ".join(words(" ".join(passage.units)))
    context = [document.title, document.product or "", *document.tags, passage.section]
    return " ".join(words(" ".join([*context, passage.text])))
