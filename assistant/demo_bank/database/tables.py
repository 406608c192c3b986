"""Every table. Amounts are whole fen, days and moments ISO texts, and `customer` says whose row it is."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

metadata = MetaData()


def _text(name: str, refers_to: str | None = None, **options: bool) -> Column[str]:
    reference = (ForeignKey(refers_to),) if refers_to else ()
    return Column(name, Text, *reference, **{"nullable": False} | options)  # type: ignore[arg-type]


def _maybe(name: str, refers_to: str | None = None) -> Column[str]:
    return _text(name, refers_to, nullable=True)


def _fen(name: str, required: bool = False) -> Column[int]:
    return Column(f"{name}_fen", Integer, nullable=not required)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=False)


def _id() -> Column[str]:
    return _text("id", primary_key=True)


def _owner() -> Column[str]:
    return Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True)


branches = Table(
    "branches", metadata, _text("name", primary_key=True), _text("name_en"), _text("city"), _text("city_en"),
    _text("address"), _text("hours"), _text("weekend"), _text("phone"), _text("services"), _text("accessibility"),
    _text("opens"), _text("closes"), _text("open_days"), _flag("safe_boxes"), _flag("private_banking"),
)  # fmt: skip
"""`open_days` are the digits of the weekdays, Monday being 1; `opens` and `closes` are times such as 09:00."""

products = Table(
    "products", metadata, _text("code", primary_key=True), _text("name"), _text("name_en"), _text("risk_level"),
    _text("term"), _text("term_en"), _fen("minimum", required=True), _text("channels"), _text("issuer"),
    _flag("private"), _flag("branch_only"),
)  # fmt: skip
"""A private product is shown to nobody but qualified investors, and must not be advertised."""

customers = Table(
    "customers", metadata, _id(), _text("name"), _text("name_en"), _text("gender"), _text("birth_date"),
    _text("resident_id", unique=True), _text("id_expires_on"), _text("phone", unique=True), _maybe("email"),
    _text("address"), _maybe("employer"), _maybe("occupation"), _fen("annual_income"), _text("level"),
    _maybe("risk_level"), _maybe("risk_assessed_on"), _text("branch", "branches.name"),
    _maybe("guardian", "customers.id"), _text("tax_resident"), _flag("qualified_investor"),
    _text("story_zh"), _text("story_en"),
)  # fmt: skip
"""Levels 普通, 金卡, 白金, 私行; risk levels C1 to C5; the story is for the demo page."""

accounts = Table(
    "accounts", metadata, _id(), _owner(), _text("number", unique=True), _text("kind"), _maybe("account_class"),
    _fen("balance", required=True), _fen("frozen"), _text("opened_on"), _text("status"),
    _maybe("linked_account", "accounts.id"), _text("branch", "branches.name"),
)  # fmt: skip
"""Kind settlement or pension; class I, II or III for settlement; status normal, dormant, frozen, closed."""

cards = Table(
    "cards", metadata, _id(), _owner(), _text("kind"), _text("product"), _text("number", unique=True),
    _maybe("account", "accounts.id"), _text("status"), _fen("limit"), _fen("used"), _maybe("issued_on"),
    _maybe("expires_on"), _maybe("activated_on"), _maybe("lost_at"), _maybe("lost_until"), _maybe("bill_day"),
    _flag("password_locked"), _flag("quick_pass"),
)  # fmt: skip
"""Kind debit or credit; status normal, lost, frozen, not_activated, expired, cancelled; quick_pass is 小额免密."""

applications = Table(
    "applications", metadata, _id(), _owner(), _text("product"), _text("submitted_at"), _text("status"),
    _maybe("decided_at"), _fen("approved_limit"), _maybe("needs_confirmation_until"), _maybe("refusal"),
    _maybe("note_zh"), _maybe("note_en"), _maybe("delivery_company"), _maybe("delivery_number"),
    _maybe("delivery_status"), _maybe("delivery_address"), _maybe("employer"), _maybe("occupation"),
    _fen("annual_income"), _maybe("phone"),
)  # fmt: skip
"""For credit cards: submitted, reviewing, awaiting_confirmation, approved, card_sent, refused, withdrawn."""

application_drafts = Table(
    "application_drafts", metadata, _id(), _owner(), _text("product"), _text("inputs"), _text("saved_at"),
    _text("expires_on"),
)  # fmt: skip
"""`inputs` is what has been filled in so far, as JSON."""

transactions = Table(
    "transactions", metadata, _id(), _owner(), _maybe("account", "accounts.id"), _maybe("card", "cards.id"),
    _text("at"), _fen("amount", required=True), _text("kind"), _text("category"), _text("merchant"), _fen("balance"),
    Index("transactions_by_time", "customer", "at"),
)  # fmt: skip
"""Amounts that go out are negative; the balance is the account's afterwards, and null for credit cards."""

certificates = Table(
    "certificates", metadata, _id(), _owner(), _text("number", unique=True), _text("account", "accounts.id"),
    _text("kind"), _fen("amount", required=True), Column("copies", Integer, nullable=False), _maybe("purpose"),
    _text("language"), _text("issued_at"), _maybe("frozen_until"), _text("delivery"), _maybe("address"),
    _fen("fee", required=True), _text("status"),
)  # fmt: skip
"""Of deposit: kind point (时点) or period (时段, which freezes the amount); status issued, sent, released."""

visits = Table(
    "visits", metadata, _id(), _owner(), _text("number", unique=True), _text("branch", "branches.name"), _text("day"),
    _text("slot"), _text("business"), _text("status"), _text("booked_at"),
    Index("visits_by_slot", "branch", "day", "slot"),
)  # fmt: skip
"""Slots are such as 09:00-10:00; status booked, kept, cancelled, missed."""

recordings = Table(
    "recordings", metadata, _id(), _owner(), _text("number", unique=True), _text("product", "products.code"),
    _text("branch", "branches.name"), _text("day"), _text("slot"), _text("status"), _text("booked_at"),
    _flag("needs_review"),
)  # fmt: skip
"""双录: status booked, done, cancelled; needs_review where the branch's head must see the customer too."""

ukeys = Table(
    "ukeys", metadata, _id(), _owner(), _text("number", unique=True), _text("issued_on"), _text("expires_on"),
    _text("status"), Column("wrong_attempts", Integer, nullable=False, default=0),
)  # fmt: skip
"""云盾: status normal, locked, expired, lost."""

quick_pay = Table(
    "quick_pay", metadata, _id(), _owner(), _text("card", "cards.id"), _text("institution"), _text("status"),
    _text("bound_at"), _fen("single_limit", required=True), _fen("day_limit", required=True),
    _fen("month_limit", required=True),
)  # fmt: skip
"""Status bound or unbound."""

pension_accounts = Table(
    "pension_accounts", metadata, _id(), _owner(), _maybe("account", "accounts.id"), _text("bank"), _text("opened_on"),
    _fen("paid_this_year", required=True), _text("status"),
)  # fmt: skip
"""The one 个人养老金 account in the country: `bank` may be another one, and then there is no account here."""

privacy_choices = Table(
    "privacy_choices", metadata, _owner(), _text("choice"), _flag("on"), _text("changed_at"),
    UniqueConstraint("customer", "choice"),
)  # fmt: skip
"""Choices personalisation, sharing, marketing_sms, marketing_calls."""

data_requests = Table(
    "data_requests", metadata, _id(), _owner(), _text("number", unique=True), _text("kind"), _text("requested_at"),
    _text("due_on"), _text("status"), _maybe("email"),
)  # fmt: skip
"""Kind export or erasure; status accepted, done, withdrawn."""

complaints = Table(
    "complaints", metadata, _id(), _owner(), _text("number", unique=True), _text("category"), _text("text"),
    _maybe("wish"), _text("filed_at"), _text("due_on"), _text("status"), _maybe("answer_zh"), _maybe("answer_en"),
)  # fmt: skip
"""Status accepted, handling, answered, withdrawn."""

password_resets = Table(
    "password_resets", metadata, _id(), _owner(), _text("kind"), _text("at"), _maybe("limited_until"),
)  # fmt: skip
"""Kind login, payment (交易密码), card (取款密码) or ukey (云盾密码)."""

phone_changes = Table(
    "phone_changes", metadata, _id(), _owner(), _text("old_phone"), _text("new_phone"), _text("at"),
    _text("limited_until"),
)  # fmt: skip
"""Until `limited_until` transfers are limited to 20,000 yuan a day."""

reviews = Table(
    "reviews", metadata, _id(), _owner(), _text("subject"), _text("about"), _text("opened_at"), _text("due_on"),
    _text("status"), _maybe("note_zh"), _maybe("note_en"),
)  # fmt: skip
"""What a person at the bank must look at: status open, passed, rejected."""

operations = Table(
    "operations", metadata, _id(), _owner(), _text("name"), _text("inputs"), _text("locale"), _text("values"),
    _text("status"), _text("prepared_at"), _text("expires_at"), _maybe("reason"), _maybe("finished_at"),
    Column("key", Text, unique=True), Column("receipt", Text, unique=True),
)  # fmt: skip
"""Status prepared, done, not_done; `values` are the readback, and what the commit gave once it is done."""

codes = Table(
    "codes", metadata, _owner(), _text("purpose"), _maybe("digest"), _text("sent_at"), _text("expires_at"),
    Column("wrong", Integer, nullable=False, default=0), _maybe("locked_until"),
    UniqueConstraint("customer", "purpose"),
)  # fmt: skip
"""The one live code for each purpose, as a keyed digest; none where it has been used."""

outbox = Table(
    "outbox", metadata, Column("id", Integer, primary_key=True), _owner(), _text("phone"), _text("purpose"),
    _text("code"), _text("at"),
)  # fmt: skip
"""The demo's mobile phones: what a real bank would have sent by SMS."""

faults = Table(
    "faults", metadata, Column("id", Integer, primary_key=True), _text("mode"),
    Column("latency_ms", Integer, nullable=False), Column("seconds", Integer, nullable=False),
    Column("calls", Integer, nullable=False), _text("paths"),
)  # fmt: skip
"""At most one row: the failure that has been ordered, and how many calls it is still for."""
