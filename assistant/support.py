"""Whether passages say a sentence, as a small model reads them: a second look beside the lock on figures and names."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from assistant import prompt
from assistant.cloak import Cloak, Public
from assistant.grounding import Checked
from assistant.llm import LLM, Allowance, ModelFailed
from assistant.reply import Citation


class Verdict(BaseModel):
    """Whether the passages say it."""

    model_config = ConfigDict(extra="forbid")

    supported: bool


class Support:
    """Has the small model read each sentence against what it cites. What could not be looked at does not hold."""

    def __init__(self, llm: LLM) -> None:
        self._llm = llm

    def holds(self, checked: Checked, sources: Sequence[Citation], allowance: Allowance) -> bool:
        """Whether all that the sentence says stands in the passages that it cites."""
        passages = [Public(one.text) for one in sources if one.number in checked.cited]
        asked = prompt.load("support").render(Cloak(), passages=passages, sentence=checked.text or "")
        try:
            return self._llm.fill(asked, Verdict, allowance).supported
        except ModelFailed:
            return False
