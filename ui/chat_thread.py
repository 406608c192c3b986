"""Which conversation a request of an OpenAI client goes on with.

Such a client keeps no conversation: it sends all that was said each time. Nothing of that is played again, for a task that changes
something would be done twice. Instead the conversation is found in which it was said:

- by its handle, which the first answer carries (header `Teller-Conversation`, field `conversation`) and which may be sent back as that
  header, or as `metadata.conversation`, which any client can;
- else, for who is signed in, by a keyed digest of who asks and of all that was said up to the message before. Only that person's token
  leads there, so nobody goes on with another's conversation by saying the same. The digest is kept as the turn's idempotency key, so a
  request that is sent again gets the turn that it made, also from another process and after a restart.

Who is not signed in and sends no handle gets a new conversation each time: two strangers who say the same must never meet in one. There,
and where what was said is not known here (edited, or begun elsewhere), the user's earlier messages only help to understand the last one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from assistant import followup
from assistant.conversation import Conversation
from assistant.reply import Reply
from assistant.secret_key import derived
from assistant.step import Identity
from assistant.storage import ConversationExists, UnknownConversation
from knowledge_base.lexicon import Lexicon
from knowledge_base.passage import Audience
from ui.chat_request import Asked, Said
from ui.problem import Problem
from ui.service import Service
from ui.signin import SignIn, SignIns, bearer

_LOCALE = "zh-CN"
_SENT_AGAIN_SECONDS = 600
"""How long the same first message of the same person is taken for one that was sent again."""
_LISTED = re.compile(r"^([0-9]{1,2})\. (.+)$", re.MULTILINE)
_NUMBER = re.compile(r"^[0-9]{1,2}$")


@dataclass(frozen=True)
class Caller:
    """Who asks: a customer, known or not, or a member of staff; `person` names who is signed in."""

    audience: Audience
    customer: str | None = None
    colleague: SignIn | None = None
    person: str | None = None


@dataclass(frozen=True)
class Seat:
    """The conversation to go on with, what is said there, and the key under which that is done once.

    `handle` opens the conversation again; `remembered` is false where nothing would lead back to it but that.
    """

    conversation: str
    text: str
    choice: str | None = None
    key: str | None = None
    handle: str | None = None
    remembered: bool = True


def caller(sign_ins: SignIns, audience: Audience, authorization: str | None) -> Caller:
    """Who asks, by the API key; raises Problem 401 where it is a token that is not, or no longer, good for this.

    OpenAI clients always send a key, so one that is no token at all is nobody's.
    """
    if audience is Audience.STAFF:
        colleague = sign_ins.read(bearer(authorization) or "")
        return Caller(audience, colleague=colleague, person=f"staff:{colleague.name}")
    if (bearer(authorization) or "").count(".") != 2:
        return Caller(audience)
    customer = sign_ins.customer_of(audience, authorization)
    return Caller(audience, customer, person=f"customer:{customer}")


def find(parts: Service, who: Caller, asked: Asked, handle: str | None, key: str | None) -> Seat:
    """The seat for this request; a handle must open a conversation of the same audience."""
    if handle:
        return _by_handle(parts, who, asked, handle, key)
    if who.person is None:
        conversation, token, _reply = _started(parts, who)
        text = _alone(parts, who, asked.talk)
        return Seat(conversation, text, key=key, handle=f"{conversation}.{token}", remembered=False)
    return _by_digest(parts, who, asked)


def _by_handle(parts: Service, who: Caller, asked: Asked, handle: str, key: str | None) -> Seat:
    conversation, _, token = handle.partition(".")
    state = parts.assistant.conversation(conversation)
    if not parts.storage.opens(conversation, token) or state.audience is not who.audience:
        raise Problem(HTTPStatus.UNAUTHORIZED, "This handle opens no conversation with this model.")
    if len(asked.talk) > 1:
        key = key or _Digest(parts, who, asked).of(asked.talk)
    return _seat(parts, who, conversation, asked, key, handle)


def _by_digest(parts: Service, who: Caller, asked: Asked) -> Seat:
    digest, talk = _Digest(parts, who, asked), asked.talk
    now = digest.of(talk)
    known = (parts.storage.conversation_of(now) if len(talk) > 1 else None) or _continued(parts, digest, talk)
    if known:
        return _seat(parts, who, known, asked, now)
    opened = _opened(parts, who, now)
    return Seat(opened, _alone(parts, who, talk), key=now)


def _seat(
    parts: Service, who: Caller, conversation: str, asked: Asked, key: str | None, handle: str | None = None
) -> Seat:
    """A seat in a conversation that exists: who has signed in is known there too, and a number means a choice."""
    state = parts.assistant.conversation(conversation)
    done = key and parts.storage.turn_by_key(conversation, key)
    if not done and who.customer and (state.customer != who.customer or _lapsed(state)):
        parts.assistant.sign_in(conversation, who.customer)
        state = parts.assistant.conversation(conversation)
    text = asked.talk[-1].text
    listed = {str(number): one.id for number, one in enumerate(state.choices, start=1)}
    named = {one.label: one.id for one in state.choices}
    return Seat(conversation, text, listed.get(text) or named.get(text), key, handle)


def _lapsed(state: Conversation) -> bool:
    return state.identity(datetime.now(UTC)) is Identity.ANONYMOUS


def _continued(parts: Service, digest: _Digest, talk: Sequence[Said]) -> str | None:
    """The conversation that stands where this history ends, with the very reply that stands there in it."""
    users = [place for place, said in enumerate(talk) if said.role == "user"]
    if len(users) < 2 or talk[-2].role != "assistant":
        return None
    key = digest.of(talk[: users[-2] + 1])
    conversation = parts.storage.conversation_of(key)
    turn = parts.storage.turn_by_key(conversation, key) if conversation else None
    if conversation is None or turn is None:
        return None
    at_its_end = parts.assistant.conversation(conversation).turns == turn.number
    return conversation if at_its_end and turn.reply.text.strip() in talk[-2].text else None


def _opened(parts: Service, who: Caller, key: str) -> str:
    """A new conversation; the same one for a request that is sent again while the first is still being answered."""
    window = int(time.time()) // _SENT_AGAIN_SECONDS
    recent = [hashlib.sha256(f"{key} {window - back}".encode()).hexdigest()[:24] for back in (0, 1)]
    for conversation in recent:
        try:
            if parts.assistant.conversation(conversation).turns <= 1:
                return conversation
        except UnknownConversation:
            continue
    try:
        return _started(parts, who, recent[0])[0]
    except ConversationExists:
        if parts.assistant.conversation(recent[0]).turns <= 1:
            return recent[0]
    return _started(parts, who)[0]


def _started(parts: Service, who: Caller, id: str | None = None) -> tuple[str, str, Reply]:
    name, branch = (who.colleague.name, who.colleague.branch) if who.colleague else (None, "")
    return parts.assistant.start(who.audience, _LOCALE, who.customer, name, branch, id)


class _Digest:
    """What was said so far as a key that only this service can make, for this person and model."""

    def __init__(self, parts: Service, who: Caller, asked: Asked) -> None:
        self._seal = derived(parts.settings, "chat completions").encode()
        self._who = [who.person, who.audience.value, asked.user]

    def of(self, talk: Sequence[Said]) -> str:
        """The key of the turn that answers the last of these messages."""
        said = json.dumps([*self._who, [[one.role, one.text] for one in talk]], ensure_ascii=True)
        return "chat:" + hmac.new(self._seal, said.encode(), hashlib.sha256).hexdigest()


def _alone(parts: Service, who: Caller, talk: Sequence[Said]) -> str:
    """The last message made to stand on its own: a number is the choice that was listed, a follow-up takes its subject along."""
    parts.search.refresh()
    text = talk[-1].text
    before = next((said.text for said in reversed(talk[:-1]) if said.role == "assistant"), "")
    if _NUMBER.match(text):
        listed: dict[str, str] = dict(_LISTED.findall(before))
        return listed.get(text, text)
    names = parts.search.lexicon(who.audience)
    earlier = [said.text for said in talk[:-1] if said.role == "user"]
    question: str | None = None
    for said in earlier:
        question = _resolved(said, question, names)
    return _resolved(text, question, names)


def _resolved(text: str, question: str | None, names: Lexicon) -> str:
    subject = next(iter(names.names_in(question)), None) if question else None
    return followup.resolve(text, Conversation(question=question, subject=subject), names)
