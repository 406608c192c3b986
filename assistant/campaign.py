"""A campaign of the bank: what it promises to whom and when, and which moves it may make before anybody is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from assistant.customer_card import CustomerCard
from assistant.reply import Citation

HEAD_OFFICE = ""
"""The host of a campaign that is every branch's."""


class Status(StrEnum):
    """What people decided about a campaign: all that is stored of where it stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ENDED = "ended"


class State(StrEnum):
    """Where a campaign stands on a day; `approved` is one that has not begun, or whose places of that day are all taken."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    LIVE = "live"
    ENDED = "ended"


class Move(StrEnum):
    """What people do with a campaign."""

    CHANGE = "change"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    END = "end"


MOVES: Mapping[Move, tuple[Status, Status]] = {
    Move.CHANGE: (Status.DRAFT, Status.DRAFT),
    Move.SUBMIT: (Status.DRAFT, Status.SUBMITTED),
    Move.RETURN: (Status.SUBMITTED, Status.DRAFT),
    Move.APPROVE: (Status.SUBMITTED, Status.APPROVED),
    Move.END: (Status.APPROVED, Status.ENDED),
}
"""From which status each move is made, and where it leads: the only moves there are."""


class CampaignMoved(Exception):
    """The campaign is not where this move may be made from, or was changed since you read it; read it again."""


class NoSuchCampaign(Exception):
    """There is no such campaign; GET /v1/campaigns lists them."""


class QuotaSpent(Exception):
    """There are not as many places left as were to be noted, so none was noted."""


class NotLive(Exception):
    """The campaign is not live on that day, so no place of it can be taken."""


@dataclass(frozen=True)
class Conditions:
    """To whom a campaign may be mentioned, as far as code can check it: every one that is given must be known and met.

    `cities` are looked for in the name of the customer's branch, `holds` in what the customer has here, such as 信用卡.
    """

    branches: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    min_age: int | None = None
    max_age: int | None = None
    holds: tuple[str, ...] = ()

    def met_by(self, card: CustomerCard) -> bool:
        """Whether the bank's data say that this customer meets all of them."""
        places = not self.branches or card.branch in self.branches
        cities = not self.cities or any(city in card.branch for city in self.cities)
        levels = not self.levels or card.level in self.levels
        holds = not self.holds or any(kind in held for kind in self.holds for held in card.products)
        return places and cities and levels and holds and self._allows(card.age)

    def _allows(self, age: int | None) -> bool:
        if self.min_age is None and self.max_age is None:
            return True
        return age is not None and (self.min_age or 0) <= age <= (self.max_age or 200)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a campaign says, as its people write it; what is missing is asked for when it is submitted.

    `audience` tells in words who may take part, of which `conditions` hold what code can check; `quota` tells the places in
    words, `places` as a number: in all, or of each day where `daily`. `about` are task ids, products and topics that it belongs to.
    """

    name: str
    organiser: str = ""
    starts: date | None = None
    ends: date | None = None
    audience: str = ""
    conditions: Conditions = field(default_factory=Conditions)
    reward: str = ""
    quota: str = ""
    places: int | None = None
    daily: bool = False
    rules: str = ""
    approval_number: str = ""
    phone: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Campaign(Plan):
    """A campaign as it is stored. Times are UTC, ISO 8601; `host` is a branch's name, or empty for the head office.

    `version` grows with every change; `used` counts the places taken: of the day asked about where `daily`, else of all.
    `authors` are all who made, changed or submitted it; `citation` is where the documents tell of it, if they do.
    """

    id: str
    host: str
    status: Status
    version: int
    made_by: str
    made_at: str
    authors: tuple[str, ...]
    submitted_by: str | None = None
    submitted_at: str | None = None
    approved_by: str | None = None
    approved_at: str | None = None
    ended_by: str | None = None
    ended_at: str | None = None
    reason: str = ""
    """Why it was returned, or ended early."""
    used: int = 0
    citation: Citation | None = None

    @property
    def left(self) -> int | None:
        """The places that are left; nothing where their number is not known."""
        return None if self.places is None else max(0, self.places - self.used)

    def state(self, day: date) -> State:
        """Where it stands on `day`: never stored, so that it is right at midnight in every process."""
        if self.status is not Status.APPROVED:
            return State(self.status.value)
        if self.starts is None or self.ends is None or day > self.ends:
            return State.ENDED
        if self.left == 0 and not self.daily:
            return State.ENDED
        return State.APPROVED if day < self.starts or self.left == 0 else State.LIVE

    def is_live(self, day: date) -> bool:
        """Whether it is approved, running on `day`, and has places left."""
        return self.state(day) is State.LIVE
