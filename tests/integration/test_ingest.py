from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.database import Database
from knowledge_base.embedder import Embedder
from knowledge_base.library import Library
from knowledge_base.passage import Audience
from tests.conftest import KnowledgeBase, Open
from tests.fakes import HashEmbedder
from tests.unit.ingest import files

ROOT = Path(__file__).parents[2]
STAFF = Audience.STAFF


def fill(knowledge: KnowledgeBase) -> int:
    """One file of each kind; returns how many documents they are."""
    knowledge.write(
        "cards/白金卡.md", "---\nproduct: 白金卡\n---\n# 白金卡\n\n## 年费\n\n年费为三千六百元，首年免年费。\n"
    )
    knowledge.write("说明.txt", "一、营业时间\n\n周一至周五九点到十七点营业。\n")
    knowledge.write("费率.csv", "项目,费率\n跨行转账,免费\n境外汇款,千分之一\n")
    knowledge.write("faq.csv", "问题,答案\n怎么开户,请携带身份证到网点办理\n怎么销户,请到开户网点办理\n")
    knowledge.write("公告.html", "<h1>公告</h1><p>系统将于本周日凌晨升级维护。</p>")
    files.word(knowledge.folder / "手册.docx")
    return 6


class TestRun:
    def test_every_file_of_a_mixed_folder_is_added(self, knowledge: KnowledgeBase) -> None:
        documents = fill(knowledge)
        report = knowledge.ingest()
        assert (len(report.added), report.failed, report.changed) == (documents, [], [])
        assert "cards/白金卡.md" in report.added
        knowledge.search.refresh()
        assert report.passages == knowledge.library.count() == knowledge.search.size(Audience.CUSTOMER) > documents

    def test_a_second_run_finds_all_unchanged_and_embeds_nothing(self, knowledge: KnowledgeBase) -> None:
        documents = fill(knowledge)
        knowledge.ingest()
        knowledge.embedder.passages.clear()
        report = knowledge.ingest()
        assert (len(report.unchanged), report.added, report.changed, report.removed) == (documents, [], [], [])
        assert knowledge.embedder.passages == []

    def test_a_changed_file_leaves_no_stale_passage(self, knowledge: KnowledgeBase) -> None:
        path = knowledge.write("年费.md", "白金卡年费为三千六百元。")
        knowledge.ingest()
        assert knowledge.texts("三千六百元") == ["白金卡年费为三千六百元。"]
        path.write_text("白金卡年费为两千四百元。", encoding="utf-8")
        assert knowledge.ingest().changed == ["年费.md"]
        assert knowledge.texts("三千六百元") == ["白金卡年费为两千四百元。"]
        assert knowledge.search.frequency("三千六百", Audience.CUSTOMER) == 0

    def test_a_removed_file_is_gone_at_once(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("留.md", "存款保险最高偿付五十万元。")
        path = knowledge.write("去.md", "白金卡年费为三千六百元。")
        knowledge.ingest()
        assert len(knowledge.texts("白金卡年费")) == 2
        path.unlink()
        assert knowledge.ingest().removed == ["去.md"]
        assert knowledge.texts("白金卡年费") == ["存款保险最高偿付五十万元。"]
        assert knowledge.library.count() == 1

    def test_a_file_touched_but_not_changed_is_unchanged(self, knowledge: KnowledgeBase) -> None:
        path = knowledge.write("年费.md", "白金卡年费为三千六百元。")
        knowledge.ingest()
        os.utime(path, (1, 1))
        knowledge.embedder.passages.clear()
        assert knowledge.ingest().unchanged == ["年费.md"]
        assert knowledge.embedder.passages == []

    def test_rebuild_embeds_everything_again(self, knowledge: KnowledgeBase) -> None:
        documents = fill(knowledge)
        knowledge.ingest()
        knowledge.embedder.passages.clear()
        assert len(knowledge.ingest(rebuild=True).changed) == documents
        assert knowledge.embedder.passages

    def test_one_file_can_be_ingested_without_removing_the_others(self, knowledge: KnowledgeBase) -> None:
        fill(knowledge)
        before = len(knowledge.ingest().added)
        path = knowledge.write("新.md", "新增的一份文件，说明积分规则。")
        report = knowledge.ingest(path)
        assert (report.added, report.removed) == (["新.md"], [])
        assert len(knowledge.library.holdings()) == before + 1

    def test_a_folder_outside_the_knowledge_folder_is_kept_by_the_next_run(
        self, knowledge: KnowledgeBase, tmp_path: Path
    ) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "外.md").write_text("外部文件说明国债的购买办法。", encoding="utf-8")
        assert knowledge.ingest(outside).added == ["外.md"]
        knowledge.write("内.md", "内部文件说明理财的购买办法。")
        assert knowledge.ingest().removed == []
        assert len(knowledge.library.holdings()) == 2

    def test_a_path_that_does_not_exist_is_refused(self, knowledge: KnowledgeBase) -> None:
        with pytest.raises(FileNotFoundError):
            knowledge.ingest(knowledge.folder / "没有.md")

    def test_hidden_files_and_office_locks_are_no_documents(self, knowledge: KnowledgeBase) -> None:
        for name in (".草稿.md", "~$手册.docx", ".git/a.md"):
            knowledge.write(name, "不是文件的内容。")
        report = knowledge.ingest()
        assert (report.added, report.failed, report.passages) == ([], [], 0)


class TestMetadata:
    def held(self, knowledge: KnowledgeBase) -> dict[str, object]:
        (holding,) = knowledge.library.holdings()
        document = holding.document
        return {name: getattr(document, name) for name in ("title", "audience", "product", "tags", "effective_from")}

    def test_front_matter_counts(self, knowledge: KnowledgeBase) -> None:
        head = "title: 白金卡说明\naudience: staff\nproduct: 白金卡\ntags: [信用卡, 高端]\neffective_from: 2026-01-01"
        knowledge.write("a.md", f"---\n{head}\n---\n年费为三千六百元。")
        knowledge.ingest()
        assert self.held(knowledge) == {
            "title": "白金卡说明",
            "audience": STAFF,
            "product": "白金卡",
            "tags": ("信用卡", "高端"),
            "effective_from": date(2026, 1, 1),
        }
        assert knowledge.texts("年费", STAFF) == ["年费为三千六百元。"]

    def test_a_sidecar_counts(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("a.txt", "年费为三千六百元。")
        knowledge.write("a.txt.meta.yaml", "title: 白金卡说明\naudience: staff\n")
        assert knowledge.ingest().added == ["a.txt"]
        assert (self.held(knowledge)["title"], self.held(knowledge)["audience"]) == ("白金卡说明", STAFF)

    def test_folders_pass_their_values_on_and_the_nearer_wins(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("_meta.yaml", "audience: staff\nproduct: 总\n")
        knowledge.write("cards/_meta.yaml", "product: 信用卡\n")
        knowledge.write("cards/a.md", "---\ntitle: 标题\n---\n年费为三千六百元。")
        knowledge.ingest()
        held = self.held(knowledge)
        assert (held["audience"], held["product"], held["title"]) == (STAFF, "信用卡", "标题")

    def test_a_changed_sidecar_changes_the_document(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("a.txt", "年费为三千六百元。")
        knowledge.ingest()
        knowledge.write("a.txt.meta.yaml", "audience: staff\n")
        assert knowledge.ingest().changed == ["a.txt"]
        assert knowledge.texts("年费") == []
        assert knowledge.texts("年费", STAFF) == ["年费为三千六百元。"]

    def test_the_audience_of_the_command_counts_where_nothing_else_says(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("a.md", "年费为三千六百元。")
        knowledge.write("b.md", "---\naudience: customer\n---\n利率为百分之二。")
        knowledge.ingest(audience=STAFF)
        assert knowledge.texts("年费") == ["利率为百分之二。"]

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("a.md", "---\naudiense: staff\n---\n内部资料，不得外传。", "audiense"),
            ("a.md", "---\naudience: internal\n---\n内部资料，不得外传。", "audience"),
            ("a.md", "---\neffective_from: 2026-02-31\n---\n内部资料，不得外传。", "front matter"),
            ("a.md", "---\ntitle: [不合\n---\n内部资料，不得外传。", "front matter"),
            ("a.md", "---\neffective_from: 2026-02-01\neffective_to: 2026-01-01\n---\n内部资料。", "effective_to"),
            ("a.txt.meta.yaml", "audiense: staff", "audiense"),
            ("a.txt.meta.yaml", "effective_from: 2026-02-31", "a.txt.meta.yaml"),
            ("a.txt.meta.yaml", "title: [不合", "a.txt.meta.yaml"),
            ("a.txt.meta.yaml", "- 不是映射", "a.txt.meta.yaml"),
        ],
    )
    def test_wrong_metadata_is_told_by_name_and_the_rest_is_ingested(
        self, knowledge: KnowledgeBase, name: str, content: str, told: str
    ) -> None:
        knowledge.write("好.md", "利率为百分之二。")
        knowledge.write(name, content)
        if name.endswith(".meta.yaml"):
            knowledge.write("a.txt", "内部资料，不得外传。")
        report = knowledge.ingest()
        assert report.added == ["好.md"]
        assert [failure.path for failure in report.failed] == [name.removesuffix(".meta.yaml")]
        assert told in report.failed[0].reason
        assert report.failed[0].remedy
        assert knowledge.texts("内部资料", STAFF) == ["利率为百分之二。"]

    def test_a_wrong_folder_file_fails_its_files_only(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("好.md", "利率为百分之二。")
        knowledge.write("坏/_meta.yaml", "audiense: staff")
        knowledge.write("坏/a.md", "内部资料。")
        report = knowledge.ingest()
        assert (report.added, [failure.path for failure in report.failed]) == (["好.md"], ["坏/a.md"])

    @pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
    def test_staff_is_staff_in_every_encoding(self, knowledge: KnowledgeBase, encoding: str) -> None:
        text = "---\naudience: staff\ntitle: 内部办法\n---\n# 佣金\n\n内部佣金比例为百分之五，不得外传，请各网点遵守。"
        knowledge.write("a.md", text, encoding)
        knowledge.write("b.txt", "内部绩效比例为百分之六，不得外传，请各网点遵守。", encoding)
        knowledge.write("b.txt.meta.yaml", "title: 内部绩效办法说明\naudience: staff\n", encoding)
        assert knowledge.ingest().failed == []
        assert knowledge.texts("内部佣金比例") == []
        assert len(knowledge.texts("内部佣金比例", STAFF)) == 2


class TestAudience:
    def test_a_customer_never_finds_what_staff_read(self, knowledge: KnowledgeBase) -> None:
        secret = "内部佣金比例为百分之五。"
        knowledge.write("staff/_meta.yaml", "audience: staff")
        knowledge.write("staff/佣金.md", secret)
        knowledge.write("公开.md", "存款利率为百分之二。")
        knowledge.ingest()
        for query in (secret, "佣金", "内部 佣金 比例", "公开"):
            assert knowledge.texts(query) == ["存款利率为百分之二。"]
        assert knowledge.texts("佣金", STAFF)[0] == secret

    def test_neither_index_of_customers_holds_a_staff_passage(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("佣金.md", "---\naudience: staff\n---\n内部佣金比例为百分之五。")
        knowledge.write("公开.md", "存款利率为百分之二。")
        knowledge.ingest()
        knowledge.search.refresh()
        collection = knowledge.client.get_collection(f"customer-{knowledge.embedder.fingerprint}")
        (public,) = [held for held in knowledge.library.holdings() if held.document.audience is Audience.CUSTOMER]
        assert [identifier.split(".")[0] for identifier in collection.get()["ids"]] == [public.document.id]
        assert knowledge.search.frequency("佣金", Audience.CUSTOMER) == 0
        assert knowledge.search.frequency("佣金", STAFF) == 1

    def test_a_document_that_becomes_staff_only_is_gone_for_customers(self, knowledge: KnowledgeBase) -> None:
        path = knowledge.write("a.md", "利率浮动权限为百分之五。")
        knowledge.ingest()
        assert knowledge.texts("浮动权限")
        path.write_text("---\naudience: staff\n---\n利率浮动权限为百分之五。", encoding="utf-8")
        knowledge.ingest()
        assert knowledge.texts("浮动权限") == []

    def test_the_rows_of_a_mixed_faq_go_to_their_own_readers(self, knowledge: KnowledgeBase) -> None:
        table = (
            "问题,答案,受众\n怎么开户,带身份证,客户\n佣金多少,百分之五,员工\n怎么销户,到网点,\n权限多大,两万,STAFF\n"
        )
        path = knowledge.write("faq.csv", table)
        report = knowledge.ingest()
        assert (report.added, report.passages) == (["faq.csv"], 4)
        assert set(knowledge.texts("佣金多少")) == {"怎么开户\n带身份证", "怎么销户\n到网点"}
        assert len(knowledge.texts("佣金多少", STAFF)) == 4
        assert knowledge.ingest().unchanged == ["faq.csv"]
        path.write_text("问题,答案,受众\n怎么开户,带身份证,客户\n", encoding="utf-8")
        assert knowledge.ingest().changed == ["faq.csv"]
        assert knowledge.texts("佣金多少", STAFF) == ["怎么开户\n带身份证"]
        path.unlink()
        knowledge.ingest()
        assert knowledge.library.count() == 0

    def test_a_faq_of_rows_for_staff_only_is_staff_only(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("faq.csv", "问题,答案,受众\n佣金多少,百分之五,员工\n")
        knowledge.ingest()
        assert knowledge.texts("佣金多少") == []
        assert knowledge.texts("佣金多少", STAFF) == ["佣金多少\n百分之五"]

    def test_a_misspelt_audience_in_a_faq_publishes_nothing(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("faq.csv", "问题,答案,受众\n怎么开户,带身份证,客户\n佣金多少,百分之五,员工专用\n")
        report = knowledge.ingest()
        assert "员工专用" in report.failed[0].reason
        assert knowledge.texts("佣金多少") == []


class TestDates:
    def test_a_successor_ends_the_older_document_the_day_before(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("年费_2025.md", "---\neffective_from: 2025-01-01\n---\n白金卡年费为三千元。")
        knowledge.write(
            "年费_2026.md", "---\neffective_from: 2026-06-01\nsupersedes: 年费_2025.md\n---\n白金卡年费为四千元。"
        )
        knowledge.ingest()
        for day, fee in [
            (date(2024, 12, 31), []),
            (date(2025, 1, 1), ["白金卡年费为三千元。"]),
            (date(2026, 5, 31), ["白金卡年费为三千元。"]),
            (date(2026, 6, 1), ["白金卡年费为四千元。"]),
        ]:
            assert knowledge.texts("白金卡年费", as_of=day) == fee, day
        assert knowledge.texts("白金卡年费") == ["白金卡年费为四千元。"]

    def test_the_older_document_is_in_force_again_when_its_successor_is_withdrawn(
        self, knowledge: KnowledgeBase
    ) -> None:
        knowledge.write("旧.md", "白金卡年费为三千元。")
        successor = knowledge.write(
            "新.md", "---\neffective_from: 2025-06-01\nsupersedes: 旧.md\n---\n白金卡年费为四千元。"
        )
        knowledge.ingest()
        assert knowledge.texts("白金卡年费") == ["白金卡年费为四千元。"]
        successor.unlink()
        knowledge.ingest()
        assert knowledge.texts("白金卡年费") == ["白金卡年费为三千元。"]

    def test_both_ends_of_a_documents_time_are_included(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("活动.md", "---\neffective_from: 2026-03-01\neffective_to: 2026-03-31\n---\n开卡送积分。")
        knowledge.ingest()
        found = {day: bool(knowledge.texts("积分", as_of=date(2026, month, day))) for month, day in [(3, 1), (3, 31)]}
        assert found == {1: True, 31: True}
        assert not knowledge.texts("积分", as_of=date(2026, 2, 28))
        assert not knowledge.texts("积分", as_of=date(2026, 4, 1))

    def test_the_dates_of_a_faq_row_count(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("faq.csv", "问题,答案,生效日期,失效日期\n年费多少,三千元,2025-01-01,2025-12-31\n")
        knowledge.ingest()
        assert knowledge.texts("年费多少", as_of=date(2025, 12, 31)) == ["年费多少\n三千元"]
        assert knowledge.texts("年费多少", as_of=date(2026, 1, 1)) == []


class TestBadFiles:
    def test_bad_files_are_told_with_reason_and_remedy_and_the_rest_is_ingested(self, knowledge: KnowledgeBase) -> None:
        documents = fill(knowledge)
        bad = {
            "空.md": b"",
            "坏.docx": b"PK\x03\x04 not a zip",
            "坏.xlsx": os.urandom(2_000),
            "旧.doc": files.OLE + bytes(600),
            "图.xyz": b"abc",
            "二进制.txt": bytes(range(256)) * 8,
            "只有标记.md": b"---\ntitle: a\n---\n",
            "半.csv": "问题,答案\n怎么开户,\n".encode(),
            "日期.csv": "问题,答案,生效日期\n怎么开户,来,明天\n".encode(),
        }
        for name, content in bad.items():
            (knowledge.folder / name).write_bytes(content)
        report = knowledge.ingest()
        assert {failure.path for failure in report.failed} == bad.keys()
        assert all(failure.reason and failure.remedy for failure in report.failed)
        assert len(report.added) == documents
        assert knowledge.texts("怎么开户")

    def test_a_file_that_becomes_unreadable_is_withdrawn(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("留.md", "存款保险最高偿付五十万元。")
        path = knowledge.write("faq.csv", "问题,答案,受众\n怎么开户,带身份证,客户\n佣金多少,百分之五,员工\n")
        knowledge.ingest()
        assert len(knowledge.texts("怎么开户", STAFF)) == 3
        path.write_bytes(bytes(range(256)) * 8)
        assert [failure.path for failure in knowledge.ingest().failed] == ["faq.csv"]
        assert knowledge.texts("怎么开户", STAFF) == ["存款保险最高偿付五十万元。"]

    def test_a_link_to_nowhere_does_not_stop_the_rest(self, knowledge: KnowledgeBase) -> None:
        (knowledge.folder / "断.md").symlink_to(knowledge.folder / "没有.md")
        knowledge.write("好.md", "利率为百分之二。")
        assert knowledge.ingest().added == ["好.md"]


class TestScripts:
    @pytest.mark.parametrize(
        ("document", "query"),
        [("个人住房贷款利率为百分之三。", "個人住房貸款利率"), ("個人住房貸款利率為百分之三。", "个人住房贷款利率")],
    )
    def test_either_script_finds_the_other(
        self, open_knowledge: Open, embedder: Embedder, document: str, query: str
    ) -> None:
        knowledge = open_knowledge(embedder)
        knowledge.write("loan.md", document)
        knowledge.write("other.md", "手机银行可以查询网点营业时间。")
        knowledge.ingest()
        best = knowledge.find(query)[0]
        assert best.passage.text == document
        assert best.lexical > 0
        assert best.similarity > 0.85


class TestIndexes:
    def test_a_deleted_chroma_folder_heals_from_the_library_without_embedding(
        self, open_knowledge: Open, tmp_path: Path
    ) -> None:
        knowledge = open_knowledge()
        fill(knowledge)
        knowledge.ingest()
        before = [hit.passage.id for hit in knowledge.find("年费")]
        knowledge.client.close()  # type: ignore[attr-defined]
        shutil.rmtree(tmp_path / "chroma")
        again = open_knowledge()
        assert [hit.passage.id for hit in again.find("年费")] == before
        assert again.embedder.passages == []

    def test_a_collection_emptied_behind_our_back_is_filled_again(self, open_knowledge: Open, tmp_path: Path) -> None:
        knowledge = open_knowledge()
        fill(knowledge)
        knowledge.ingest()
        before = [hit.passage.id for hit in knowledge.find("年费")]
        collection = knowledge.client.get_collection("customer-hash-64")
        collection.delete(ids=collection.get()["ids"][:3])
        again = open_knowledge()
        assert [hit.passage.id for hit in again.find("年费")] == before
        collection = knowledge.client.get_collection("customer-hash-64")
        assert collection.count() == sum(held.units for held in again.library.holdings())

    def test_a_process_goes_on_when_another_has_made_the_collection_anew(self, open_knowledge: Open) -> None:
        knowledge = open_knowledge()
        knowledge.write("旧.md", "白金卡年费为三千元。")
        knowledge.ingest()
        assert len(knowledge.texts("年费")) == 1
        knowledge.client.delete_collection("customer-hash-64")
        other = open_knowledge()
        assert len(other.texts("年费")) == 1
        assert len(knowledge.texts("年费")) == 1
        knowledge.write("新.md", "金卡年费为一千元。")
        knowledge.ingest()
        assert len(knowledge.texts("年费")) == len(other.texts("年费")) == 2

    def test_another_model_embeds_everything_again_and_never_mixes(self, open_knowledge: Open) -> None:
        first = open_knowledge(HashEmbedder("hash-64"))
        fill(first)
        first.ingest()
        texts = len(first.embedder.passages)
        second = open_knowledge(HashEmbedder("hash-32", dimensions=32))
        assert second.find("年费") == []
        report = second.ingest()
        assert (report.unchanged, len(report.changed)) == ([], 6)
        assert len(second.embedder.passages) == texts
        assert {held.embedder for held in second.library.holdings()} == {"hash-32"}
        assert "年费" in second.texts("白金卡年费")[0]
        assert first.find("年费") == []


class TestProcesses:
    FILES = 40

    def prepare(self, root: Path) -> None:
        folder = root / "documents"
        folder.mkdir()
        for number in range(self.FILES):
            body = "\n\n".join(
                f"## 第{part}节\n\n产品{number}的第{part}项规定，费率为{number}.{part}元。" for part in range(20)
            )
            (folder / f"{number}.md").write_text(f"# 产品{number}\n\n{body}\n", encoding="utf-8")

    def start(self, root: Path, url: str, seconds_a_text: float, chroma: str = "chroma") -> subprocess.Popen[str]:
        arguments = [str(root), str(seconds_a_text), chroma, url]
        command = [sys.executable, "-m", "tests.integration.ingest_process", *arguments]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    @contextmanager
    def library(self, url: str) -> Iterator[Library]:
        with closing(Database(url)) as database:
            yield Library(database)

    def test_kill_9_at_any_moment_costs_nothing_but_time(
        self, open_knowledge: Open, tmp_path: Path, database_url: str
    ) -> None:
        self.prepare(tmp_path)
        dice = random.Random(20261122)
        for _round in range(5):
            process = self.start(tmp_path, database_url, 0.001)
            assert process.stdout is not None
            assert process.stdout.readline() == "started\n"
            time.sleep(dice.uniform(0, 1.2))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            with self.library(database_url) as library:
                for holding in library.holdings():  # whole or not at all
                    assert len(library.passages(holding.document.id)) == 20
        knowledge = open_knowledge(url=database_url)
        knowledge.ingest()
        assert knowledge.library.count() == 20 * self.FILES
        assert "费率为7.3元" in knowledge.texts("产品7的第3项规定，费率为7.3元。")[0]
        collection = knowledge.client.get_collection("customer-hash-64")
        assert collection.count() == 20 * self.FILES
        assert len(knowledge.ingest().unchanged) == self.FILES

    def test_two_ingests_at_once_end_as_one_does(self, tmp_path: Path, database_url: str) -> None:
        self.prepare(tmp_path)
        both = [self.start(tmp_path, database_url, 0.0005, f"chroma-{number}") for number in range(2)]
        reports = [json.loads(process.communicate(timeout=60)[0].splitlines()[1]) for process in both]
        assert sorted(len(report["added"]) for report in reports) == [0, self.FILES]
        assert sorted(len(report["unchanged"]) for report in reports) == [0, self.FILES]
        with self.library(database_url) as library:
            assert (len(library.holdings()), library.count()) == (self.FILES, 20 * self.FILES)
