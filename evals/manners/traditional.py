"""Types in traditional script, as in Hong Kong and Taiwan."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

from opencc import OpenCC

from evals.manner import Manner


class _Traditional(Manner):
    def typed(self, text: str, exact: Sequence[str], random: Random) -> str:
        """All of it, for who types this script types addresses in it too."""
        del exact, random
        return str(_script().convert(text))


@cache
def _script() -> OpenCC:
    return OpenCC("s2hk")


manner = _Traditional(presses=0.2)
