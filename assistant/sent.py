"""What a customer sends: words, the press of a button, or a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant import form
from assistant.conversation import Conversation
from assistant.event import MessageReceived
from assistant.form import Form
from assistant.masking import masking
from assistant.question import Question


@dataclass(frozen=True)
class Sent:
    """One of them: `text`, `choice` as the button's id, or `form`."""

    text: str
    choice: str | None = None
    form: Form | None = None

    def spoken(self, state: Conversation) -> str:
        """What tells the language: nothing of a form, whose fields are named by us, and nothing of a button that is gone."""
        if self.form is not None:
            return ""
        return self.text if self.choice is None else state.label(self.choice) or ""

    def message(self, state: Conversation, asked: Question | None) -> str:
        """What was said, in words; a button that is gone says its id."""
        if self.form is not None:
            return form.told(self.form, asked)
        return self.text if self.choice is None else state.label(self.choice) or self.choice

    def received(self, message: str, state: Conversation, asked: Question | None, today: date) -> MessageReceived:
        """What is stored of it, personal data covered; `message` is what was said, cleaned."""
        if self.form is None:
            return MessageReceived(masking(state, asked, today)(message), self.choice)
        stored = form.covered(self.form, state, asked, today)
        return MessageReceived(form.told(stored, asked), form=stored)
