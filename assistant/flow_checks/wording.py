"""Texts are whole: in both languages, naming the same things, and only what is known where they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from assistant.flow_case import Case
from assistant.flow_mistake import Mistake, listed, meant
from assistant.part import Slot, Spoken, Text
from assistant.step import Disclose, Step, asks
from assistant.step_text import apart, placeholders

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_LETTER = re.compile(r"[^\W\d_]")
Wrong = Iterator[tuple[str, str]]


def find(case: Case) -> Iterator[Mistake]:
    """Texts that would be shown half, in the wrong language, or with nothing where something belongs."""
    flow = case.flow
    for where, text in (("title", flow.title), ("summary", flow.summary)):
        yield from (Mistake(flow.id, where, what, mend) for what, mend in _fixed(where, text))
    for name, slot in flow.slots.items():
        yield from (Mistake(flow.id, f"slots.{name}", what, mend) for what, mend in _slot(slot))
    for name, step in flow.steps.items():
        wrong = [*_step(step), *_rows(case, step), *_shown(case, name, step), *_asked(case, name, step)]
        yield from (Mistake(flow.id, name, what, mend) for what, mend in wrong)


def _slot(slot: Slot) -> Wrong:
    yield from _fixed("name", slot.name)
    yield from _formed("ask", slot.ask)
    for reason, text in slot.reject.items():
        yield from _fixed(f"reject.{reason}", text)
    for option, choosable in slot.options.items():
        if choosable.label.zh != choosable.label.en or _HAN.search(choosable.label.en):
            yield from _fixed(f"options.{option}", choosable.label)


def _step(step: Step) -> Wrong:
    for text in step.texts:
        yield from _formed("the text", text)
    if isinstance(step, Disclose) and step.disclose.elder:
        yield "what the customer agrees to has a wording for elder mode", "take it out: it is read as it stands"
    for name, line in _lines(step).items():
        yield from _formed(f"rows.{name}", line)


def _fixed(where: str, text: Text) -> Wrong:
    """A text in which nothing is put in."""
    yield from _languages(where, text)
    if placeholders(text.zh) or placeholders(text.en):
        yield f"{where} names something in braces, and nothing is put in there", "take the braces out"


def _formed(where: str, text: Text) -> Wrong:
    yield from _spoken(where, text)
    if text.elder:
        yield from _spoken(f"{where} for elder mode", text.elder)
        if differing := _all(text.elder) ^ _all(text):
            names = listed(f"{{{name}}}" for name in sorted(differing))
            yield f"{where} names {names} either in elder mode or out of it, and not in both", "name the same in both"


def _spoken(where: str, text: Spoken) -> Wrong:
    yield from _languages(where, text)
    zh, en = placeholders(text.zh), placeholders(text.en)
    if zh is None or en is None:
        language = "zh" if zh is None else "en"
        yield f"{where} has braces in {language} that hold no plain name", "write {name}, or {{ and }} for the signs"
    elif zh != en:
        names = listed(f"{{{name}}}" for name in sorted(zh ^ en))
        yield f"{where} names {names} in one language only", "name the same in zh and en"


def _languages(where: str, text: Spoken) -> Wrong:
    if not _HAN.search(text.zh) and _LETTER.search(apart(text.zh)):
        yield f"{where} holds no Chinese in zh", "write zh in Chinese"
    if _HAN.search(text.en):
        yield f"{where} holds Chinese in en", "write en in English"
    if not text.zh.strip() or not text.en.strip():
        yield f"{where} is blank", "write it in both languages"


def _rows(case: Case, step: Step) -> Wrong:
    """Lists have a line for each item, and only lists do."""
    names, lines = _names(step), _lines(step)
    given = {name for edges in case.edges.values() for edge in edges for name in case.fills(edge)}
    for name in lines.keys() - names:
        yield f"rows has {name}, which the text does not name", meant(name, names, f"name {{{name}}} in the text")
    for name in lines.keys() & names - given:
        yield f"rows has {name}, which no action fills", "take it out of rows, or call the action that fills it"
    for name in sorted(names & case.lists - lines.keys()):
        mend = f"give the line for an item in rows.{name}" if hasattr(step, "rows") else "show the list in a `say`"
        yield f"{{{name}}} is a list", mend


def _shown(case: Case, name: str, step: Step) -> Wrong:
    known = {fact.name for fact in case.facts.get(name, ()) if fact.kind == "known"}
    for missing in sorted(_names(step) - known):
        yield from _missing(case, name, missing, "the text")


def _asked(case: Case, name: str, step: Step) -> Wrong:
    """A question may name what was known before it, and what the same step asked for earlier."""
    known = {fact.name for fact in case.facts.get(name, ()) if fact.kind == "known"}
    for slot in asks(step):
        if slot in case.flow.slots:
            for missing in sorted(_all(case.flow.slots[slot].ask) - known):
                yield from _missing(case, name, missing, f"the question for {slot}")
        known.add(slot)


def _missing(case: Case, name: str, missing: str, text: str) -> Wrong:
    if missing not in case.filled:
        mend = meant(missing, case.filled, "collect it, or call an action that fills it")
        yield f"{text} names {{{missing}}}, which nothing fills", mend
    elif name in case.facts and not case.optional(missing):
        mend = f"have {missing} known on each way, or say it in another step"
        yield f"{text} names {{{missing}}}, which is not known on every way here", mend


def _names(step: Step) -> frozenset[str]:
    return frozenset().union(*(_all(text) for text in step.texts))


def _all(text: Spoken) -> frozenset[str]:
    return (placeholders(text.zh) or frozenset()) | (placeholders(text.en) or frozenset())


def _lines(step: Step) -> Mapping[str, Text]:
    lines: Mapping[str, Text] = getattr(step, "rows", {})
    return lines
