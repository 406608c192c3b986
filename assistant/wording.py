"""The assistant's own sentences, in Chinese and English, kept in wording/*.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "wording"
_CJK = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]{2}")
# An e-mail address and a code such as YD20101010 are in no language, and OK is in every one.
_NEITHER = re.compile(r"(?<!\S)[^\s@]*@\S*|\bok\b|\b[A-Za-z]{1,4}-?[0-9]{4,}\w*", re.IGNORECASE)


@dataclass(frozen=True)
class Wording:
    """Every sentence in one language; {bank}, {name} and {hotline} are filled in. `elder` where they are those of elder mode."""

    language: str
    elder: bool
    welcome: str
    welcome_staff: str
    greeting: str
    thanks: str
    goodbye: str
    identity: str
    ability: str
    unclear: str
    abstain: str
    abstain_nearest: str
    abstain_plain: str
    abstain_again: str
    abstain_person: str
    abstain_colleague: str
    colleague: str
    abstain_waiting: str
    as_of: str
    doubtful: str
    doubtful_colleague: str
    read_as: str
    in_the_documents: str
    human_better: str
    human_next: str
    human_waiting: str
    human_nobody: str
    human_still_next: str
    human_still_waiting: str
    human_still_nobody: str
    human_closed: str
    human_left: str
    human_done: str
    human_gone: str
    transferred: str
    transferred_nobody: str
    leave_queue_choice: str
    queue_left: str
    queue_not_needed: str
    queue_helped: str
    queue_silent: str
    satisfaction_5: str
    satisfaction_4: str
    satisfaction_3: str
    satisfaction_2: str
    satisfaction_1: str
    rated: str
    human_choice: str
    nothing_to_repeat: str
    stale_choice: str
    search_failed: str
    too_long: str
    nothing_said: str
    too_fast: str
    declined: str
    not_ordered: str
    skip_choice: str
    not_given: str
    nothing_listed: str
    confirm_yes: str
    confirm_no: str
    consent_yes: str
    consent_no: str
    sign_in: str
    sign_in_link: str
    signed_in: str
    elder_mode_on: str
    review_done: str
    review_refused: str
    picture_name: str
    pictures_needed: str
    video_link: str
    picture_sent: str
    picture_unnamed: str
    picture_unreadable: str
    picture_too_large: str
    picture_not_asked: str
    pictures_enough: str
    code_name: str
    code_ask: str
    code_person: str
    code_resend: str
    code_digits: str
    code_wrong: str
    code_expired: str
    code_too_soon: str
    code_locked: str
    code_needed: str
    bank_unavailable: str
    bank_unknown: str
    held_up_person: str
    still_pending: str
    retry_choice: str
    look_again: str
    flow_begins: str
    flow_next: str
    flow_back: str
    flow_cancelled: str
    flow_closed: str
    nothing_to_cancel: str
    nothing_to_answer: str
    cannot_correct: str
    cannot_skip: str
    offer_task: str
    offer_tasks: str
    task_unknown: str
    clarify: str
    not_understood: str
    plain_yes_please: str
    alarm_lost_card: str
    alarm_fraud: str
    alarm_complaint: str
    alarm_dispute: str
    alarm_danger: str


class _Later(dict[str, str]):
    """Leaves what only the moment knows to be filled in then."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


class Wordings:
    """The sentences of each language that the assistant speaks."""

    def __init__(self, bank: str, name: str, hotline: str) -> None:
        known = _Later(bank=bank, name=name, hotline=hotline)
        self._languages = {path.stem: _load(path, known) for path in sorted(_FOLDER.glob("*.yaml"))}
        self._elder = {
            path.stem: _plainer(self._languages[path.stem], path, known)
            for path in sorted((_FOLDER / "elder").glob("*.yaml"))
        }

    def of(self, locale: str, message: str = "", *, elder: bool = False) -> Wording:
        """The language of the message, or the locale's where the message shows none; plainer words in elder mode."""
        spoken = language(message) or ("en" if locale.lower().startswith("en") else "zh")
        return self._elder[spoken] if elder else self._languages[spoken]


def language(message: str) -> str | None:
    """The language that a message is written in, where it shows one: an e-mail address or a code does not, nor does OK."""
    if _CJK.search(message):
        return "zh"
    return "en" if _LATIN.search(_NEITHER.sub("", message)) else None


def _load(path: Path, known: _Later) -> Wording:
    texts = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = {field.name for field in fields(Wording)} - {"language", "elder"}
    if set(texts) != names:
        raise ValueError(f"{path.name} lacks or has too many of: {', '.join(sorted(names ^ set(texts)))}")
    return Wording(path.stem, elder=False, **{key: text.format_map(known) for key, text in texts.items()})


def _plainer(words: Wording, path: Path, known: _Later) -> Wording:
    """These sentences with those in their place that elder mode has of its own."""
    own = yaml.safe_load(path.read_text(encoding="utf-8"))
    strange = set(own) - {field.name for field in fields(Wording)}
    if strange:
        raise ValueError(f"elder/{path.name} has what is no sentence of the assistant: {', '.join(sorted(strange))}")
    return replace(words, elder=True, **{key: text.format_map(known) for key, text in own.items()})
