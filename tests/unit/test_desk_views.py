from __future__ import annotations

from assistant.conversation import fold
from assistant.desk_views import _details, _evidence
from assistant.event import ConversationStarted, Event, ReplySent
from assistant.flow import read_all
from assistant.flow_event import FlowEnded, FlowStarted
from assistant.reason import Reason
from assistant.reply import Citation, Outcome, Reply
from assistant.settings import Settings
from assistant.slot import Filled
from assistant.step import Status
from assistant.ticket_event import TicketOpened
from assistant.ticket_kind import Kind
from knowledge_base.passage import Audience

FLOWS = read_all(Settings().flows_dir)
START = ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("您好"))


def cited(*names: str) -> ReplySent:
    citations = tuple(Citation(n, name, name, "", None, name, f"/{name}") for n, name in enumerate(names, start=1))
    return ReplySent(Outcome.ANSWERED, Reply("答", citations=citations))


def test_evidence_is_of_the_last_three_answers_the_latest_first_and_each_passage_once() -> None:
    plain = ReplySent(Outcome.SMALLTALK, Reply("不客气"))
    state = fold([START, cited("a"), cited("b", "c"), plain, cited("d"), cited("c", "e")])
    assert [(one.number, one.document) for one in _evidence(state)] == [(1, "c"), (2, "e"), (3, "d"), (4, "b")]


def test_details_are_uncovered_and_named_in_words_for_their_own_ticket_alone() -> None:
    left = {"new_phone": Filled("13900139077", "139****9077")}
    events: list[Event] = [
        START,
        FlowStarted("change_phone:1-aa", "change_phone", "number"),
        FlowEnded("change_phone:1-aa", "change_phone", Status.DONE),
        TicketOpened("t1", Kind.CALL_BACK, Reason.ASKED, "general", "2026-07-03T06:05:00+00:00", details=left),
        TicketOpened("t2", Kind.TALK, Reason.ASKED, "general", "2026-07-03T06:06:00+00:00"),
    ]
    assert _details(events, "t1", FLOWS, "zh") == {"新手机号": "13900139077"}
    assert _details(events, "t1", FLOWS, "en") == {"new mobile number": "13900139077"}
    assert _details(events, "t2", FLOWS, "zh") == {}
