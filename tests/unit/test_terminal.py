"""`teller chat` with a person of the bank, who sits at the desk over the same database."""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from assistant import bootstrap
from assistant.assistant import Assistant
from assistant.desk import Desk
from assistant.human_agent import Presence
from assistant.llm import Allowance, Asked
from assistant.settings import Settings
from ingest.ingest import Ingest
from knowledge_base.embedder import Embedder
from knowledge_base.library import Library
from knowledge_base.passage import Audience
from tests.fakes import HashEmbedder, SpeakingLLM
from tests.service import QUESTION, write_documents
from ui.pages import chat_text
from ui.terminal import Terminal


class Keyboard(Console):
    """A terminal at which somebody types what the script says, and a mark where each prompt stood."""

    def __init__(self, script: Iterator[str]) -> None:
        self.written = io.StringIO()
        super().__init__(file=self.written, width=500)
        self._script = script

    def input(self, *_arguments: object, **_options: object) -> str:
        """The script's next line; the end of it is the end of the input."""
        self.print("PROMPT")
        try:
            return next(self._script)
        except StopIteration:
            raise EOFError from None


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[tuple[Settings, Assistant, Desk]]:
    """The assistant and the desk, without a core banking that answers."""
    write_documents(tmp_path)
    settings = Settings(
        data_dir=tmp_path / "data", knowledge_dir=tmp_path / "documents", bank_url="http://127.0.0.1:9", bank_key="none"
    )
    embedder, database = HashEmbedder(), bootstrap.build_database(settings)
    with bootstrap.open_search(settings, database, embedder) as search:
        storage = bootstrap.build_storage(settings, database)
        house = bootstrap.build_house(settings, storage, search, embedder, bootstrap.build_bank(settings))
        yield settings, house.assistant, house.desk
    database.close()


def test_what_a_person_writes_stands_before_the_next_prompt(bank: tuple[Settings, Assistant, Desk]) -> None:
    settings, assistant, desk = bank
    conversation, _token, _reply = assistant.start(Audience.CUSTOMER, "zh-CN")

    def script() -> Iterator[str]:
        yield "转人工"
        desk.be("agent", Presence.ONLINE, shown_as="801号坐席")
        yield ""
        ticket = desk.claim_next("agent")
        assert ticket
        desk.write("agent", ticket.id, "您好 [b]")
        yield "在的"
        desk.write("agent", ticket.id, "好的")
        desk.resolve("agent", ticket.id, "answered")
        yield ""
        yield ""
        raise AssertionError("the empty line did not end it")

    keyboard = Keyboard(script())
    texts = chat_text.load(settings)
    Terminal(assistant, conversation, texts, keyboard, lambda reply: keyboard.print(reply.text)).talk()
    told = [part.split("\n") for part in keyboard.written.getvalue().split("PROMPT\n")]
    assert [line for line in told[1] if line][-1] == "正在排队：第1位。现在没有工作人员在线，一有人上线就来接待您"
    assert [line for line in told[2] if line] == ["正在排队：第1位，预计不到1分钟"]
    assert [line for line in told[3] if line] == ["801号坐席已接入", "801号坐席: 您好 [b]", "801号坐席正在为您服务"]
    assert told[4][:2] == ["801号坐席: 好的", "801号坐席已离开会话"]
    assert "评分" in told[4][2]
    assert len(told) == 6


def test_what_a_model_writes_is_printed_as_it_comes(tmp_path: Path, embedder: Embedder) -> None:
    write_documents(tmp_path)
    settings = Settings(data_dir=tmp_path / "data", knowledge_dir=tmp_path / "documents", demo=False)
    database = bootstrap.build_database(settings)
    Ingest(Library(database), embedder, settings.knowledge_dir, settings.data_dir / "ingest.lock").run()
    keyboard = Keyboard(iter([QUESTION, ""]))
    seen: list[str] = []

    class Watched(SpeakingLLM):
        def stream(self, asked: Asked, allowance: Allowance) -> Generator[str, None, None]:
            for piece in super().stream(asked, allowance):
                yield piece
                seen.append(keyboard.written.getvalue().rpartition("PROMPT\n")[2])

    model = Watched(["云杉白金信用卡主卡年费是每年3600元[1]。", "消费满18万元免次年年费[1]。", ""])
    with bootstrap.open_search(settings, database, embedder) as search:
        storage, bank = bootstrap.build_storage(settings, database), bootstrap.build_bank(settings)
        assistant = bootstrap.build_assistant(settings, storage, search, embedder, bank, model)
        conversation, _token, _reply = assistant.start(Audience.CUSTOMER, "zh-CN")
        texts = chat_text.load(settings)
        Terminal(assistant, conversation, texts, keyboard, lambda reply: keyboard.print(reply.text)).talk()
    told = keyboard.written.getvalue().split("PROMPT\n")[1]
    assert "3600元" in seen[1]  # while the model was asked for more
    assert "18万元" not in seen[0]
    assert (told.count("3600元"), told.count("18万元")) == (1, 1)
    database.close()
