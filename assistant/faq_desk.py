"""Where editors write answers to what was left open, and a second person approves them. `by` is always the sign-in's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from assistant import extract, faq_draft, gap_reply, guard
from assistant.answering import Answering, Question
from assistant.audit import Audit
from assistant.faq_check import FaqCheck, Finding, NearFaq
from assistant.faq_draft import DraftMoved, FaqDraft, FaqDrafts, FaqWords, Origin, Status
from assistant.faq_publishing import FaqPublishing
from assistant.gap_desk import AskedQuestion, GapDesk, GapGroup
from knowledge_base.passage import Audience, Hit, Kind
from knowledge_base.text import clean

_SIMILAR = 10
_CLOSE = 0.87
"""A passage this near may hold the answer, and is offered as a beginning."""
_LONGEST_REASON = 200
_SYSTEM = "system"
_CHANGED = (Status.DRAFT, Status.SUBMITTED, Status.REFUSED, Status.WITHDRAWN)
_SEPARATORS = str.maketrans(dict.fromkeys("|｜；;\n", " "))


class DraftFaulty(Exception):
    """The draft cannot be submitted or approved as it stands."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(" ".join(one.sentence for one in findings))
        self.findings = findings


class NeedsSecondPerson(Exception):
    """You had a hand in this draft; another person must approve it."""


class NoRefusalReason(Exception):
    """Say why, in 200 characters at most; whoever wrote the draft reads it."""


@dataclass(frozen=True)
class FaqView:
    """A draft with what is wrong with it, and the published question that is nearest to it."""

    draft: FaqDraft
    findings: tuple[Finding, ...]
    nearest: NearFaq | None


class FaqDesk:
    """Every move is one transaction with its entry in the audit trail; what is published follows, and is made good if it fails."""

    def __init__(
        self,
        drafts: FaqDrafts,
        gaps: GapDesk,
        check: FaqCheck,
        publishing: FaqPublishing,
        answering: Answering,
        audit: Audit,
    ) -> None:
        self.drafts = drafts
        self._gaps = gaps
        self._check = check
        self._publishing = publishing
        self._answering = answering
        self._audit = audit

    def listed(self, status: Status | None = None, audience: Audience | None = None) -> list[FaqDraft]:
        """The drafts, those changed last first; what a withdrawn document held is withdrawn too."""
        for one in Audience:
            self._publishing.follow(one)
        return self.drafts.listed(status, audience)

    def tasks(self, language: str) -> list[tuple[str, str]]:
        """The guided tasks that an answer may lead to: id and title."""
        return [(flow.id, flow.title.of(language)) for flow in self._check.flows.values()]

    def view(self, draft: str, language: str) -> FaqView:
        """One draft, held against the documents of today; raises NoSuchDraft."""
        found = self.drafts.get(draft)
        checked = found.status in (Status.DRAFT, Status.SUBMITTED, Status.REFUSED)
        findings = self._check.findings(found.words, language) if checked else ()
        return FaqView(found, findings, self._check.nearest(found.words) if checked else None)

    def make(self, by: str, words: FaqWords) -> FaqDraft:
        """A draft of an editor's own."""
        return self._made(lambda connection: faq_draft.add(connection, by, _cleaned(words)), by)

    def make_from_gap(self, by: str, group: str) -> FaqDraft:
        """A draft for a group of questions, for those who asked: with what a person of the bank answered, or the nearest passage.

        Raises NoSuchGap.
        """
        found, asked = self._gaps.get(group), self._gaps.questions(group)
        title = guard.mask(found.title)
        words = FaqWords(title, "", found.audience, _wordings(title, asked))
        best = max((one for one in asked if one.reply), key=lambda one: (one.satisfaction or 0, one.at), default=None)
        if best:
            words, origin, place = replace(words, answer=best.reply), Origin.PERSON, best.ticket or ""
        else:
            words, place = self._begun(words, found)
            origin = Origin.PASSAGE if place else Origin.EDITOR
        talk = best.conversation if best else None
        return self._made(lambda c: faq_draft.add(c, by, _cleaned(words), origin, place, group, talk), by)

    def change(self, by: str, draft: str, words: FaqWords) -> FaqDraft:
        """Writes it anew, after which it is a draft again; raises NoSuchDraft, DraftMoved where it is approved."""
        before = self._standing(draft, *_CHANGED)
        if before.status is Status.DRAFT and before.words == _cleaned(words):
            return before
        detail = {"audience": words.audience.value} if words.audience is not before.words.audience else {}
        return self._moved(
            before, by, "change_faq", lambda c: faq_draft.rewrite(c, by, before, _cleaned(words)), detail
        )

    def submit(self, by: str, draft: str, language: str) -> FaqDraft:
        """Hands it to another person; raises DraftFaulty, DraftMoved, NoSuchDraft."""
        before = self._standing(draft, Status.DRAFT)
        self._require_sound(before, language)
        return self._moved(before, by, "submit_faq", lambda c: faq_draft.move(c, before, Status.SUBMITTED))

    def approve(self, by: str, draft: str, revision: int, language: str) -> FaqDraft:
        """Publishes what was read in this revision; raises NeedsSecondPerson, DraftFaulty, DraftMoved, NoSuchDraft."""
        before = self._standing(draft, Status.SUBMITTED)
        if by in before.hands:
            raise NeedsSecondPerson(NeedsSecondPerson.__doc__)
        if before.revision != revision:
            raise DraftMoved(DraftMoved.__doc__)
        self._require_sound(before, language)
        self._moved(before, by, "approve_faq", lambda c: faq_draft.move(c, before, Status.APPROVED, by))
        self._publishing.bring_up(by, before.words.audience)
        return self.drafts.get(draft)

    def refuse(self, by: str, draft: str, because: str) -> FaqDraft:
        """Gives it back for a reason; raises NoRefusalReason, DraftMoved, NoSuchDraft."""
        told, before = _reason(because), self._standing(draft, Status.SUBMITTED)
        move = lambda c: faq_draft.move(c, before, Status.REFUSED, by, told)  # noqa: E731 - one of a row of moves
        return self._moved(before, by, "refuse_faq", move, {"because": told})

    def withdraw(self, by: str, draft: str, because: str) -> FaqDraft:
        """Takes a published answer out again; raises NoRefusalReason, DraftMoved, NoSuchDraft."""
        told, before = _reason(because), self._standing(draft, Status.APPROVED, Status.PUBLISHED)
        move = lambda c: faq_draft.move(c, before, Status.WITHDRAWN, before.decided_by, told)  # noqa: E731
        self._moved(before, by, "withdraw_faq", move, {"because": told})
        self._publishing.bring_up(by, before.words.audience)
        return self.drafts.get(draft)

    def remove(self, by: str, draft: str) -> None:
        """Throws away what was never published; raises DraftMoved, NoSuchDraft."""
        before = self._standing(draft, Status.DRAFT, Status.REFUSED)
        with self.drafts.database.writing() as connection:
            faq_draft.remove(connection, before)
            self._audit.note(by, "remove_faq", f"faq:{draft}", {"question": before.words.question}, within=connection)

    def make_good(self) -> None:
        """Brings up what was approved or withdrawn when the service was killed, and follows documents that editors withdrew."""
        for audience in Audience:
            waiting = self.drafts.listed(Status.APPROVED, audience)
            self._publishing.bring_up((waiting and waiting[0].decided_by) or _SYSTEM, audience)

    def _require_sound(self, draft: FaqDraft, language: str) -> None:
        findings = self._check.findings(draft.words, language)
        if findings:
            raise DraftFaulty(findings)

    def _standing(self, draft: str, *allowed: Status) -> FaqDraft:
        found = self.drafts.get(draft)
        if found.status not in allowed:
            raise DraftMoved(DraftMoved.__doc__)
        return found

    def _made(self, add: Callable[[Connection], str], by: str) -> FaqDraft:
        with self.drafts.database.writing() as connection:
            made = add(connection)
            self._audit.note(by, "draft_faq", f"faq:{made}", within=connection)
        return self.drafts.get(made)

    def _moved(
        self,
        before: FaqDraft,
        by: str,
        did: str,
        move: Callable[[Connection], None],
        detail: dict[str, str] | None = None,
    ) -> FaqDraft:
        with self.drafts.database.writing() as connection:
            move(connection)
            self._audit.note(by, did, f"faq:{before.id}", detail, within=connection)
        return self.drafts.get(before.id)

    def _begun(self, words: FaqWords, group: GapGroup) -> tuple[FaqWords, str]:
        """The nearest passage's words and where they stand, if it is near enough to be of use."""
        hits = self._answering.find(Question(group.title, group.audience))
        if not hits or hits[0].similarity < _CLOSE:
            return words, ""
        document, passage = hits[0].document, hits[0].passage
        place = " > ".join(filter(None, (document.title, passage.section)))
        return replace(words, answer=_answer(group.title, hits[0])), place


def _answer(question: str, hit: Hit) -> str:
    if hit.passage.kind is Kind.FAQ:
        return hit.passage.answer
    return extract.without_marks(extract.worded(question, extract.used(question, hit, [hit])))


def _wordings(title: str, asked: list[AskedQuestion]) -> tuple[str, ...]:
    """How else it was asked, without what speaks of one customer."""
    plain = (guard.mask(one.text) for one in asked if not gap_reply.is_personal(one.text))
    return tuple(text for text in dict.fromkeys(plain) if text != title)[:_SIMILAR]


def _cleaned(words: FaqWords) -> FaqWords:
    similar = (clean(one).translate(_SEPARATORS).strip() for one in words.similar_questions)
    question = clean(words.question).replace("\n", " ")
    return replace(
        words,
        question=question,
        answer=clean(words.answer),
        similar_questions=tuple(filter(None, dict.fromkeys(similar))),
    )


def _reason(because: str) -> str:
    told = clean(because)
    if not 0 < len(told) <= _LONGEST_REASON:
        raise NoRefusalReason(NoRefusalReason.__doc__)
    return told
