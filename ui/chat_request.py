"""What an OpenAI client asks for, and what of it is refused."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ui.problem import Problem

MODELS = {"teller": "customer", "teller-staff": "staff"}
"""The models by id, each with the audience that it talks to."""
_MOST_MESSAGES = 400
_MOST_CHARACTERS = 400_000
_UNSERVED = ("tools", "functions", "tool_choice", "function_call", "audio", "logprobs", "top_logprobs")

Text = Annotated[str, Field(max_length=_MOST_CHARACTERS)]


class _Lenient(BaseModel):
    """Clients send many parameters that mean nothing here, such as temperature; those are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Part(_Lenient):
    """A piece of a message; only text is taken."""

    type: str = Field(max_length=40)
    text: Text = ""


class Said(_Lenient):
    """One message of the history."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[Part] | None = None

    @property
    def text(self) -> str:
        """What was said, as one text without the space around it."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text").strip()
        return (self.content or "").strip()

    @property
    def kinds(self) -> set[str]:
        """What its pieces are, besides text."""
        return {part.type for part in self.content} - {"text"} if isinstance(self.content, list) else set()


class Asked(_Lenient):
    """A request for a completion."""

    model: str = Field(max_length=200)
    messages: list[Said] = Field(min_length=1, max_length=_MOST_MESSAGES)
    stream: bool = False
    n: int | None = None
    user: str | None = Field(None, max_length=500)
    metadata: dict[str, str] | None = None
    response_format: dict[str, Any] | None = None
    modalities: list[str] | None = None
    tools: Any = None
    functions: Any = None
    tool_choice: Any = None
    function_call: Any = None
    audio: Any = None
    logprobs: Any = None
    top_logprobs: Any = None

    @property
    def talk(self) -> list[Said]:
        """What the two have said to each other; a system prompt neither teaches nor unlocks anything here."""
        return [said for said in self.messages if said.role in ("user", "assistant")]


class Refused(Problem):
    """A request that no change of time or token would make acceptable; `param` names what is wrong with it."""

    def __init__(self, detail: str, param: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(status, detail)
        self.param = param


def check(asked: Asked) -> None:
    """Raises Refused for what is not done here, rather than doing something else instead."""
    if asked.model not in MODELS:
        known = ", ".join(MODELS)
        raise Refused(f"There is no model {asked.model!r}; the models are {known}.", "model", HTTPStatus.NOT_FOUND)
    if asked.n not in (None, 1):
        raise Refused("There is one answer to a question: leave n out, or send 1.", "n")
    unserved = next((name for name in _UNSERVED if getattr(asked, name) not in (None, False, [], "none")), None)
    if unserved:
        raise Refused(f"{unserved} is not served: the assistant takes its own steps at the bank.", unserved)
    if asked.response_format not in (None, {"type": "text"}) or asked.modalities not in (None, ["text"]):
        raise Refused("Answers are text only; leave response_format and modalities out.", "response_format")
    _check_messages(asked)


def _check_messages(asked: Asked) -> None:
    if any(said.role in ("tool", "function") for said in asked.messages):
        raise Refused("Messages of tools are not taken.", "messages")
    other = sorted({kind for said in asked.messages for kind in said.kinds})
    if other:
        raise Refused(f"Only text is taken, not {', '.join(other)}.", "messages")
    if asked.messages[-1].role != "user":
        raise Refused("The last message must be the user's.", "messages")
    if sum(len(said.text) for said in asked.messages) > _MOST_CHARACTERS:
        raise Refused(f"The messages have more than {_MOST_CHARACTERS} characters in all.", "messages")
