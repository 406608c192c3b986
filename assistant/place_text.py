"""Where a customer stands in the queue, and how long it may take, in words."""

from __future__ import annotations

from assistant import waiting
from assistant.place import Place
from assistant.wording import Wording


def joined(place: Place, words: Wording) -> str:
    """To who has just come into the queue."""
    return _told(place, words, words.human_next, words.human_waiting, words.human_nobody)


def still(place: Place, words: Wording) -> str:
    """To who was in the queue already."""
    return _told(place, words, words.human_still_next, words.human_still_waiting, words.human_still_nobody)


def passed_on(place: Place, agent: str, words: Wording) -> str:
    """To who was passed on by this agent, named as customers know them."""
    if place.wait is None:
        return words.transferred_nobody.format(agent=agent, position=place.position)
    wait = waiting.told(place.wait, words.language)
    return words.transferred.format(agent=agent, position=place.position, wait=wait)


def _told(place: Place, words: Wording, first: str, later: str, nobody: str) -> str:
    if place.wait is None:
        return nobody.format(position=place.position)
    wait = waiting.told(place.wait, words.language)
    return (first if place.position == 1 else later).format(before=place.position - 1, wait=wait)
