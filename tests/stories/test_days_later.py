"""A customer who comes back later finds the task where it was, and nothing is done on a yes that has grown old."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant import bootstrap
from assistant.conversation import fold
from assistant.demo_bank.rules import Rules
from assistant.event import ConversationStarted, IdentityVerified
from assistant.guiding import signed_in_until
from assistant.reply import Reply
from assistant.settings import Settings
from assistant.step import Identity
from evals import bank
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search

LIVES = timedelta(seconds=1)


def test_after_a_restart_and_too_long_it_is_read_back_again(
    tmp_path: Path, template: Path, library: Search, embedder: Embedder
) -> None:
    settings = Settings(data_dir=tmp_path)
    with bank.running(template, tmp_path / "bank", Rules(operation_lives=LIVES)) as running:
        first = bootstrap.build_database(settings)
        assistant = bootstrap.build_assistant(
            settings, bootstrap.build_storage(settings, first), library, embedder, running.port
        )
        conversation, _token, _reply = assistant.start(Audience.CUSTOMER, "zh-CN", "c1001")
        for message in ("我要换手机号", None, "13900139031", None):
            assistant.respond(conversation, message or running.code("c1001"))
        first.close()
        time.sleep(LIVES.total_seconds() + 0.1)

        again = bootstrap.build_database(settings)
        assistant = bootstrap.build_assistant(
            settings, bootstrap.build_storage(settings, again), library, embedder, running.port
        )
        late = assistant.respond(conversation, "确认")
        assert late.flow
        assert late.flow.status == "open"
        assert "新手机号：139****9031" in late.reply.text
        assert running.record("c1001")["customers"][0]["phone"] == "16100001001"
        done = assistant.respond(conversation, "确认")
        assert "回执号" in done.reply.text
        assert running.record("c1001")["customers"][0]["phone"] == "13900139031"
        again.close()


def test_a_sign_in_does_not_last_for_ever() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    started = ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply(""), "c1001", signed_in_until(now))
    state = fold([started, IdentityVerified((now + timedelta(minutes=15)).isoformat())])
    assert state.identity(now) is Identity.VERIFIED
    assert state.identity(now + timedelta(hours=1)) is Identity.SIGNED_IN
    assert state.identity(now + timedelta(hours=9)) is Identity.ANONYMOUS
