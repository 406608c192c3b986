"""What is installed, configured and reachable, and what to do about the rest."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

import httpx
from sqlalchemy.exc import SQLAlchemyError

from assistant import bootstrap
from assistant.decision import calibrations
from assistant.desk_rules import WrongDesk
from assistant.desk_rules import load as load_desk
from assistant.flow import WrongFlow
from assistant.llms.probe import probe
from assistant.settings import Settings
from assistant.sign_in import DEMO_SIGN_INS
from assistant.user import Users
from knowledge_base.cross_encoder import CrossEncoderUnusable
from knowledge_base.cross_encoders import bundled as bundled_judge
from knowledge_base.embedders import bundled
from knowledge_base.engine import DatabaseUnusable, without_password
from knowledge_base.index import IndexUnavailable, connect
from knowledge_base.library import Library
from knowledge_base.onnx_session import ONNX_FILE
from ui.oidc import is_on


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    state: str
    remedy: str | None = None


def examine(settings: Settings) -> list[Finding]:
    """Every part and every setting in turn."""
    bootstrap.go_offline()
    parts = [_model(settings), _cross_encoder(settings), _ocr(), _database(settings), _index(settings)]
    parts += [_knowledge(settings), _flows(settings), _desk(settings), *_language_models(settings), _bank(settings)]
    parts += [_sign_ins(settings), *_own_sign_in(settings)]
    return [*parts, *_listed(settings)]


def _model(settings: Settings) -> Finding:
    if settings.embedding_model != "bundled":
        return Finding("embedding model", ok=True, state=settings.embedding_model)
    built = (settings.models_dir / bundled.NAME / ONNX_FILE).exists()
    state = f"{bundled.NAME}, {'built' if built else 'not built yet'}"
    remedy = None if built else "it is built at the next start, in about half a minute; or run `make run`"
    return Finding("embedding model", built, state, remedy)


def _cross_encoder(settings: Settings) -> Finding:
    what = "cross-encoder"
    if settings.cross_encoder == "none":
        return Finding(what, ok=True, state="none: evidence is judged by what is near, without reading it")
    try:
        name, fingerprint, built = _reader(settings)
    except CrossEncoderUnusable as error:
        return Finding(what, ok=False, state=str(error), remedy="correct TELLER_CROSS_ENCODER")
    calibrated = fingerprint in calibrations()
    state = f"{name}, {'built' if built else 'not built yet'}, {'calibrated' if calibrated else 'not calibrated'}"
    if not calibrated:
        remedy = (
            "evidence is judged without it; calibrate it with `python -m training calibrate --cross-encoder NAME`, "
            "or set TELLER_CROSS_ENCODER to `bundled` or `none`"
        )
        return Finding(what, ok=False, state=state, remedy=remedy)
    return Finding(what, built, state, None if built else "it is built at the next start, in about half a minute")


def _reader(settings: Settings) -> tuple[str, str, bool]:
    """The cross-encoder's name and fingerprint, and whether it is built; raises CrossEncoderUnusable."""
    if settings.cross_encoder == "bundled":
        name = bundled_judge.name()
        return name, name, (settings.models_dir / name / ONNX_FILE).exists()
    encoder = bootstrap.build_cross_encoder(settings)
    return settings.cross_encoder, encoder.fingerprint if encoder else "", True


def _ocr() -> Finding:
    present = importlib.util.find_spec("rapidocr") is not None
    remedy = (
        None if present else "install teller[ocr] to read scanned PDF pages; they are reported as unreadable meanwhile"
    )
    return Finding("OCR", present, "installed" if present else "not installed", remedy)


def _database(settings: Settings) -> Finding:
    try:
        database = bootstrap.build_database(settings)
    except DatabaseUnusable as error:
        return Finding("database", ok=False, state=error.reason, remedy=error.remedy)
    kind = "PostgreSQL" if database.is_postgres else "SQLite"
    with closing(database):
        remedy = "the database is damaged or cannot be read; restore it from a backup"
        return _tried("database", lambda: f"{kind}, {Library(database).count()} passages", SQLAlchemyError, remedy)


def _index(settings: Settings) -> Finding:
    if settings.chroma_url is None:
        return Finding("Chroma", ok=True, state=f"embedded, in {settings.data_dir / 'chroma'}")
    return _tried(
        "Chroma", lambda: _heartbeat(settings), IndexUnavailable, "start the Chroma server at TELLER_CHROMA_URL"
    )


def _heartbeat(settings: Settings) -> str:
    connect(str(settings.chroma_url)).heartbeat()
    return f"server at {settings.chroma_url}"


def _knowledge(settings: Settings) -> Finding:
    present = settings.knowledge_dir.is_dir()
    remedy = None if present else "set TELLER_KNOWLEDGE_DIR to the folder of your documents"
    return Finding("knowledge folder", present, str(settings.knowledge_dir), remedy)


def _tried(
    what: str, action: Callable[[], str], error: type[Exception] | tuple[type[Exception], ...], remedy: str
) -> Finding:
    try:
        return Finding(what, ok=True, state=action())
    except error as raised:
        return Finding(what, ok=False, state=str(raised).splitlines()[0], remedy=remedy)


def _flows(settings: Settings) -> Finding:
    try:
        flows = bootstrap.build_flows(settings)
    except WrongFlow as error:
        return Finding("guided tasks", ok=False, state=str(error), remedy="mend the files as it says")
    except WrongDesk:
        return Finding("guided tasks", ok=False, state="not checked", remedy="mend the desk's file first")
    return Finding("guided tasks", ok=True, state=f"{len(flows)} in {settings.flows_dir}, no mistakes")


def _desk(settings: Settings) -> Finding:
    try:
        rules = load_desk(settings.desk_file)
    except WrongDesk as error:
        return Finding("desk", ok=False, state=str(error), remedy="mend the file as it says")
    years = {day.year for day in rules.calendar.holidays}
    known = date.today().year in years
    state = f"{len(rules.skills)} skills, holidays of {', '.join(map(str, sorted(years))) or 'no year'}"
    remedy = None if known else "add this year's holidays to the file, or desks that close on them are told to be open"
    return Finding("desk", known, state, remedy)


def _language_models(settings: Settings) -> Iterator[Finding]:
    if not settings.llms:
        yield Finding("language model", ok=True, state="none: answers are given in the words of the documents")
    for number, served in enumerate(settings.llms):
        found = probe(served)
        what = "language model" if number == 0 else f"language model, fallback {number}"
        yield Finding(what, found.ok, found.state, found.remedy)


def _bank(settings: Settings) -> Finding:
    if settings.bank_url is None:
        state = (
            "the demo bank, started with the service" if settings.demo else "none: tasks that need it offer a person"
        )
        return Finding("core banking", ok=True, state=state)
    key = settings.bank_key.get_secret_value() if settings.bank_key else ""
    try:
        answer = httpx.get(
            f"{str(settings.bank_url).rstrip('/')}/v1/operations/none",
            headers={"Authorization": f"Bearer {key}"},
            timeout=settings.bank_timeout_seconds,
        )
    except httpx.HTTPError as error:
        remedy = "start it, or correct TELLER_BANK_URL"
        return Finding("core banking", ok=False, state=f"{settings.bank_url} does not answer ({error})", remedy=remedy)
    if answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return Finding("core banking", ok=False, state="it refuses our key", remedy="correct TELLER_BANK_KEY")
    # No operation is called so, and a gateway says that.
    known = answer.status_code == HTTPStatus.NOT_FOUND
    return Finding("core banking", ok=known, state=f"{settings.bank_url} answers {answer.status_code}")


def _sign_ins(settings: Settings) -> Finding:
    if settings.demo:
        return Finding("sign-ins", ok=True, state=f"the demo's, on this machine only: {', '.join(DEMO_SIGN_INS)}")
    try:
        with closing(bootstrap.build_database(settings)) as database:
            count = Users(database, bootstrap.build_audit(settings, database)).count()
    except (DatabaseUnusable, SQLAlchemyError):
        return Finding("sign-ins", ok=False, state="not checked", remedy="mend the database first")
    state = f"{count} {'user' if count == 1 else 'users'} with TELLER_DEMO off"
    if count or is_on(settings):
        return Finding("sign-ins", ok=True, state=state)
    remedy = "nobody can sign in: run `teller user add NAME --role admin`, or set TELLER_OIDC_ISSUER"
    return Finding("sign-ins", ok=False, state=state, remedy=remedy)


def _own_sign_in(settings: Settings) -> Iterator[Finding]:
    if is_on(settings):
        place = f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
        remedy = "start it, or correct TELLER_OIDC_ISSUER"
        yield _tried("the bank's own sign-in", lambda: _issuer(place), (httpx.HTTPError, ValueError, KeyError), remedy)


def _issuer(place: str) -> str:
    return f"{httpx.get(place, timeout=5).raise_for_status().json()['issuer']} answers"


def _listed(settings: Settings) -> Iterator[Finding]:
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        value = without_password(value) if name == "database_url" and value else value
        yield Finding(f"TELLER_{name.upper()}", ok=True, state=f"{value}   ({field.description})")
