"""Personal data is replaced by tokens before anything is sent to a model, and put back in what comes from it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant import given_address, given_name, guard

_TOKEN = re.compile(r"<[A-Z]+_[0-9]+>")
# A number that is too long for an amount is somebody's, also where it is mistyped and has no known form.
_LONG = re.compile(r"(?<![0-9.,])[0-9](?:[ -]?[0-9]){8,}(?![0-9.,]*[0-9])")


class Public(str):
    """A text of the bank's own, such as a document's, which is sent as it stands."""

    __slots__ = ()


class Cloak:
    """The tokens of one exchange with a model: the same value has the same token throughout it.

    `known` are values to be covered besides those that can be told by their form: names, addresses. A name that a text gives is
    known from then on. Codes and passwords are blotted out; nobody needs them back.
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = {value for value in known if len(value) > 1}
        self._tokens: dict[str, str] = {}

    def cover(self, text: str) -> str:
        """The text with every personal value in it replaced by its token, such as <PHONE_1>."""
        covered = guard.replace_personal(without_tokens(text), self._token)
        covered = _LONG.sub(lambda found: self._token("NUMBER", found.group()), covered)
        self._known.update(given_name.found(text), given_address.found(text))
        for value in sorted(self._known, key=lambda one: (-len(one), one)):
            covered = covered.replace(value, self._token("NAME", value)) if value in covered else covered
        return guard.mask(covered)

    def uncover(self, text: str) -> str:
        """The text with the values in the place of their tokens."""
        values = {token: value for value, token in self._tokens.items()}
        return _TOKEN.sub(lambda found: values.get(found.group(), ""), text)

    def _token(self, kind: str, value: str) -> str:
        return self._tokens.setdefault(value, f"<{kind}_{len(self._tokens) + 1}>")


def without_tokens(text: str) -> str:
    """The text without tokens, also where one would come to be by leaving another out."""
    while _TOKEN.search(text):
        text = _TOKEN.sub("", text)
    return text
