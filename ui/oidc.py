"""The bank's own sign-in for its people, by OpenID Connect: authorization code with PKCE, state and nonce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from assistant.settings import Settings
from assistant.sign_in import Role

PATH = "/signin/oidc"
_NAME = "bank"
_SECONDS = 10.0
# A token signed with a secret, or not at all, says nothing of who signed it.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_LEEWAY = 60
_LONGEST = 100
_HEAD_OFFICE = frozenset({"总行", "head office"})


class NotVouched(Exception):
    """The bank's sign-in did not vouch for anybody in a way that can be believed."""


class NoRole(Exception):
    """The bank's sign-in vouches for this person, but none of the groups has a role here."""


class NoBranch(Exception):
    """The bank's sign-in vouches for this person of a branch's staff, but does not say of which branch."""


class Unreachable(Exception):
    """The bank's sign-in does not answer as it should."""


@dataclass(frozen=True)
class Person:
    """Whom the bank's sign-in vouches for; `subject` is theirs there for good, `wished` the name to be called by here."""

    subject: str
    wished: str
    display_name: str
    role: Role
    branch: str


def is_on(settings: Settings) -> bool:
    """Whether the bank has a sign-in of its own."""
    return bool(settings.oidc_issuer)


def begins_at(settings: Settings, page: str) -> str:
    """Where the bank's own sign-in begins, for who wants to come back to this page; empty where there is none."""
    return f"{PATH}?{urlencode({'next': page}, safe='/')}" if is_on(settings) else ""


class Oidc:
    """One provider; what it publishes of itself is fetched at the first use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        secret = settings.oidc_client_secret
        self._client: Any = OAuth().register(
            _NAME,
            client_id=settings.oidc_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": _SECONDS},
        )

    async def begin(self, request: Request, callback: str) -> Response:
        """Leads to the provider; what must come back unchanged is kept in the session. Raises Unreachable."""
        await self._issuer()
        redirect: Response = await self._client.authorize_redirect(request, callback)
        return redirect

    async def end(self, request: Request) -> Person:
        """Who came back; raises NotVouched, NoRole, NoBranch, Unreachable."""
        issuer = await self._issuer()
        try:
            claims = await self._claims(request, issuer)
        except httpx2.HTTPError as error:
            raise Unreachable(str(error)) from error
        except (AuthlibBaseError, JoseError, ValueError, KeyError, RuntimeError) as error:
            raise NotVouched(str(error)) from error
        return person(claims, self._settings)

    async def _claims(self, request: Request, issuer: str) -> Mapping[str, Any]:
        expected = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": self._settings.oidc_client_id},
        }
        token = await self._client.authorize_access_token(request, claims_options=expected, leeway=_LEEWAY)
        claims: Mapping[str, Any] | None = token.get("userinfo")
        if not claims:
            raise NotVouched("the provider sent no ID token")
        return claims

    async def _issuer(self) -> str:
        """The issuer as the provider calls itself, where that is the one that was set; raises Unreachable."""
        try:
            told = await self._client.load_server_metadata()
            self._check(told)
        except (httpx2.HTTPError, ValueError, KeyError, RuntimeError) as error:
            raise Unreachable(str(error)) from error
        return str(told["issuer"])

    def _check(self, told: dict[str, Any]) -> None:
        if str(told["issuer"]).rstrip("/") != self._settings.oidc_issuer.rstrip("/"):
            raise ValueError(f"it calls itself {told['issuer']}, not {self._settings.oidc_issuer}")
        offered = told.get("id_token_signing_alg_values_supported") or ["RS256"]
        told["id_token_signing_alg_values_supported"] = [one for one in offered if one in _ALGORITHMS]


def person(claims: Mapping[str, Any], settings: Settings) -> Person:
    """The person whom these claims tell of; raises NoRole, and NoBranch for staff whose branch is not told."""
    groups = _at(claims, settings.oidc_role_claim)
    held = groups if isinstance(groups, list) else [groups]
    role = next((role for group, role in settings.oidc_roles.items() if group in held), None)
    if role is None:
        raise NoRole(str(claims["sub"]))
    wished = str(claims.get("preferred_username") or claims["sub"])
    told = str(_at(claims, settings.oidc_branch_claim) or "").strip()
    # Staff without a branch are the head office's and see every branch's leads: so it must be said, never left out.
    if role is Role.STAFF and not told:
        raise NoBranch(str(claims["sub"]))
    branch = "" if told.casefold() in _HEAD_OFFICE else told
    shown = str(claims.get("name") or wished)
    return Person(f"{claims['iss']} {claims['sub']}", wished, shown[:_LONGEST], role, branch[:_LONGEST])


def _at(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of this name, or what a dotted name leads to."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
