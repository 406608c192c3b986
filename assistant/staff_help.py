"""What colleagues ask beside guidance: whether a text may be sent to customers, and what to answer to an objection. Rules alone."""

from __future__ import annotations

from datetime import date

from assistant import agent_guard, draft_check, guard, playbook
from assistant.command import AnswerObjection, CheckDraft
from assistant.draft_check import DraftCheck
from assistant.event import Event, KnowledgeAnswered
from assistant.playbook import Playbook
from assistant.reply import Reply

HelpCommand = CheckDraft | AnswerObjection
_CERTAIN = 1.0


def understood(message: str) -> HelpCommand | None:
    """What of this a colleague asks for, if any; whether a draft is personal is seen before it is covered."""
    draft = draft_check.asked(message)
    if draft is not None:
        return CheckDraft(draft, agent_guard.is_personal(draft, ()))
    objection = playbook.asked(message)
    return AnswerObjection(objection, message) if objection else None


class StaffHelp:
    """Checks drafts and looks objections up."""

    def __init__(self, drafts: DraftCheck, objections: Playbook) -> None:
        self._drafts = drafts
        self._objections = objections

    def obey(self, command: HelpCommand, language: str) -> tuple[Reply, tuple[Event, ...]] | None:
        """The reply and what happened; nothing where no row answers an objection. Raises IndexUnavailable."""
        if isinstance(command, CheckDraft):
            verdict = self._drafts.of(command.draft, language, personal=command.personal)
            text, cited = draft_check.worded(verdict, language)
            return Reply(text, citations=cited), ()
        found = self._objections.objection(command.objection, date.today())
        if found is None:
            return None
        text, cited = found.told(language)
        event = KnowledgeAnswered(guard.mask(command.asked), None, _CERTAIN, (found.source.passage.id,))
        return Reply(text, citations=cited), (event,)
