"""A conversation with the assistant while it is played: what a customer says and presses, at a bank of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.assistant import Assistant
from assistant.desk import Desk
from assistant.event import ReplySent
from assistant.llm import LLM
from assistant.reply import Choice, Reply, Turn
from evals.bank import RunningBank
from evals.case import Move


class Stuck(Exception):
    """The conversation cannot go on."""


class NoButton(Stuck):
    """The button that is to be pressed is not there."""


class NoCode(Stuck):
    """The code that is to be given was never sent."""


@dataclass
class Scene:
    """Who talks with whom, and what was said last.

    `plays_customer` is the model that words what a simulated customer says, if one does; `notes` are what a reader of the record should
    know of how it was played.
    """

    assistant: Assistant
    bank: RunningBank
    customer: str | None
    conversation: str
    reply: Reply
    pressed: list[Choice] = field(default_factory=list)
    turn: Turn | None = None
    desk: Desk | None = None
    plays_customer: LLM | None = None
    notes: list[str] = field(default_factory=list)

    def do(self, move: Move) -> Turn | None:
        """Does one thing; nothing comes back where it only changes the scene. Raises NoButton and NoCode."""
        if move.fault is not None:
            self.bank.fail(**move.fault)
            return None
        if move.sign_in is not None:
            self.customer = move.sign_in
            return self.heard(self.assistant.sign_in(self.conversation, move.sign_in))
        if move.review is not None:
            return self._decided(move.review)
        if move.code is not None:
            right = self._code()
            wrong = f"{(int(right) + 1) % 1_000_000:06d}"
            return self.heard(self.assistant.respond(self.conversation, right if move.code == "right" else wrong))
        if move.press is not None or move.press_id is not None:
            return self.heard(self.assistant.respond(self.conversation, "", self._button(move)))
        return self.heard(self.assistant.respond(self.conversation, move.say or ""))

    def heard(self, turn: Turn) -> Turn:
        """Notes what was said back, and its buttons."""
        self.pressed += self.reply.choices
        self.reply, self.turn = turn.reply, turn
        return turn

    def _code(self) -> str:
        """The one-time code that was sent last."""
        try:
            return self.bank.code(self.customer or "")
        except LookupError as error:
            raise NoCode("no code was sent that could be given") from error

    def told(self) -> Turn | None:
        """What the assistant has just said unasked; nothing where it is silent."""
        said = self.assistant.events(self.conversation)[-1]
        state = self.assistant.conversation(self.conversation)
        if not isinstance(said, ReplySent):
            return None
        return self.heard(Turn("", state.turns, said.outcome, said.reply, self.assistant.flow_state(state)))

    def _decided(self, verdict: str) -> Turn | None:
        """People of the bank decide: one, or two where the task wants two."""
        state = self.assistant.conversation(self.conversation)
        if self.desk is None or state.review is None:
            raise Stuck("nothing waits for a person's decision")
        for reviewer in ("reviewer", "second reviewer"):
            self.desk.review(reviewer, state.review.id, approved=verdict == "approved", reason=verdict)
            after = self.assistant.conversation(self.conversation)
            if after.review is None or after.review.id != state.review.id:
                break
        return self.told()

    def _button(self, move: Move) -> str:
        """The id of a button by its label, of this reply or - a stale one - of an earlier one."""
        if move.press_id is not None:
            return move.press_id
        shown = [*self.reply.choices, *self.pressed]
        found = next((one.id for one in shown if one.label == move.press), None)
        if not found:
            raise NoButton(f"no button {move.press!r} among {[one.label for one in shown]}")
        return found
