"""Through a provider of OpenID Connect and back, and what comes back from a crooked one."""

from __future__ import annotations

import hmac
import json
import re
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import flask
import httpx
import httpx2
import oidc_provider_mock
import pytest
import werkzeug.serving
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant import bootstrap, gate
from assistant.gate import Gate
from assistant.human_agent import Presence
from assistant.settings import Settings
from assistant.sign_in import Role, SignIn
from assistant.user import Change
from evals.desk_office import Office, opened
from ui import oidc
from ui.pages import oidc_page
from ui.service import Service
from ui.signin import SignIns

# The provider is built on what its library is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
CLIENT = "teller"
BRANCH = "云杉银行成都高新支行"
PEOPLE = (
    oidc_provider_mock.User(
        sub="s-1",
        claims={"preferred_username": "Li.Na", "name": "李娜", "groups": ["all", "teller-staff"], "branch": BRANCH},
    ),
    oidc_provider_mock.User(
        sub="a-1", claims={"preferred_username": "wang", "groups": ["teller-agents", "teller-staff"]}
    ),
    oidc_provider_mock.User(sub="x-1", claims={"preferred_username": "guest", "groups": ["all"]}),
    oidc_provider_mock.User(
        sub="n-1", claims={"preferred_username": "admin", "groups": ["teller-staff"], "branch": BRANCH}
    ),
    oidc_provider_mock.User(
        sub="n-2", claims={"preferred_username": "zhang.wei", "groups": ["teller-staff"], "branch": BRANCH}
    ),
    oidc_provider_mock.User(sub="b-1", claims={"preferred_username": "sun", "groups": ["teller-staff"]}),
    oidc_provider_mock.User(
        sub="h-1", claims={"preferred_username": "qian", "groups": ["teller-staff"], "branch": "总行"}
    ),
)
ROLES = {"teller-agents": "agent", "teller-staff": "staff"}
Forge = Callable[[dict[str, Any], RSAKey], str]


class Provider:
    """A provider on this machine; `forge` makes another ID token of the claims and the key of the true one."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.forge: Forge | None = None
        self.asked: list[dict[str, list[str]]] = []

    def rewrite(self, response: flask.Response) -> flask.Response:
        if flask.request.path == "/oauth2/token" and response.status_code == 200:
            self.asked.append(dict(flask.request.form.lists()))
            if self.forge:
                key = RSAKey.import_key(flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True))
                told: dict[str, Any] = json.loads(response.get_data())
                claims = jwt.decode(told["id_token"], key).claims
                response.set_data(json.dumps(told | {"id_token": self.forge(claims, key)}))
        return response


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    app = oidc_provider_mock.app(user_claims=PEOPLE, require_nonce=True)
    app.debug = False
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    app.after_request(provider.rewrite)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def provider(running: Provider) -> Iterator[Provider]:
    yield running
    running.forge = None
    running.asked.clear()


class Site:
    """What of the service a sign-in needs, with a page at /desk and one at /staff."""

    def __init__(self, root: Path, office: Office, issuer: str) -> None:
        self.settings = Settings(
            data_dir=root, oidc_issuer=issuer, oidc_client_id=CLIENT, oidc_client_secret="secret",
            oidc_roles=ROLES,
        )  # fmt: skip
        self.office = office
        self.audit = bootstrap.build_audit(self.settings, office.storage.database)
        self.gate: Gate = gate.build(office.storage.database, self.audit)
        self.sign_ins = SignIns(self.settings, self.gate, self.audit)
        self.app = FastAPI()
        for page in ("/desk", "/staff"):
            self.app.mount(page, Starlette())
        parts = {"settings": self.settings, "audit": self.audit, "users": self.gate.users, "sign_ins": self.sign_ins}
        oidc_page.mount(self.app, cast("Service", SimpleNamespace(**parts, desk=office.desk)))
        self.browser = self.new_browser()

    def new_browser(self) -> TestClient:
        return TestClient(
            self.app, "http://127.0.0.1:7860", follow_redirects=False, headers={"Accept-Language": "zh-CN"}
        )

    def begin(self, page: str = "/staff") -> str:
        """Where the provider is asked."""
        answer = self.browser.get("/signin/oidc", params={"next": page})
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])

    def agree(self, asked: str, sub: str = "s-1") -> str:
        """Where the provider leads back to, once this person has signed in there."""
        answer = httpx.post(asked, data={"sub": sub}, trust_env=False)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])

    def sign_in(self, sub: str = "s-1", page: str = "/staff") -> httpx2.Response:
        return self.browser.get(self.agree(self.begin(page), sub))

    def refused(self) -> str:
        """Why nobody entered the last time, as it was noted."""
        last = self.audit.listed(limit=1)[0]
        assert last.did == "fail_sign_in"
        return last.detail["why"]


@contextmanager
def site_of(root: Path, issuer: str) -> Iterator[Site]:
    with opened(f"sqlite:///{root / 'teller.sqlite3'}") as office:
        yield Site(root, office, issuer)


@pytest.fixture
def site(tmp_path: Path, provider: Provider) -> Iterator[Site]:
    with site_of(tmp_path, provider.address) as made:
        yield made


def token_in(answer: httpx2.Response) -> str:
    """The token that the page keeps."""
    assert answer.status_code == 200, answer.text
    assert 'sessionStorage.setItem("teller.sign_in"' in answer.text
    found = re.search(r'"token": "([^"]+)"', answer.text)
    assert found
    return found[1]


def changed(url: str, **query: str) -> str:
    parts = urlsplit(url)
    told = {name: values[0] for name, values in parse_qs(parts.query).items()} | query
    return urlunsplit(parts._replace(query=urlencode(told)))


class TestThereAndBack:
    def test_who_has_a_role_enters_with_name_role_and_branch(self, site: Site) -> None:
        answer = site.sign_in()
        assert site.sign_ins.read(token_in(answer)) == SignIn("li.na", Role.STAFF, BRANCH)
        assert 'location.replace("/staff")' in answer.text
        assert answer.headers["cache-control"] == "no-store"
        entered, added = site.audit.listed()
        assert (entered.who, entered.did, entered.detail) == ("li.na", "sign_in", {"by": "oidc"})
        assert (added.who, added.did) == ("system", "add_user")

    def test_staff_of_the_head_office_are_told_so_by_the_bank(self, site: Site) -> None:
        assert site.sign_ins.read(token_in(site.sign_in("h-1"))) == SignIn("qian", Role.STAFF, "")

    def test_the_provider_is_asked_with_state_nonce_and_proof(self, site: Site, provider: Provider) -> None:
        asked = site.begin()
        query = parse_qs(urlsplit(asked).query)
        assert query["code_challenge_method"] == ["S256"]
        assert min(len(query[name][0]) for name in ("state", "nonce", "code_challenge")) >= 20
        assert query["redirect_uri"] == ["http://127.0.0.1:7860/signin/oidc/callback"]
        site.browser.get(site.agree(asked))
        assert len(provider.asked[0]["code_verifier"][0]) >= 43

    def test_an_agent_comes_to_the_desk_and_is_there(self, site: Site) -> None:
        token = token_in(site.sign_in("a-1", "/desk"))
        assert site.sign_ins.read(token).role is Role.AGENT
        assert site.office.desk.agents.seen("wang").presence is Presence.ONLINE

    def test_another_process_may_lead_back(self, site: Site, tmp_path: Path) -> None:
        back = site.agree(site.begin())
        other = Site(tmp_path, site.office, site.settings.oidc_issuer)
        other.browser.cookies = site.browser.cookies
        assert other.browser.get(back).status_code == 200

    def test_who_comes_again_is_the_same_user_as_the_bank_has_them_now(self, site: Site) -> None:
        first = token_in(site.sign_in())
        site.gate.users.change("admin", "li.na", Change(role=Role.QA))
        assert site.sign_ins.read(token_in(site.sign_in())).role is Role.STAFF
        assert len(site.gate.users.listed()) == 1
        with pytest.raises(Exception, match="Sign in first"):
            site.sign_ins.read(first)

    def test_nobody_enters_by_password_who_has_none(self, site: Site) -> None:
        site.sign_in()
        for given in ("", "nobody has this password"):
            with pytest.raises(Exception, match="wrong"):
                site.sign_ins.open("li.na", given)

    def test_a_name_of_the_demo_is_not_given(self, site: Site) -> None:
        person = site.sign_ins.read(token_in(site.sign_in("n-1")))
        assert person.name.startswith("oidc-")
        assert person.role is Role.STAFF


class TestRefused:
    def test_who_has_no_role_is_told_so(self, site: Site) -> None:
        answer = site.sign_in("x-1")
        assert answer.status_code == 403
        assert "还没有开通本系统的岗位权限" in answer.text
        assert (site.refused(), site.audit.listed()[0].detail["subject"]) == ("no_role", "x-1")
        assert site.gate.users.listed() == []

    def test_staff_whose_branch_is_not_told_are_not_taken_for_the_head_office(self, site: Site) -> None:
        answer = site.sign_in("b-1")
        assert answer.status_code == 403
        assert "TELLER_OIDC_BRANCH_CLAIM" in answer.text
        assert (site.refused(), site.audit.listed()[0].detail["subject"]) == ("no_branch", "b-1")
        assert site.gate.users.listed() == []

    def test_who_is_disabled_here_does_not_enter(self, site: Site) -> None:
        site.sign_in()
        site.gate.users.change("admin", "li.na", Change(disabled=True))
        assert site.sign_in().status_code == 403
        assert site.refused() == "disabled"

    def test_nobody_becomes_another_user_by_having_the_same_name(self, site: Site) -> None:
        site.gate.users.add("system", "zhang.wei", Role.ADMIN, "a quiet forest")
        assert site.sign_in("n-2").status_code == 403
        assert site.refused() == "name_taken"

    def test_another_state(self, site: Site) -> None:
        assert site.browser.get(changed(site.agree(site.begin()), state="another")).status_code == 400
        assert site.refused() == "not_vouched"

    def test_another_browser(self, site: Site) -> None:
        assert site.new_browser().get(site.agree(site.begin())).status_code == 400

    def test_the_same_answer_twice(self, site: Site) -> None:
        back = site.agree(site.begin())
        assert site.browser.get(back).status_code == 200
        assert site.browser.get(back).status_code == 400

    def test_another_nonce(self, site: Site) -> None:
        assert site.browser.get(site.agree(changed(site.begin(), nonce="another"))).status_code == 400

    def test_what_another_client_was_told(self, site: Site) -> None:
        assert site.browser.get(site.agree(changed(site.begin(), client_id="another"))).status_code == 400

    def test_who_says_no_there(self, site: Site) -> None:
        asked = site.begin()
        back = httpx.post(asked, data={"action": "deny"}, trust_env=False).headers["location"]
        assert site.browser.get(changed(back, state=parse_qs(urlsplit(asked).query)["state"][0])).status_code == 400

    @pytest.mark.parametrize("missing", [{}, {"code": "x"}, {"state": "x"}])
    def test_what_nobody_asked_for(self, site: Site, missing: dict[str, str]) -> None:
        assert site.browser.get("/signin/oidc/callback", params=missing).status_code == 400

    @pytest.mark.parametrize(
        "page",
        [
            "https://evil.example", "//evil.example", "/\\evil.example", "/desk/../..//evil.example", "/desk?x=//evil",
            "/desk@evil.example", "javascript:alert(1)", "desk", "/nowhere", "", "/signin", "/desk\n", "/%2f%2fevil.example",
        ],
    )  # fmt: skip
    def test_a_page_that_is_not_ours(self, site: Site, page: str) -> None:
        answer = site.browser.get("/signin/oidc", params={"next": page})
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert "location" not in answer.headers

    def test_a_provider_that_does_not_answer(self, tmp_path: Path) -> None:
        with site_of(tmp_path, "http://127.0.0.1:1") as site:
            answer = site.browser.get("/signin/oidc", params={"next": "/desk"})
            assert answer.status_code == 502
            assert "暂时没有应答" in answer.text

    def test_a_provider_that_calls_itself_otherwise(self, tmp_path: Path, provider: Provider) -> None:
        with site_of(tmp_path, provider.address.replace("127.0.0.1", "localhost") + "/other") as site:
            assert site.browser.get("/signin/oidc", params={"next": "/desk"}).status_code == 502


def signed(claims: dict[str, Any], key: RSAKey, **other: Any) -> str:
    return jwt.encode({"alg": "RS256"}, claims | other, key)


def by_hand(algorithm: str, claims: dict[str, Any], seal: Callable[[bytes], bytes]) -> str:
    """What no library signs."""
    head, body = (urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in ({"alg": algorithm}, claims))
    return b".".join((head, body, urlsafe_b64encode(seal(head + b"." + body)).rstrip(b"="))).decode()


def unsigned(claims: dict[str, Any], _key: RSAKey) -> str:
    return by_hand("none", claims, lambda _told: b"")


def signed_with_what_all_know(claims: dict[str, Any], key: RSAKey) -> str:
    return by_hand("HS256", claims, lambda told: hmac.digest(key.as_pem(private=False), told, "sha256"))


class TestForged:
    def test_the_same_claims_signed_anew_are_believed(self, site: Site, provider: Provider) -> None:
        provider.forge = signed
        assert site.sign_in().status_code == 200

    @pytest.mark.parametrize(
        "forge",
        [
            lambda claims, key: signed(claims, key, exp=claims["iat"] - 600),
            lambda claims, key: signed(claims, key, iss="https://another.example"),
            lambda claims, key: signed(claims, key, aud=["another"]),
            lambda claims, key: signed(claims, key, aud=["another", "a third"], azp=CLIENT),
            lambda claims, key: signed(claims, key, nonce="another"),
            lambda claims, key: signed({k: v for k, v in claims.items() if k != "nonce"}, key),
            lambda claims, key: signed({k: v for k, v in claims.items() if k != "exp"}, key),
            lambda claims, key: signed(claims, RSAKey.generate_key(2048)),
            unsigned,
            signed_with_what_all_know,
            lambda claims, key: "no token at all",
        ],
        ids=[
            "expired", "another issuer", "another audience", "others' audiences", "another nonce", "no nonce", "no end",
            "another key", "unsigned", "a secret that is public", "no token",
        ],
    )  # fmt: skip
    def test_what_cannot_be_believed_is_not(self, site: Site, provider: Provider, forge: Forge) -> None:
        provider.forge = forge
        answer = site.sign_in()
        assert answer.status_code == 400, answer.text
        assert site.refused() == "not_vouched"
        assert site.gate.users.listed() == []


class TestClaims:
    def test_the_first_role_that_is_set_counts(self) -> None:
        settings = Settings(oidc_roles={"b": "agent", "a": "staff"}, oidc_role_claim="realm_access.roles")
        claims = {"iss": "i", "sub": "s", "realm_access": {"roles": ["a", "b"]}}
        assert oidc.person(claims, settings).role is Role.AGENT

    @pytest.mark.parametrize("groups", [None, "teller-staff-not", [], {"teller-staff": 1}, [["teller-staff"]]])
    def test_what_is_no_group_of_ours_has_no_role(self, groups: object) -> None:
        with pytest.raises(oidc.NoRole):
            oidc.person({"iss": "i", "sub": "s", "groups": groups}, Settings(oidc_roles=ROLES))

    @pytest.mark.parametrize("branch", [{}, {"branch": None}, {"branch": ""}, {"branch": "  "}, {"branch": []}])
    def test_staff_without_a_branch_are_refused_and_other_roles_are_the_head_offices(
        self, branch: dict[str, object]
    ) -> None:
        settings = Settings(oidc_roles={role.value: role.value for role in Role})
        claims = {"iss": "i", "sub": "s", **branch}
        with pytest.raises(oidc.NoBranch):
            oidc.person(claims | {"groups": ["staff"]}, settings)
        for role in set(Role) - {Role.STAFF}:
            assert oidc.person(claims | {"groups": [role.value]}, settings).branch == ""

    @pytest.mark.parametrize("told", ["总行", " 总行 ", "head office", "Head Office"])
    @pytest.mark.parametrize("role", ["staff", "editor"])
    def test_the_head_office_may_be_named(self, told: str, role: str) -> None:
        claims = {"iss": "i", "sub": "s", "groups": [role], "branch": told}
        assert oidc.person(claims, Settings(oidc_roles={role: role})).branch == ""


def test_without_a_provider_there_is_no_such_page(tmp_path: Path) -> None:
    app = FastAPI()
    oidc_page.mount(app, cast("Service", SimpleNamespace(settings=Settings(data_dir=tmp_path))))
    assert TestClient(app).get("/signin/oidc").status_code == 404
    assert oidc.begins_at(Settings(), "/desk") == ""
