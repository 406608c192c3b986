"""What the page for customer managers calls things, and what its filters let pass."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from assistant.draft_check import Finding, Kind, Verdict
from assistant.product import Kind as ProductKind
from assistant.product_table import layout
from ui.pages import staff_text
from ui.pages.pane import asked, html
from ui.pages.staff_products import names
from ui.pages.staff_role import TABS
from ui.signin import Role, SignIn


def test_every_kind_and_field_of_a_product_has_a_name() -> None:
    assert set(names().kinds) == set(ProductKind)
    assert set(layout().fields) <= set(names().fields)


def test_every_finding_of_a_draft_has_a_name() -> None:
    for text in staff_text.load().values():
        assert all(getattr(text, f"finding_{kind}") for kind in get_args(Kind))


def test_a_tab_is_called_something_in_both_languages() -> None:
    for text in staff_text.load().values():
        assert all(getattr(text, tab) for tab in TABS)


@pytest.mark.parametrize(
    ("role", "tabs"), [(Role.EDITOR, 3), (Role.QA, 3), (Role.STAFF, 5), (Role.AGENT, 5), (Role.ADMIN, 5)]
)
def test_a_role_has_its_tabs(role: Role, tabs: int) -> None:
    assert sum(role in roles for roles in TABS.values()) == tabs


@pytest.mark.parametrize("sent", [3, "look", {"do": 3}, {"unknown": "x", "fields": 3}, {"do": "x" * 300}])
def test_what_no_page_sends_is_not_read(sent: object) -> None:
    assert asked(sent) is None


def test_what_was_typed_is_never_markup() -> None:
    verdict = Verdict((Finding("phrase", "<script>", "<script>", "<script>"),))
    shown = html("drafts", t=staff_text.load()["zh"], draft="</textarea><script>", verdict=verdict, most=1, told="")
    assert "<script>" not in shown
    assert shown.count("&lt;script&gt;") == 4


@pytest.mark.parametrize(("branch", "told"), [("", True), ("云杉银行成都高新支行", False)])
def test_only_the_head_office_is_told_of_other_branches_leads(branch: str, told: bool) -> None:
    text = staff_text.load()["zh"]
    filters = {"branch": branch, "task": "", "status": "open"}
    shown = html(
        "leads", t=text, me=SignIn("li.na", Role.STAFF, branch), leads=[], elsewhere=2, filters=filters,
        branches=["云杉银行成都高新支行"], tasks=[], statuses=["new"], told="", kind="status",
    )  # fmt: skip
    assert (f'<option value="">{text.all_branches}' in shown, "其他网点" in shown) == (told, told)


def test_the_two_languages_say_the_same_things() -> None:
    zh, en = staff_text.load()["zh"], staff_text.load()["en"]
    for field in fields(zh):
        blanks = [
            sorted(part.partition("}")[0] for part in getattr(text, field.name).split("{")[1:]) for text in (zh, en)
        ]
        assert blanks[0] == blanks[1], field.name
