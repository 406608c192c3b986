"""Editors put documents into the library and take them out, on both databases."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.audit import Audit
from ingest.publishing import Publishing
from ingest.reader import Unreadable
from knowledge_base.edition import (
    AnotherPerson,
    DatesCrossed,
    Edition,
    EditionMoved,
    EditionRefused,
    LaterEdition,
    NoSuchDocument,
    NotADraft,
    NothingBefore,
    NothingWithdrawn,
    Status,
)
from knowledge_base.passage import Audience
from tests.conftest import KnowledgeBase, Open
from tests.fakes import HashEmbedder
from tests.integration import publish_process
from tests.service import ROOT

CUSTOMER = {"audience": "customer"}
STAFF = {"audience": "staff"}
OLD = "白金卡年费为三千元。"
NEW = "白金卡年费为四千元。"
SECRET = "白金卡内部佣金比例为百分之五，不得外传。"
GUIDE = """# 白金卡销售指引

每成功推荐一位客户办理白金卡，客户经理可得推荐奖励八十元，次月发放。

| 卡种 | 每张奖励 | 发放月份 |
|---|---|---|
| 白金信用卡 | 人民币八十元整 | 次月十五日 |
"""
FOLDER_FILE = "年费.md"


@pytest.fixture
def knowledge(open_knowledge: Open, database_url: str) -> KnowledgeBase:
    return open_knowledge(url=database_url)


@pytest.fixture
def publishing(knowledge: KnowledgeBase) -> Publishing:
    return knowledge.publishing()


def publish(
    publishing: Publishing, text: str, meta: dict[str, str], document: str | None = None, by: str = "editor"
) -> Edition:
    draft = publishing.draft(by, "年费.txt", text.encode(), meta, document)
    return publishing.publish(by, draft.id)


def in_folder(knowledge: KnowledgeBase, text: str = OLD, meta: str = "effective_from: 2025-01-01") -> str:
    """A file of the folder, ingested; its document's key."""
    knowledge.write(FOLDER_FILE, f"---\n{meta}\n---\n{text}")
    knowledge.ingest()
    (holding,) = knowledge.library.holdings()
    return holding.document.id


class TestDraft:
    def test_a_draft_answers_nothing_until_it_is_published(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        draft = publishing.draft("editor", "年费.txt", NEW.encode(), CUSTOMER | {"title": "年费"})
        assert (draft.status, draft.number, draft.passages, draft.hands) == (Status.DRAFT, 1, 1, ("editor",))
        assert [passage.text for part in publishing.preview(draft.id) for passage in part.passages] == [NEW]
        assert knowledge.texts("年费") == []
        publishing.publish("editor", draft.id)
        assert knowledge.texts("年费") == [NEW]
        newest = publishing.editions.newest(draft.key)
        assert newest is not None
        assert publishing.editions.body(newest.id) == NEW.encode()

    def test_who_may_read_it_is_never_guessed(self, publishing: Publishing) -> None:
        with pytest.raises(Unreadable, match="not said who may read it"):
            publishing.draft("editor", "年费.txt", NEW.encode(), {"title": "年费"})
        assert publishing.editions.all() == {}

    def test_front_matter_and_form_that_disagree_on_the_audience_are_refused(self, publishing: Publishing) -> None:
        text = f"---\naudience: staff\n---\n{SECRET}".encode()
        with pytest.raises(Unreadable, match="front matter says audience: staff"):
            publishing.draft("editor", "a.md", text, CUSTOMER)
        with pytest.raises(Unreadable, match="not said"):
            publishing.draft("editor", "a.md", text, {})

    def test_the_next_edition_is_for_whom_the_one_before_was(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        first = publish(publishing, SECRET, STAFF | {"title": "佣金", "product": "白金卡"})
        second = publishing.draft("editor", "佣金.txt", SECRET.replace("五", "六").encode(), {}, first.key)
        assert (second.document.audience, second.document.title, second.document.product, second.number) == (
            Audience.STAFF,
            "佣金",
            "白金卡",
            2,
        )
        publishing.publish("editor", second.id)
        assert knowledge.texts("佣金") == []
        with pytest.raises(Unreadable, match="edition before is for staff"):
            publishing.draft("editor", "a.md", b"---\naudience: customer\n---\nx", {}, first.key)

    @pytest.mark.parametrize(
        ("name", "content", "meta", "told"),
        [
            ("a.pdf", b"PK\x03\x04", {}, "Office file"),
            ("a.txt", b"%PDF-1.7 ...", {}, "content is a PDF"),
            ("a.docx", b"\x89PNG....", {}, "PNG"),
            ("a.txt", b"", {}, "empty"),
            ("a.xyz", b"abc", {}, "not supported"),
            ("", b"abc", {}, "name"),
            ("a.txt", NEW.encode(), {"effective_from": "2026-02-31"}, "effective_from"),
            ("a.txt", NEW.encode(), {"audiense": "staff"}, "audiense"),
            ("a.txt", NEW.encode(), {"audience": ""}, "audience"),
            ("a.txt", NEW.encode(), {"supersedes": "b.md"}, "supersedes"),
            ("a.txt", NEW.encode(), {"url": "javascript:alert(1)"}, "url"),
        ],
    )
    def test_what_cannot_be_read_is_told_and_nothing_is_stored(
        self, publishing: Publishing, name: str, content: bytes, meta: dict[str, str], told: str
    ) -> None:
        with pytest.raises(Unreadable, match=told):
            publishing.draft("editor", name, content, CUSTOMER | meta)
        assert publishing.editions.all() == {}

    def test_a_draft_can_be_changed_and_dropped_but_a_published_edition_not(self, publishing: Publishing) -> None:
        draft = publishing.draft("editor", "年费.txt", NEW.encode(), CUSTOMER)
        changed = publishing.change("admin", draft.id, {"title": "新年费"})
        assert (changed.document.title, changed.hands) == ("新年费", ("editor", "admin"))
        publishing.drop("editor", draft.id, "写错了")
        with pytest.raises(NotADraft):
            publishing.publish("editor", draft.id)
        published = publish(publishing, OLD, CUSTOMER)
        with pytest.raises(NotADraft):
            publishing.change("editor", published.id, {"title": "新"})

    def test_a_document_that_is_not_there(self, publishing: Publishing) -> None:
        with pytest.raises(NoSuchDocument):
            publishing.draft("editor", "年费.txt", NEW.encode(), CUSTOMER, "abcdefabcdef")
        for act in (publishing.restore, lambda by, key: publishing.withdraw(by, key, "")):
            with pytest.raises(NoSuchDocument):
                act("editor", "abcdefabcdef")


class TestDates:
    def test_the_next_edition_ends_the_one_before_the_day_before(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        first = publish(publishing, OLD, CUSTOMER | {"effective_from": "2025-01-01"})
        publish(publishing, NEW, {"effective_from": "2026-06-01"}, first.key)
        for day, told in [
            (date(2024, 12, 31), []),
            (date(2026, 5, 31), [OLD]),
            (date(2026, 6, 1), [NEW]),
        ]:
            assert knowledge.texts("白金卡年费", as_of=day) == told, day

    def test_without_a_date_it_takes_effect_today(self, knowledge: KnowledgeBase, publishing: Publishing) -> None:
        first = publish(publishing, OLD, CUSTOMER)
        publish(publishing, NEW, {}, first.key)
        assert knowledge.texts("白金卡年费") == [NEW]
        assert knowledge.texts("白金卡年费", as_of=date.today() - timedelta(days=1)) == [OLD]

    def test_an_edition_of_next_month_leaves_the_present_one_in_force(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        first = publish(publishing, OLD, CUSTOMER)
        later = date.today() + timedelta(days=30)
        publish(publishing, NEW, {"effective_from": later.isoformat()}, first.key)
        assert knowledge.texts("白金卡年费") == [OLD]
        assert knowledge.texts("白金卡年费", as_of=later) == [NEW]

    def test_an_edition_for_staff_ends_the_one_that_customers_read(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        first = publish(publishing, OLD, CUSTOMER)
        publish(publishing, SECRET, STAFF, first.key)
        assert knowledge.texts("白金卡") == []
        assert knowledge.texts("白金卡", Audience.STAFF) == [SECRET]

    def test_dates_that_cross_are_refused(self, publishing: Publishing) -> None:
        first = publish(publishing, OLD, CUSTOMER)
        draft = publishing.draft("editor", "a.txt", NEW.encode(), {"effective_to": "2020-01-01"}, first.key)
        with pytest.raises(DatesCrossed):
            publishing.publish("editor", draft.id)

    def test_the_first_day_of_all_can_be_a_date(self, knowledge: KnowledgeBase, publishing: Publishing) -> None:
        first = publish(publishing, OLD, CUSTOMER)
        publish(publishing, NEW, {"effective_from": "0001-01-01"}, first.key)
        assert NEW in knowledge.texts("白金卡年费")


class TestWithdraw:
    def test_a_withdrawn_document_is_gone_in_all_editions_and_can_be_put_back(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        first = publish(publishing, OLD, CUSTOMER | {"effective_from": "2025-01-01"})
        publish(publishing, NEW, {"effective_from": "2026-06-01"}, first.key)
        assert len(publishing.withdraw("editor", first.key, "写错了")) == 2
        for day in (date(2025, 6, 1), None):
            assert knowledge.texts("白金卡年费", as_of=day) == []
        assert publishing.withdraw("editor", first.key, "again") == []
        publishing.restore("editor", first.key)
        assert knowledge.texts("白金卡年费", as_of=date(2025, 6, 1)) == [OLD]
        assert knowledge.texts("白金卡年费") == [NEW]
        with pytest.raises(NothingWithdrawn):
            publishing.restore("editor", first.key)

    def test_both_halves_of_a_mixed_faq_go_and_come_back(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        table = "问题,答案,受众\n怎么开户,带身份证,客户\n佣金多少,百分之五,员工\n".encode()
        draft = publishing.draft("editor", "faq.csv", table, CUSTOMER)
        publishing.publish("editor", draft.id)
        assert len(knowledge.texts("怎么开户", Audience.STAFF)) == 2
        publishing.withdraw("editor", draft.key, "")
        assert knowledge.texts("怎么开户", Audience.STAFF) == []
        publishing.restore("editor", draft.key)
        assert knowledge.texts("佣金多少") == ["怎么开户\n带身份证"]

    def test_after_going_back_the_edition_before_counts_on_its_own_days(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        first = publish(publishing, OLD, CUSTOMER | {"effective_from": "2025-01-01", "effective_to": "2099-12-31"})
        with pytest.raises(NothingBefore):
            publishing.roll_back("editor", first.key, "")
        publish(publishing, NEW, {"effective_from": "2026-06-01"}, first.key)
        back = publishing.roll_back("editor", first.key, "算错了")
        assert back.id == first.id
        assert knowledge.texts("白金卡年费") == [OLD]
        assert knowledge.texts("白金卡年费", as_of=date(2100, 1, 1)) == []
        assert [edition.status for edition in publishing.editions.of(first.key)] == [
            Status.PUBLISHED,
            Status.WITHDRAWN,
        ]
        publishing.restore("editor", first.key)
        assert knowledge.texts("白金卡年费") == [NEW]

    def test_nothing_is_put_back_under_a_later_edition(self, publishing: Publishing) -> None:
        first = publish(publishing, OLD, CUSTOMER)
        publishing.withdraw("editor", first.key, "")
        publish(publishing, NEW, {}, first.key)
        with pytest.raises(LaterEdition):
            publishing.restore("editor", first.key)

    def test_a_sample_question_goes_with_its_document(self, knowledge: KnowledgeBase, publishing: Publishing) -> None:
        draft = publishing.draft("editor", "faq.csv", "问题,答案\n怎么开户,带身份证\n".encode(), CUSTOMER)
        publishing.publish("editor", draft.id)
        assert knowledge.search.sample_questions(Audience.CUSTOMER) == ["怎么开户"]
        again = publishing.draft("editor", "faq.csv", "问题,答案\n如何开户,带身份证\n".encode(), {}, draft.key)
        publishing.publish("editor", again.id)
        assert knowledge.search.sample_questions(Audience.CUSTOMER) == ["如何开户"]
        publishing.withdraw("editor", draft.key, "")
        assert knowledge.search.sample_questions(Audience.CUSTOMER) == []


class TestFolder:
    def test_a_withdrawn_file_stays_out_of_every_later_run(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        key = in_folder(knowledge)
        publishing.withdraw("editor", key, "过期")
        for rebuild in (False, True):
            report = knowledge.ingest(rebuild=rebuild)
            assert (report.withheld, report.differing, report.added, report.changed) == ([FOLDER_FILE], [], [], [])
            assert knowledge.texts("白金卡年费") == []
        knowledge.write(FOLDER_FILE, NEW)
        report = knowledge.ingest()
        assert (report.withheld, report.differing) == ([FOLDER_FILE], [FOLDER_FILE])
        assert knowledge.texts("白金卡年费") == []

    def test_put_back_it_says_what_it_said_even_after_the_file_changed(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        key = in_folder(knowledge)
        publishing.withdraw("editor", key, "过期")
        knowledge.write(FOLDER_FILE, NEW)
        publishing.restore("editor", key)
        assert knowledge.ingest().differing == [FOLDER_FILE]
        assert knowledge.texts("白金卡年费") == [OLD]

    def test_an_upload_supersedes_a_file_which_still_tells_of_its_own_days(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        key = in_folder(knowledge)
        second = publish(publishing, NEW, {"effective_from": "2026-06-01"}, key)
        assert second.number == 2
        for rebuild in (False, True):
            report = knowledge.ingest(rebuild=rebuild)
            assert (report.withheld, report.removed, report.failed) == ([], [], [])
            assert knowledge.texts("白金卡年费") == [NEW]
            assert knowledge.texts("白金卡年费", as_of=date(2025, 6, 1)) == [OLD]
        (knowledge.folder / FOLDER_FILE).unlink()
        assert knowledge.ingest().removed == []
        assert knowledge.texts("白金卡年费", as_of=date(2025, 6, 1)) == [OLD]

    def test_a_draft_alone_leaves_the_file_to_its_folder(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        key = in_folder(knowledge)
        publishing.draft("editor", "年费.txt", NEW.encode(), {}, key)
        knowledge.write(FOLDER_FILE, "白金卡年费为五千元。")
        assert knowledge.ingest().changed == [FOLDER_FILE]

    def test_another_model_reads_published_editions_again(
        self, open_knowledge: Open, database_url: str, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        first = publish(publishing, OLD, CUSTOMER | {"effective_from": "2025-01-01"})
        publish(publishing, NEW, {}, first.key)
        gone = publish(publishing, SECRET, STAFF)
        publishing.withdraw("editor", gone.key, "")
        other = open_knowledge(HashEmbedder("hash-32", 32), url=database_url)
        report = other.ingest()
        assert (len(report.changed), report.failed) == (2, [])
        assert other.texts("白金卡年费") == [NEW]
        assert other.texts("白金卡年费", as_of=date(2025, 6, 1)) == [OLD]
        assert other.texts("佣金", Audience.STAFF) == [NEW]
        assert (other.ingest().changed, other.ingest().added) == ([], [])


class TestAnotherPerson:
    def test_staffs_document_is_opened_to_customers_by_two(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        first = publish(publishing, SECRET, STAFF)
        draft = publishing.draft("editor", "a.txt", NEW.encode(), CUSTOMER, first.key)
        with pytest.raises(AnotherPerson):
            publishing.publish("editor", draft.id)
        assert knowledge.texts("白金卡") == []
        publishing.publish("admin", draft.id)
        assert knowledge.texts("白金卡") == [NEW]

    def test_withdrawing_first_is_no_way_round(self, publishing: Publishing) -> None:
        first = publish(publishing, SECRET, STAFF)
        publishing.withdraw("editor", first.key, "")
        draft = publishing.draft("editor", "a.txt", NEW.encode(), CUSTOMER, first.key)
        with pytest.raises(AnotherPerson):
            publishing.publish("editor", draft.id)

    def test_changing_the_draft_makes_one_a_hand_in_it(self, publishing: Publishing) -> None:
        first = publish(publishing, SECRET, STAFF)
        draft = publishing.draft("editor", "a.txt", NEW.encode(), {}, first.key)
        publishing.change("admin", draft.id, CUSTOMER)
        for by in ("editor", "admin"):
            with pytest.raises(AnotherPerson):
                publishing.publish(by, draft.id)

    def test_a_new_document_with_staffs_words_needs_two_as_well(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        knowledge.write("staff.md", f"---\naudience: staff\n---\n{SECRET}")
        knowledge.ingest()
        draft = publishing.draft("editor", "a.txt", SECRET.encode(), CUSTOMER)
        with pytest.raises(AnotherPerson):
            publishing.publish("editor", draft.id)

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("a.md", GUIDE),
            ("a.txt", GUIDE),
            ("a.txt", GUIDE.replace("\n", "")),
            ("a.md", "# 介绍\n\n本行提供多种信用卡。\n\n" + GUIDE.splitlines()[2].replace("，", " - ")),
        ],
    )
    @pytest.mark.parametrize("withdrawn", [False, True])
    def test_staffs_words_need_two_however_they_are_saved_and_withdrawn_too(
        self, publishing: Publishing, name: str, text: str, withdrawn: bool
    ) -> None:
        guide = publishing.draft("editor", "指引.md", GUIDE.encode(), STAFF)
        publishing.publish("editor", guide.id)
        if withdrawn:
            publishing.withdraw("editor", guide.key, "过期")
        draft = publishing.draft("editor", name, text.encode(), CUSTOMER)
        with pytest.raises(AnotherPerson):
            publishing.publish("editor", draft.id)
        assert publishing.publish("admin", draft.id).status is Status.PUBLISHED

    def test_a_withdrawn_file_of_the_folder_is_staffs_still(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        key = in_folder(knowledge, GUIDE, "audience: staff")
        publishing.withdraw("editor", key, "过期")
        draft = publishing.draft("editor", "a.txt", GUIDE.encode(), CUSTOMER)
        with pytest.raises(AnotherPerson):
            publishing.publish("editor", draft.id)

    def test_what_customers_read_today_may_be_told_by_one(self, publishing: Publishing) -> None:
        guide = publishing.draft("editor", "指引.md", GUIDE.encode(), STAFF)
        publishing.publish("editor", guide.id)
        first = publish(publishing, OLD, CUSTOMER)
        opened = publishing.draft("editor", "年费.txt", (OLD + GUIDE).encode(), {}, first.key)
        publishing.publish("admin", opened.id)
        again = publishing.draft("editor", "年费.txt", (NEW + GUIDE).encode(), {}, first.key)
        assert publishing.publish("editor", again.id).status is Status.PUBLISHED

    def test_going_back_to_what_was_made_staffs_needs_another(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        first = publish(publishing, SECRET, CUSTOMER, by="ann")
        publish(publishing, SECRET, STAFF, first.key, by="bob")
        for by in ("ann", "bob"):
            with pytest.raises(AnotherPerson):
                publishing.roll_back(by, first.key, "")
        assert knowledge.texts("白金卡") == []
        publishing.roll_back("admin", first.key, "")
        assert knowledge.texts("白金卡") == [SECRET]

    def test_putting_back_what_two_opened_needs_another_again(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        first = publish(publishing, SECRET, STAFF, by="ann")
        opened = publishing.draft("ann", "a.txt", SECRET.encode(), CUSTOMER, first.key)
        publishing.publish("bob", opened.id)
        publishing.roll_back("bob", first.key, "")
        for by in ("ann", "bob"):
            with pytest.raises(AnotherPerson):
                publishing.restore(by, first.key)
        assert knowledge.texts("白金卡") == []
        publishing.restore("admin", first.key)
        assert knowledge.texts("白金卡") == [SECRET]

    def test_a_row_of_a_mixed_faq_that_turns_to_customers_needs_two(self, publishing: Publishing) -> None:
        table = "问题,答案,受众\n怎么开户,带身份证,客户\n网点的佣金是多少,每张八十元,{}\n"
        draft = publishing.draft("editor", "faq.csv", table.format("员工").encode(), CUSTOMER)
        publishing.publish("editor", draft.id)
        again = publishing.draft("editor", "faq.csv", table.format("客户").encode(), {}, draft.key)
        with pytest.raises(AnotherPerson):
            publishing.publish("editor", again.id)
        publishing.publish("admin", again.id)


class TestTrail:
    def test_every_act_is_on_the_trail(self, knowledge: KnowledgeBase, publishing: Publishing) -> None:
        first = publish(publishing, OLD, CUSTOMER)
        publish(publishing, NEW, {}, first.key, by="admin")
        publishing.roll_back("editor", first.key, "算错了")
        publishing.restore("admin", first.key)
        publishing.withdraw("editor", first.key, "过期")
        audit = Audit(knowledge.database, "key of the test")
        trail = [(entry.who, entry.did, entry.detail["edition"]) for entry in audit.listed(what=first.key)]
        assert trail == [
            ("editor", "withdraw", "2"),
            ("editor", "withdraw", "1"),
            ("admin", "restore", "2"),
            ("editor", "roll_back", "2"),
            ("admin", "publish", "2"),
            ("admin", "draft", "2"),
            ("editor", "publish", "1"),
            ("editor", "draft", "1"),
        ]
        assert audit.verify() == (8, None)


def all_at_once(action: Callable[[int], object]) -> list[str]:
    """What it came to in eight threads that begin together: the kind of thing returned or refused."""
    gate = threading.Barrier(8)

    def run(number: int) -> str:
        gate.wait()
        try:
            return type(action(number)).__name__
        except EditionRefused as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, range(8)))


class TestTogether:
    def test_of_many_who_publish_one_draft_at_once_one_does(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        draft = publishing.draft("editor", "年费.txt", NEW.encode(), CUSTOMER)
        outcomes = all_at_once(lambda number: publishing.publish(f"editor{number}", draft.id))
        assert set(outcomes) <= {"Edition", "EditionMoved", "NotADraft"}
        assert outcomes.count("Edition") == 1
        assert knowledge.texts("年费") == [NEW]
        assert [entry.did for entry in Audit(knowledge.database, "key of the test").listed()] == ["publish", "draft"]

    def test_many_may_draft_and_publish_editions_of_one_document_at_once(
        self, knowledge: KnowledgeBase, publishing: Publishing
    ) -> None:
        key = in_folder(knowledge)

        def act(number: int) -> Edition:
            draft = publishing.draft(
                f"editor{number}", "年费.txt", f"白金卡年费为{number}百元。".encode(), CUSTOMER, key
            )
            return publishing.publish(f"editor{number}", draft.id)

        outcomes = all_at_once(act)
        assert set(outcomes) <= {"Edition", "LaterEdition"}
        editions = publishing.editions.of(key)
        assert [edition.number for edition in editions] == list(range(1, 10))
        last = [edition for edition in editions if edition.status is Status.PUBLISHED]
        assert len(last) == 1
        assert knowledge.texts("白金卡年费") == [publishing.editions.body(last[0].id).decode()]

    def test_a_draft_changed_meanwhile_is_not_published_unseen(
        self, publishing: Publishing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft = publishing.draft("editor", "年费.txt", NEW.encode(), CUSTOMER)
        embed = publishing._shelf.embed

        def meanwhile(edition: Edition) -> object:
            publishing.change("admin", draft.id, {"title": "别的"})
            return embed(edition)

        monkeypatch.setattr(publishing._shelf, "embed", meanwhile)
        with pytest.raises(EditionMoved):
            publishing.publish("editor", draft.id)


class TestKilled:
    def test_kill_9_in_the_middle_of_publishing_leaves_nothing_half_done(
        self, knowledge: KnowledgeBase, publishing: Publishing, tmp_path: Path, database_url: str
    ) -> None:
        draft = publishing.draft("editor", "规定.md", publish_process.text(1), CUSTOMER)
        publishing.publish("editor", draft.id)
        command = [sys.executable, "-m", "tests.integration.publish_process", str(tmp_path), database_url, draft.key]
        dice = random.Random(20261122)
        for _round in range(3):
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            assert process.stdout is not None
            assert process.stdout.readline() == "published\n"
            time.sleep(dice.uniform(0, 0.3))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            self.check(knowledge, publishing, draft.key)
        assert len(publishing.editions.of(draft.key)) >= 4

    def check(self, knowledge: KnowledgeBase, publishing: Publishing, key: str) -> None:
        editions = publishing.editions.of(key)
        published = [edition for edition in editions if edition.in_library]
        held = {holding.document.id for holding in knowledge.library.holdings()}
        assert held == {edition.document.id for edition in published}
        for edition in published:
            assert len(knowledge.library.passages(edition.document.id)) == publish_process.PASSAGES
        audit = Audit(knowledge.database, "key of the test")
        noted = [entry.detail["edition"] for entry in audit.listed(what=key, limit=1_000) if entry.did == "publish"]
        assert noted == [str(edition.number) for edition in reversed(published)]
        assert audit.verify()[1] is None
        assert {hit.document.id for hit in knowledge.find("规定如下")} == {published[-1].document.id}
