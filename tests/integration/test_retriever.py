from __future__ import annotations

from knowledge_base.passage import Audience
from knowledge_base.retriever import KnowledgeRetriever
from tests.conftest import KnowledgeBase


def test_a_chain_gets_what_its_audience_may_read(knowledge: KnowledgeBase) -> None:
    knowledge.write("customer.md", "# 年费说明\n\n白金卡年费为580元。\n")
    knowledge.write("staff.md", "---\naudience: staff\n---\n# 内部说明\n\n白金卡年费减免权限在支行行长。\n")
    knowledge.ingest()
    retriever = KnowledgeRetriever(search=knowledge.search, audience=Audience.CUSTOMER)
    found = retriever.invoke("白金卡年费")
    assert [document.page_content for document in found] == ["白金卡年费为580元。"]
    assert found[0].metadata["title"] == "customer"
    both = KnowledgeRetriever(search=knowledge.search, audience=Audience.STAFF).invoke("白金卡年费")
    assert len(both) == 2
