"""A customer who talks while parts die: everything is sent until it is acknowledged, each message under one key, to any process."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

_QUESTIONS = ("白金卡年费多少", "三年定期利率是多少", "手机银行转账收费吗", "怎么挂失", "网点几点开门")
_GIVES_UP = 90
_PAUSE = 0.4
_LATER = (429, 503, 500)


@dataclass
class Heard:
    """What one customer was told: turns by key, and what they were promised."""

    conversation: str
    token: str
    turns: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    customer: str | None = None
    unheard: int = 0
    """Messages that nobody acknowledged before the customer gave up."""


class ChaosCustomer:
    """Talks over HTTP to whichever of the addresses answers."""

    def __init__(self, addresses: list[str], seed: int) -> None:
        self._addresses = addresses
        self._choose = random.Random(seed)
        self._http = httpx.Client(timeout=20, trust_env=False)
        self._number = 0
        self._seed = seed

    def talk(self, customer: str | None) -> Heard | None:
        """A conversation: questions, a person, or - for a customer of the demo bank - a change of their choices."""
        opened = self._send("POST", "/v1/conversations", {}, {})
        if opened is None:
            return None
        heard = Heard(opened["id"], opened["token"], customer=customer)
        if customer:
            self._change(heard, customer)
        else:
            for _ in range(self._choose.choice((1, 2, 3))):
                self._say(heard, text=self._choose.choice(_QUESTIONS))
            if self._choose.random() < 0.1:
                self._say(heard, text="转人工")
        return heard

    def close(self) -> None:
        """Gives the connections back."""
        self._http.close()

    def _change(self, heard: Heard, customer: str) -> None:
        """A guided task to its end, with its code, its confirmation and its receipt."""
        token = self._send("POST", f"/v1/demo/customers/{customer}/session", None, {})
        if (
            token is None
            or self._send("POST", self._place(heard, "/identity"), {"token": token["token"]}, self._own(heard)) is None
        ):
            return
        self._say(heard, text=self._choose.choice(("关闭营销短信", "开启营销短信")))
        codes = self._send("GET", f"/v1/demo/customers/{customer}/codes", None, {})
        if not codes:
            return
        told = self._say(heard, text=str(codes[0]["code"]))
        confirm = (
            next((one["id"] for one in told["reply"]["choices"] if one["id"].endswith(":yes")), None) if told else None
        )
        if confirm:
            self._say(heard, choice=confirm)
            self._say(heard, text="好了吗")

    def _say(self, heard: Heard, **body: str) -> dict[str, Any] | None:
        self._number += 1
        key = f"{self._seed}-{self._number}"
        turn: dict[str, Any] | None = self._send(
            "POST", self._place(heard, "/turns"), body, self._own(heard) | {"Idempotency-Key": key}
        )
        if turn is None:
            heard.unheard += 1
            return None
        heard.turns[key], heard.said[key] = turn, body
        return turn

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        """What is answered by whichever process does; nothing where it is refused for good, or nobody answers for long."""
        end = time.monotonic() + _GIVES_UP
        while time.monotonic() < end:
            address = self._choose.choice(self._addresses)
            try:
                answer = self._http.request(method, address + path, json=body, headers=headers)
            except httpx.HTTPError:
                time.sleep(_PAUSE)
                continue
            if answer.status_code in _LATER:
                time.sleep(_PAUSE)
                continue
            return answer.json() if answer.is_success else None
        return None

    @staticmethod
    def _place(heard: Heard, rest: str) -> str:
        return f"/v1/conversations/{heard.conversation}{rest}"

    @staticmethod
    def _own(heard: Heard) -> dict[str, str]:
        return {"Authorization": f"Bearer {heard.token}"}
