"""The knowledge base as a LangChain retriever, for those who build chains of their own on it."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge_base.passage import Audience, Hit
from knowledge_base.search import Query, Search


class KnowledgeRetriever(BaseRetriever):
    """Finds passages in force that the audience may read; the metadata says where each stands."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    search: Search
    audience: Audience = Audience.CUSTOMER
    limit: int = 5

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
    ) -> list[Document]:
        hits = self.search.find(Query(query, self.audience, limit=self.limit))
        return [Document(page_content=hit.passage.text, metadata=_metadata(hit), id=hit.passage.id) for hit in hits]


def _metadata(hit: Hit) -> dict[str, Any]:
    return {
        "document": hit.document.id,
        "title": hit.document.title,
        "section": hit.passage.section,
        "page": hit.passage.page,
        "score": hit.score,
    }
