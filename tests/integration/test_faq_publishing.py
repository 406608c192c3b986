"""What is approved is published once, whoever dies or approves at the same moment; on both databases."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from assistant import faq_draft, faq_publishing
from assistant.audit import Audit
from assistant.faq_desk import FaqDesk
from assistant.faq_draft import DraftMoved, FaqDrafts, FaqWords, Status
from assistant.faq_publishing import FaqPublishing
from knowledge_base.edition import FaqDocument
from knowledge_base.passage import Audience
from tests.conftest import KnowledgeBase, Open
from ui.faq_shelf import PublishedFaq


@pytest.fixture
def knowledge(open_knowledge: Open, database_url: str) -> KnowledgeBase:
    return open_knowledge(url=database_url)


@pytest.fixture
def shelf(knowledge: KnowledgeBase) -> PublishedFaq:
    return PublishedFaq(knowledge.publishing())


@pytest.fixture
def publishing(knowledge: KnowledgeBase, shelf: PublishedFaq) -> FaqPublishing:
    return FaqPublishing(FaqDrafts(knowledge.database), shelf, Audit(knowledge.database, "key"))


def approved(knowledge: KnowledgeBase, question: str, audience: Audience = Audience.CUSTOMER) -> str:
    drafts = FaqDrafts(knowledge.database)
    with knowledge.database.writing() as connection:
        made = faq_draft.add(connection, "editor", FaqWords(question, "到网点办理，需要本人。", audience, ("怎么办",)))
    for status in (Status.SUBMITTED, Status.APPROVED):
        with knowledge.database.writing() as connection:
            faq_draft.move(connection, drafts.get(made), status, "editor2")
    return made


def rows(knowledge: KnowledgeBase) -> list[str]:
    """The questions in the one document that is in the library."""
    editions = knowledge.publishing().editions
    (document,) = [key for key in editions.all() if editions.newest(key)]
    held = PublishedFaq(knowledge.publishing()).held(document) or b""
    return sorted(row["question"] for row in csv.DictReader(io.StringIO(held.decode())))


def test_what_was_approved_when_the_service_died_is_published_once(
    knowledge: KnowledgeBase, publishing: FaqPublishing
) -> None:
    made = approved(knowledge, "残币能换吗")
    assert knowledge.texts("残币能换吗") == []
    for _ in range(2):
        publishing.bring_up("editor2", Audience.CUSTOMER)
    assert len(knowledge.texts("残币能换吗")) == 1
    assert FaqDrafts(knowledge.database).get(made).status is Status.PUBLISHED
    (editions,) = knowledge.publishing().editions.all().values()
    assert [edition.published_by for edition in editions] == ["editor2"]


class Killed(BaseException):
    """Nothing of the service goes on after it."""


def killed_before(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def die(*_arguments: object) -> None:
        raise Killed

    monkeypatch.setattr(faq_publishing, name, die)


def test_killed_at_the_first_publication_there_is_one_document(
    knowledge: KnowledgeBase, publishing: FaqPublishing, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(knowledge, "残币能换吗")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        killed_before(patch, "_keep")
        publishing.bring_up("editor2", Audience.CUSTOMER)
    assert len(knowledge.texts("残币能换吗")) == 1
    approved(knowledge, "破损的币能换吗")
    publishing.bring_up("editor2", Audience.CUSTOMER)
    assert rows(knowledge) == ["残币能换吗", "破损的币能换吗"]
    assert len(knowledge.publishing().editions.all()) == 1
    assert {one.status for one in FaqDrafts(knowledge.database).listed()} == {Status.PUBLISHED}


@pytest.mark.parametrize("left", [[], ["破损的币能换吗"]])
def test_a_withdrawal_that_was_killed_is_made_good(
    knowledge: KnowledgeBase, publishing: FaqPublishing, left: list[str]
) -> None:
    for question in left:
        approved(knowledge, question)
    made = approved(knowledge, "残币能换吗")
    publishing.bring_up("editor2", Audience.CUSTOMER)
    drafts = FaqDrafts(knowledge.database)
    nothing: Any = None  # neither gaps nor checks have a part in a withdrawal
    desk: Any = FaqDesk(drafts, nothing, nothing, publishing, nothing, Audit(knowledge.database, "key"))
    desk._publishing = Dying()
    with pytest.raises(Killed):
        desk.withdraw("editor2", made, "过期")
    assert len(knowledge.texts("残币能换吗")) == 1 + len(left)
    desk._publishing = publishing
    for _ in range(2):
        desk.make_good()
    assert [text.partition("\n")[0] for text in knowledge.texts("残币能换吗")] == left
    (editions,) = knowledge.publishing().editions.all().values()
    assert len(editions) == 1 + len(left)


class Dying:
    """What is killed before anything is published."""

    def bring_up(self, by: str, audience: Audience) -> None:
        raise Killed


def test_an_editor_alone_cannot_replace_what_two_approved(knowledge: KnowledgeBase, publishing: FaqPublishing) -> None:
    approved(knowledge, "残币能换吗")
    publishing.bring_up("editor2", Audience.CUSTOMER)
    editor = knowledge.publishing()
    (key,) = editor.editions.all()
    table = "问题,答案\n残币能换吗,不能\n".encode()
    draft = publishing._shelf._publishing.draft("editor", "faq.csv", table, {}, key)  # type: ignore[attr-defined]
    acts: list[Callable[[], object]] = [
        lambda: editor.draft("editor", "faq.csv", table, {}, key),
        lambda: editor.revise("editor", key, {"title": "别的"}),
        lambda: editor.change("editor", draft.id, {"title": "别的"}),
        lambda: editor.publish("editor", draft.id),
    ]
    for act in acts:
        with pytest.raises(FaqDocument):
            act()
    assert rows(knowledge) == ["残币能换吗"]
    editor.withdraw("editor", key, "过期")
    assert knowledge.texts("残币能换吗") == []


def test_approvals_at_one_moment_are_all_published(knowledge: KnowledgeBase, publishing: FaqPublishing) -> None:
    questions = [f"第{number}种问题怎么办" for number in range(4)]

    def approve(question: str) -> None:
        approved(knowledge, question)
        publishing.bring_up("editor2", Audience.CUSTOMER)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(approve, question) for question in questions]:
            done.result()
    assert rows(knowledge) == questions
    assert {one.status for one in FaqDrafts(knowledge.database).listed()} == {Status.PUBLISHED}


def test_staffs_answers_are_a_document_of_their_own(knowledge: KnowledgeBase, publishing: FaqPublishing) -> None:
    approved(knowledge, "残币能换吗", Audience.STAFF)
    publishing.bring_up("editor2", Audience.STAFF)
    publishing.bring_up("editor2", Audience.CUSTOMER)
    assert knowledge.texts("残币能换吗") == []
    assert len(knowledge.texts("残币能换吗", Audience.STAFF)) == 1


def test_a_draft_that_was_decided_meanwhile_is_not_moved(knowledge: KnowledgeBase) -> None:
    drafts = FaqDrafts(knowledge.database)
    before = drafts.get(approved(knowledge, "残币能换吗"))
    with knowledge.database.writing() as connection:
        faq_draft.move(connection, before, Status.WITHDRAWN)
    with pytest.raises(DraftMoved), knowledge.database.writing() as connection:
        faq_draft.move(connection, before, Status.PUBLISHED)
