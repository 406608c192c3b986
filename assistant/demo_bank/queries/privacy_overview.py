"""What a customer has chosen about personal information, and what is still being worked on."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import data_requests, privacy_choices
from assistant.demo_bank.operations import set_privacy_choice
from assistant.demo_bank.outcome import Answer

_KINDS = {"export": ("导出个人信息", "export"), "erasure": ("删除个人信息", "erasure")}


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Each choice with how it stands, and each open request with its last day."""
    del inputs
    mine = connection.execute(select(privacy_choices).where(privacy_choices.c.customer == customer.id)).mappings()
    stands = {row["choice"]: row["on"] for row in mine}
    choices = [
        {"id": name, "label": shown.choose(locale, told["name"]["zh"], told["name"]["en"])}
        | {"state": shown.choose(locale, "已开启", "on") if stands.get(name) else shown.choose(locale, "已关闭", "off")}
        | {"set": "on" if stands.get(name) else "off"}
        for name, told in set_privacy_choice.choices().items()
    ]
    return Answer("found", {"choices": choices, "requests": requests(connection, customer, locale)})


def requests(connection: Connection, customer: Customer, locale: str) -> list[dict[str, str]]:
    """The requests that are still open, with the last day of each."""
    mine = (data_requests.c.customer == customer.id, data_requests.c.status == "accepted")
    rows = connection.execute(select(data_requests).where(*mine).order_by(data_requests.c.requested_at)).mappings()
    return [
        {
            "id": row["number"],
            "label": shown.choose(locale, *_KINDS[row["kind"]]),
            "due": shown.day(row["due_on"], locale),
        }
        for row in rows
    ]
