"""Why a person is needed: a closed set of reasons."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a person is needed."""

    ASKED = "asked"
    DANGER = "danger"
    FRAUD = "fraud"
    LOST_CARD = "lost_card"
    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    NOT_UNDERSTOOD = "not_understood"
    NO_ANSWER = "no_answer"
    TRIES_USED_UP = "tries_used_up"
    IDENTITY = "identity"
    BANK_UNAVAILABLE = "bank_unavailable"
    ELIGIBILITY = "eligibility"
    ACCOUNT = "account"
    REVIEW = "review"
