"""Core banking over HTTP: what the demo bank speaks, and a real bank's gateway would."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from assistant import guard
from assistant.bank import BankUnavailable, Result, ResultUnknown, Value

log = logging.getLogger(__name__)
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""Errors from before the request has left this machine."""
_UNSURE = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT)
"""Other refusals of the 4xx kind come before anything is done."""

_SHOWN = 200


class HttpBank:
    """The port to core banking, on one pool of connections that all threads may use."""

    def __init__(self, url: str, key: str, timeout: float = 10) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout, trust_env=False)
        self.answers = True
        """Whether the last call came back, with whatever it said."""

    def query(self, name: str, customer: str, inputs: Mapping[str, str], locale: str) -> Result:
        """Reads something; never changes anything."""
        body = {"customer": customer, "inputs": dict(inputs), "locale": locale}
        return self._ask(f"/v1/queries/{_segment(name)}", body)

    def prepare(self, name: str, customer: str, inputs: Mapping[str, str], locale: str) -> Result:
        """Checks an operation and holds it ready."""
        body = {"name": name, "customer": customer, "inputs": dict(inputs), "locale": locale}
        return self._ask("/v1/operations", body)

    def commit(self, operation: str, key: str) -> Result:
        """Does a prepared operation. Nothing is sent again here: the caller looks it up first."""
        try:
            response = self._send(
                "POST", f"/v1/operations/{_segment(operation)}/commit", headers={"Idempotency-Key": key}
            )
        except _NEVER_SENT as error:
            raise BankUnavailable(str(error)) from error
        except httpx.HTTPError as error:
            raise ResultUnknown(str(error)) from error
        if response.is_client_error and response.status_code not in _UNSURE:
            raise BankUnavailable(_detail(response))
        try:
            return _result(response, operation)
        except _BadAnswer as error:
            raise ResultUnknown(str(error)) from error

    def look_up(self, operation: str) -> Result | None:
        """How a commit ended; nothing where none has come, or the bank does not know the operation."""
        try:
            response = self._send("GET", f"/v1/operations/{_segment(operation)}")
            if response.status_code == HTTPStatus.NOT_FOUND:
                return None
            status = _body(response).get("status")
            if status == "prepared":
                return None
            if status not in ("done", "not_done"):
                raise ResultUnknown(f"The bank says {status!r}.")
            return _result(response, operation)
        except (httpx.HTTPError, _BadAnswer) as error:
            raise ResultUnknown(str(error)) from error

    def send_code(self, customer: str, purpose: str, phone: str | None, locale: str) -> Result:
        """Sends a one-time code to this phone, or to the registered one."""
        body = {"customer": customer, "purpose": purpose, "phone": phone, "locale": locale}
        return self._ask("/v1/codes", body)

    def check_code(self, customer: str, purpose: str, code: str) -> Result:
        """Says whether a code is right; a right one is used up."""
        return self._ask("/v1/codes/check", {"customer": customer, "purpose": purpose, "code": code})

    def close(self) -> None:
        """Gives the connections back."""
        self._http.close()

    def _ask(self, path: str, body: Mapping[str, object]) -> Result:
        """For calls after which nothing has been done to the customer's affairs, whatever becomes of them."""
        try:
            return _result(self._send("POST", path, json=body))
        except (httpx.HTTPError, _BadAnswer) as error:
            raise BankUnavailable(str(error)) from error

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, **more)
        except httpx.HTTPError:
            self.answers = False
            raise
        self.answers = not response.is_server_error
        return response


class _BadAnswer(Exception):
    """An answer that is none: a refusal of the gateway, or not in its form."""


def _segment(name: str) -> str:
    """Names and ids come from outside, and must not lead to another address."""
    return quote(name, safe="")


def _result(response: httpx.Response, operation: str | None = None) -> Result:
    body = _body(response)
    outcome, values = body.get("outcome"), body.get("values")
    if not isinstance(outcome, str) or not isinstance(values, dict):
        raise _BadAnswer("The bank's answer has no outcome and values.")
    read = {str(slot): _value(value) for slot, value in values.items()}
    return Result(outcome, read, operation or body.get("operation"))


def _body(response: httpx.Response) -> dict[str, Any]:
    if not response.is_success:
        raise _BadAnswer(_detail(response))
    try:
        body = response.json()
    except ValueError as error:
        raise _BadAnswer("The bank's answer is no JSON.") from error
    if not isinstance(body, dict):
        raise _BadAnswer("The bank's answer is no object.")
    return body


def _value(value: object) -> Value:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return tuple({str(key): str(text) for key, text in item.items()} for item in value)
    raise _BadAnswer("The bank's answer has a value that is neither a text nor a list of items.")


def _detail(response: httpx.Response) -> str:
    """What the gateway says, for the log and the exception, with personal data covered; never shown to customers."""
    said = guard.mask_said(response.text[:_SHOWN])
    detail = f"{response.request.method} {response.request.url.path}: {response.status_code} {said}"
    log.warning("the bank refused a call: %s", detail)
    return detail
