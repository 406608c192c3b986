"""The steps of a guided task, as its file declares them, and the slots and texts that they use."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, field_validator

from assistant.part import Part, Text
from assistant.reason import Reason
from assistant.ticket_kind import Kind

YES, NO = "是", "否"
MOST_PICTURES = 6
"""As many can be shown for one review."""


class Identity(IntEnum):
    """How sure the bank is of who is talking; each level holds those below it."""

    ANONYMOUS = 0
    SIGNED_IN = 1
    VERIFIED = 2


class Status(StrEnum):
    """How a flow may end."""

    DONE = "done"
    NOT_DONE = "not_done"
    CANCELLED = "cancelled"


Next = str | Mapping[str, str] | None


class _Step(Part):
    """What every step may say of itself: where it leads, who must be sure, and which slots it forgets when it is left."""

    answers: ClassVar[tuple[str, ...]] = ()

    next: Next = None
    identity: Identity = Identity.ANONYMOUS
    clear: tuple[str, ...] = ()

    @field_validator("identity", mode="before")
    @classmethod
    def _identity_by_name(cls, value: Any) -> Any:
        return named_identity(value)

    @field_validator("next", mode="before")
    @classmethod
    def _no_booleans(cls, value: Any) -> Any:
        if isinstance(value, dict) and any(isinstance(key, bool) for key in value):
            raise ValueError(f"YAML reads yes and no as true and false; branch on {YES} and {NO}")
        return value

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every text that this step shows."""
        return ()


class Say(_Step):
    """Says something and goes on. `rows` gives the line for each item of a list that the text names."""

    say: Text
    rows: Mapping[str, Text] = {}

    @property
    def texts(self) -> tuple[Text, ...]:
        """The text said."""
        return (self.say,)


class Collect(_Step):
    """Asks for slots, one by one, where they are not known yet."""

    collect: tuple[str, ...]

    @field_validator("collect", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


class Choose(_Step):
    """Has one option chosen, of those that the slot declares or of a list that an action filled; may branch on it."""

    choose: str
    options_from: str | None = Field(None, alias="from")


class Verify(_Step):
    """Sends a one-time code to the number in a slot and asks for it; `identity: verified` does so for the registered one."""

    verify: str


class Confirm(_Step):
    """Reads back what is about to be done and asks for a plain yes."""

    answers: ClassVar[tuple[str, ...]] = (YES, NO)
    confirm: Text
    rows: Mapping[str, Text] = {}

    @property
    def texts(self) -> tuple[Text, ...]:
        """What is read back."""
        return (self.confirm,)


class Disclose(_Step):
    """Shows a text that must be read and consented to; its version, digest and time are kept as evidence."""

    answers: ClassVar[tuple[str, ...]] = (YES, NO)
    disclose: Text
    version: str

    @property
    def texts(self) -> tuple[Text, ...]:
        """What is disclosed."""
        return (self.disclose,)


class Call(_Step):
    """Calls an action and branches on its outcome: `name` for a query, `name.prepare` and `name.commit` for an operation."""

    call: str

    @property
    def action(self) -> str:
        """The action's name."""
        return self.call.partition(".")[0]

    @property
    def phase(self) -> str:
        """`prepare`, `commit`, or nothing for a query."""
        return self.call.partition(".")[2]


class Review(_Step):
    """Waits until a person of the bank - or one and then another - approves or refuses; `review` is what they are asked.

    It is not approved before the customer has shown as many pictures as it needs.
    """

    answers: ClassVar[tuple[str, ...]] = ("approved", "refused")
    review: Text
    skill: str = Field("general", max_length=40)
    two_people: bool = False
    needs_pictures: int = Field(0, ge=0, le=MOST_PICTURES)
    waiting: Text

    @property
    def texts(self) -> tuple[Text, ...]:
        """What the reviewer reads, and what the customer is told meanwhile."""
        return (self.review, self.waiting)


class Linked(_Step):
    """Shows a link, such as one into the mobile app, and goes on."""

    link: Text
    label: Text
    url: str

    @property
    def texts(self) -> tuple[Text, ...]:
        """What stands beside the link."""
        return (self.link, self.label)


class Subflow(_Step):
    """Runs another flow; slots of the same name are shared both ways. May branch on how it ended."""

    answers: ClassVar[tuple[str, ...]] = tuple(status.value for status in Status)
    subflow: str


class HandOff(_Step):
    """Brings a person in and ends the flow here: to talk, or by what the customer `leaves`, to be seen to when it is `due`."""

    handoff: Reason
    text: Text
    leaves: Literal[Kind.TALK, Kind.MESSAGE, Kind.CALL_BACK] = Kind.TALK
    due: str | None = None

    @property
    def texts(self) -> tuple[Text, ...]:
        """What is said to the customer."""
        return (self.text,)

    @property
    def ends(self) -> Status:
        """How the flow ends: what was to be left is left, and what a person must go on with is not done."""
        return Status.DONE if self.leaves.is_left else Status.NOT_DONE


class End(_Step):
    """Ends the flow."""

    end: Literal[Status.DONE, Status.NOT_DONE, Status.CANCELLED]
    text: Text | None = None
    rows: Mapping[str, Text] = {}

    @property
    def texts(self) -> tuple[Text, ...]:
        """The last words, if any."""
        return (self.text,) if self.text else ()


_KINDS: dict[str, type[_Step]] = {
    "say": Say, "collect": Collect, "choose": Choose, "verify": Verify, "confirm": Confirm, "disclose": Disclose,
    "call": Call, "review": Review, "link": Linked, "subflow": Subflow, "handoff": HandOff, "end": End,
}  # fmt: skip


def _kind(step: Any) -> str:
    named = [kind for kind in _KINDS if kind in step] if isinstance(step, dict) else []
    return named[0] if len(named) == 1 else ""


Step = Annotated[
    Annotated[Say, Tag("say")]
    | Annotated[Collect, Tag("collect")]
    | Annotated[Choose, Tag("choose")]
    | Annotated[Verify, Tag("verify")]
    | Annotated[Confirm, Tag("confirm")]
    | Annotated[Disclose, Tag("disclose")]
    | Annotated[Call, Tag("call")]
    | Annotated[Review, Tag("review")]
    | Annotated[Linked, Tag("link")]
    | Annotated[Subflow, Tag("subflow")]
    | Annotated[HandOff, Tag("handoff")]
    | Annotated[End, Tag("end")],
    Discriminator(
        _kind,
        custom_error_type="step_kind",
        custom_error_message=f"a step has exactly one of: {', '.join(_KINDS)}",
    ),
]


def asks(step: Step) -> tuple[str, ...]:
    """The slots that a step asks for."""
    if isinstance(step, Collect):
        return step.collect
    return (step.choose,) if isinstance(step, Choose) else ()


def named_identity(value: Any) -> Any:
    """An identity level by its name."""
    names = [level.name.lower() for level in Identity]
    if isinstance(value, str):
        if value not in names:
            raise ValueError(f"identity is one of: {', '.join(names)}")
        return Identity[value.upper()]
    return value
