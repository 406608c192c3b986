"""Options found in what people say: by name, by place in the list, by a part, and despite typos."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz.distance import Levenshtein

from assistant import numeral
from assistant.slot import Asked, Filled, Found, Option, Rejected
from knowledge_base.text import fold

Names = Callable[[Option], Sequence[str]]

_PUNCTUATION = re.compile(r"[\s,，.。!！?？;；:：、~～\"'“”‘’()（）《》【】\[\]·-]+")
_FILLER = re.compile(
    "^(?:嗯|那|那就|就|还是|请|麻烦|帮我|给我|我|想|要|选择?|选|去|到|在|办理?|用|是|订|预约|用的|它|这个|那个|the|i|want|would|like|choose|pick|take|to|go|please|a|an)+?(?=.{2})"
)
_TAIL = re.compile(
    "(?:吧|呢|的话|的|啊|呀|了|那个|这个|那张|这张|那种|这种|那边|那里|那儿|那家|这家|就行|就好|就可以|可以|one|please|谢谢)+$"
)
_LATIN = re.compile("[0-9a-z]")
_NEGATED = re.compile("不|(?<![类级性特])别|非|没|除了|not|n't|except|什么|多少|哪|吗|怎么|how|what|which")

_CLASSIFIER = "[个项种张条家款笔位]"
_COUNT = "[0-9一二两三四五六七八九十]{1,3}"
_PLACE = re.compile(f"第({_COUNT}){_CLASSIFIER}?|选项?({_COUNT})(?![0-9万元个张种条款家])|^({_COUNT})[号项]?$")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ENGLISH_PLACES = {word: place for place, word in enumerate(_ORDINALS, 1)}
_ENGLISH_PLACE = re.compile(
    rf"\b({'|'.join(_ENGLISH_PLACES)})\b|\b(?:option|number|no\.?) ?([0-9]{{1,2}})\b|^([0-9]{{1,2}})(?:st|nd|rd|th)(?: one)?$"
)
_LETTER = re.compile("(?:^|选项?|option )([a-h])(?:吧|选项)?$")
_FROM_END = re.compile(f"倒数第({_COUNT})|(最后(?:那|一|1)?{_CLASSIFIER}?(?!一?[0-9天]))|\\b(last)(?: one)?\\b")


def plain(text: str) -> str:
    """A folded text without spaces and punctuation."""
    return _PUNCTUATION.sub("", text)


def core(text: str) -> str:
    """What is left of an answer without the words around it: 我想要白金的那张 is 白金."""
    text = plain(_FILLER.sub("", text.strip()))
    return _TAIL.sub("", _FILLER.sub("", text))


def negated(text: str) -> bool:
    """Whether an answer rules something out or asks."""
    return bool(_NEGATED.search(text))


def named(text: str, options: Iterable[Option], names: Names) -> set[str]:
    """The options whose names stand in a text; a name within a longer one that also stands there does not count."""
    pairs = sorted(
        ((name, option.id) for option in options for name in names(option) if name), key=lambda pair: -len(pair[0])
    )
    found: set[str] = set()
    taken: set[str] = set()
    for name, option in pairs:
        pattern = rf"(?<![0-9a-z]){re.escape(name)}(?![0-9a-z])" if name.isascii() else _edged(name)
        if name in taken or re.search(pattern, text):
            found.add(option)
            taken.add(name)
            text = re.sub(pattern, "|", text)
    return found


def _edged(name: str) -> str:
    before = "(?<![0-9a-z])" if name[0].isascii() else ""
    return before + re.escape(name) + ("(?![0-9a-z])" if name[-1].isascii() else "")


def placed(text: str, size: int) -> set[int]:
    """The places in the list that a text points at, from 1; those past the end are kept."""
    text = text.strip(" .。!！,，")
    found = {size + 1 - (_number(number) or 1) for number, *_ in _FROM_END.findall(text)}
    text = _FROM_END.sub("|", text)
    found |= {_number(next(filter(None, groups))) or 0 for groups in _PLACE.findall(text)}
    found |= {_ENGLISH_PLACES.get(word) or int(first or second) for word, first, second in _ENGLISH_PLACE.findall(text)}
    return found | {ord(letter) - ord("a") + 1 for letter in _LETTER.findall(text)}


def _number(text: str) -> int | None:
    value = numeral.read(text) if text else None
    return None if value is None else int(value)


def partly(said: str, options: Sequence[Option], names: Names) -> set[str]:
    """The options of whose names a short answer is a part, or a part of whose names only they have stands in it."""
    if said.isdigit():
        return {option.id for option in options if any(said in re.findall("[0-9]+", name) for name in names(option))}
    if len(said) < 2:
        return set()
    whole = {option.id for option in options if any(_within(said, name) for name in names(option))}
    return whole or _distinct(said, options, names)


def _distinct(said: str, options: Sequence[Option], names: Names) -> set[str]:
    """The options by parts that stand in an answer: those that only one of them has, else those that several share."""
    owners: list[set[str]] = []
    covered: set[int] = set()
    for start, end in _stretches(said):
        part = said[start:end]
        having = {option.id for option in options if any(_within(part, name) for name in names(option))}
        if having and _apart(said, start, end) and not part.isdigit():
            owners.append(having)
            covered.update(range(start, end))
    if 2 * len(covered) < len(said):
        return set()
    return set().union(*([having for having in owners if len(having) == 1] or owners))


def _stretches(said: str) -> list[tuple[int, int]]:
    return [(start, end) for start in range(len(said)) for end in range(start + 2, min(len(said), start + 12) + 1)]


def _within(part: str, name: str) -> bool:
    start = name.find(part)
    while start >= 0:
        if _apart(name, start, start + len(part)):
            return True
        start = name.find(part, start + 1)
    return False


def _apart(text: str, start: int, end: int) -> bool:
    """Whether a stretch cuts through no number and no Latin word."""
    return not any(
        0 < edge < len(text) and _LATIN.fullmatch(text[edge - 1]) and _LATIN.fullmatch(text[edge])
        for edge in (start, end)
    )


def close(
    said: str, options: Sequence[Option], names: Names, *, bar: float, margin: float, windows: bool = False
) -> str | None:
    """The one option whose name is nearly what was said, clearly nearer than the next."""
    if len(said) < 3:
        return None
    scores = sorted(((_likeness(said, names(option), windows), option.id) for option in options), reverse=True)
    if not scores or scores[0][0] < bar or (len(scores) > 1 and scores[0][0] - scores[1][0] < margin):
        return None
    return scores[0][1]


def _likeness(said: str, names: Sequence[str], windows: bool) -> float:
    candidates = {part for name in names for part in (_windows(name, len(said)) if windows else [name])}
    return max((Levenshtein.normalized_similarity(said, part) for part in candidates), default=0.0)


def _windows(name: str, size: int) -> list[str]:
    return [name[start : start + size] for start in range(max(1, len(name) - size + 1))]


def at(places: set[int], asked: Asked) -> Found:
    """The option at the one place in the list that was pointed at."""
    if len(places) > 1:
        return Rejected("ambiguous")
    place = places.pop()
    if not 1 <= place <= len(asked.options):
        return Rejected("no_such_option")
    return picked({asked.options[place - 1].id}, asked)


def picked(ids: set[str], asked: Asked) -> Found:
    """The one option with these ids; several are too many when they were asked for, and nothing when not."""
    if len(ids) == 1:
        return next(Filled(option.id, option.label) for option in asked.options if option.id in ids)
    return Rejected("ambiguous") if ids and asked.open else None


def exactly(text: str) -> str:
    """A name as it is compared: Chinese without spaces and punctuation, Latin as it is."""
    text = fold(text)
    return text if text.isascii() else plain(text)
