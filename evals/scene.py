"""A conversation with the assistant while it is played: what a customer says and presses, at a bank of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.assistant import Assistant
from assistant.reply import Choice, Reply, Turn
from evals.bank import RunningBank
from evals.case import Move


class NoButton(Exception):
    """The button that is to be pressed is not there."""


class NoCode(NoButton):
    """The code that is to be given was never sent."""


@dataclass
class Scene:
    """Who talks with whom, and what was said last."""

    assistant: Assistant
    bank: RunningBank
    customer: str | None
    conversation: str
    reply: Reply
    pressed: list[Choice] = field(default_factory=list)

    def do(self, move: Move) -> Turn | None:
        """Does one thing; nothing comes back where it only changes the scene. Raises NoButton and NoCode."""
        if move.fault is not None:
            self.bank.fail(**move.fault)
            return None
        if move.sign_in is not None:
            self.customer = move.sign_in
            return self.heard(self.assistant.sign_in(self.conversation, move.sign_in))
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
        self.reply = turn.reply
        return turn

    def _code(self) -> str:
        """The one-time code that was sent last."""
        try:
            return self.bank.code(self.customer or "")
        except LookupError as error:
            raise NoCode("no code was sent that could be given") from error

    def _button(self, move: Move) -> str:
        """The id of a button by its label, of this reply or - a stale one - of an earlier one."""
        if move.press_id is not None:
            return move.press_id
        shown = [*self.reply.choices, *self.pressed]
        found = next((one.id for one in shown if one.label == move.press), None)
        if not found:
            raise NoButton(f"no button {move.press!r} among {[one.label for one in shown]}")
        return found
