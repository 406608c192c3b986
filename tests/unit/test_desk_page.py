"""The parts of the desk page that need no browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.desk_view import Suggestion, TicketView
from assistant.human_agent import HumanAgent, Presence
from assistant.message import Message
from assistant.reason import Reason
from assistant.reply import Citation, Reply
from assistant.settings import Settings
from assistant.ticket import Status, Ticket
from assistant.ticket_kind import Kind
from ui.pages import desk_said, desk_tab, desk_text
from ui.pages.desk_line import is_for, is_offered
from ui.pages.desk_pane import digest, pane
from ui.pages.desk_tab import Malformed, Tab

TEXT = desk_text.load(Settings())["zh"]
NOW, BEFORE, LATER = "2026-11-22T09:00:00.000+00:00", "2026-11-22T08:59:00.000+00:00", "2026-11-22T09:00:20.000+00:00"
TICKET = Ticket(
    "t1", "c1", Kind.TALK, Status.WAITING, Reason.ASKED, "cards", "", 0.0, False, BEFORE, BEFORE, BEFORE, BEFORE
)
ME = HumanAgent("agent", "小林", Presence.ONLINE, 3, ("cards",), NOW, NOW)


class TestLine:
    @pytest.mark.parametrize(
        ("changes", "mine"),
        [
            ({}, True),
            ({"skill": "loans"}, False),
            ({"skill": "loans", "wanted": "agent"}, True),
            ({"first_reviewer": "agent"}, False),
            ({"wanted": "agent2", "offered_to": "agent2", "offered_until": LATER}, False),
            ({"wanted": "agent2", "offered_to": "agent2", "offered_until": BEFORE}, True),
        ],
    )
    def test_what_waits_for_an_agent(self, changes: dict[str, str], mine: bool) -> None:
        assert is_for(replace(TICKET, **changes), ME, NOW) is mine  # type: ignore[arg-type]

    @pytest.mark.parametrize(("to", "until", "offered"), [("agent", LATER, True), ("agent", BEFORE, False), ("agent2", LATER, False), (None, None, False)])  # fmt: skip
    def test_an_offer_holds_for_one_agent_and_a_while(self, to: str | None, until: str | None, offered: bool) -> None:
        assert is_offered(replace(TICKET, offered_to=to, offered_until=until), ME, NOW) is offered


class TestSaid:
    def test_every_message_says_who_wrote_it_and_nobodys_markup_is_taken(self) -> None:
        citation = Citation(1, "d", "信用卡FAQ", "年费", None, "年费880元", "/documents/d?passage=1#passage-1")
        messages = [
            Message("customer", "<img src=x onerror=alert(1)> **a**", number=1),
            Message("assistant", "**好的**\n\n- 一\n- <b>二</b>", Reply("", citations=(citation,)), 2),
            Message("human_agent", "", number=3, name="小林", notice="joined"),
            Message("human_agent", "您好<script>", number=4, name="小林"),
            Message("assistant", "[x](javascript:alert(1))", Reply(""), 5),
        ]
        lines = list(desk_said.lines(messages, "林*雯", TEXT, {1: NOW}))
        assert [(line.author, line.who) for line in lines] == [
            ("customer", "林*雯"),
            ("assistant", "小杉 AI"),
            ("notice", "小林 已接入"),
            ("human_agent", "小林"),
            ("assistant", "小杉 AI"),
        ]
        assert lines[0].shown == "&lt;img src=x onerror=alert(1)&gt; **a**"
        assert "<strong>好的</strong>" in lines[1].shown
        assert "<b>" not in lines[1].shown
        assert lines[1].citations == (citation,)
        assert "<script" not in lines[3].shown
        assert "href" not in lines[4].shown
        assert [line.at for line in lines] == [NOW, None, None, None, None]


class TestTab:
    def test_a_tab_that_was_just_opened_sends_nothing_and_only_looks(self) -> None:
        assert desk_tab.sent(None) == Tab()
        assert Tab().asked.do == "look"

    def test_a_form_is_read_as_its_fields_are_typed(self) -> None:
        asked = {"do": "settings", "capacity": "2", "skills": ["cards"], "end_task": "on", "presence": "busy"}
        read = desk_tab.sent({"token": "t", "asked": asked}).asked
        assert (read.capacity, read.skills, read.end_task, read.presence) == (2, ("cards",), True, Presence.BUSY)

    @pytest.mark.parametrize("capacity", ["0", "51", "many"])
    def test_what_is_refused_names_the_place_and_tells_nothing_of_what_was_sent(self, capacity: str) -> None:
        with pytest.raises(Malformed, match=r"^asked\.capacity$") as refused:
            desk_tab.sent({"asked": {"do": "sign_in", "password": "secret", "capacity": capacity}})
        assert "secret" not in repr(refused.value) + repr(refused.value.__cause__)


class TestPane:
    def test_the_digest_is_that_of_what_is_shown(self) -> None:
        shown = pane("door", t=TEXT, settings=Settings(), elsewhere="")
        assert digest(shown) == digest(pane("door", t=TEXT, settings=Settings(), elsewhere=""))
        assert digest(shown) != digest(pane("nothing", t=TEXT))
        assert digest("") == ""

    def test_what_is_filled_in_is_escaped(self) -> None:
        assert "<b>bank" not in pane("door", t=TEXT, settings=Settings(bank_name="<b>bank"), elsewhere="")

    @pytest.mark.parametrize("polished", ["客户14:05提出要求人工<b>。", None])
    def test_a_worded_summary_stands_above_its_lines_and_says_what_it_is(self, polished: str | None) -> None:
        view = TicketView(TICKET, "", "", 0, "anonymous", None, ("原因：客户要求人工。",), (), polished=polished)
        shown = pane("side", t=TEXT, view=view, identity="", clock=str)
        assert "原因：客户要求人工。" in shown
        assert (TEXT.summary_worded in shown) is (polished is not None)
        assert ("<details" in shown) is (polished is not None)
        assert "<b>。" not in shown

    @pytest.mark.parametrize("worded", [True, False])
    def test_a_suggestion_says_that_a_model_worded_it(self, worded: bool) -> None:
        view = TicketView(TICKET, "", "", 0, "anonymous", None, (), (), suggestions=(Suggestion("q", "a", (), worded),))
        assert (TEXT.suggestion_worded in pane("help", t=TEXT, view=view)) is worded
