"""Where cases are played: the whole assistant over the documents in force, each case with storage and a bank of its own."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from zlib import crc32

import time_machine

from assistant import bootstrap
from assistant.conversation import Conversation
from assistant.llm import LLM
from assistant.settings import Settings
from assistant.understanding import Understanding
from evals import bank, library
from evals.bank import RunningBank
from evals.case import Case, Move
from evals.command_words import words_of
from evals.record import PlayedTurn, Record
from evals.recording import Recorder
from evals.scene import Scene, Stuck
from evals.simulation import simulated
from evals.suite import Suite
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stage:
    """What cases share: the documents with their index, the model, and a bank where nobody signs in."""

    settings: Settings
    search: Search
    embedder: Embedder
    llm: LLM | None
    scratch: Path
    understanding: Understanding
    bank: RunningBank
    numbers: Iterator[int]

    def play(self, suite: Suite, case: Case, trial: int = 0) -> Record:
        """One playing of a case; what breaks it off stands in its record."""
        began = time.perf_counter()
        with self._clock(suite, case):
            if case.expect is not None or (case.commands is not None and case.question):
                record = Record(case=case.id, trial=trial, turns=(self._understood(case),))
            else:
                record = self._played(suite, case, trial)
        return record.model_copy(update={"seconds": time.perf_counter() - began})

    @contextmanager
    def _clock(self, suite: Suite, case: Case) -> Iterator[None]:
        """The time that the suite's answers hold at."""
        at = case.at or suite.at
        if at is None:
            yield
            return
        with time_machine.travel(at, tick=True):
            yield

    def _understood(self, case: Case) -> PlayedTurn:
        """The commands of a first message; nothing is obeyed."""
        text = case.question or ""
        commands = self.understanding.understand(text, None, Conversation(), None, date.today())
        return PlayedTurn(said=text, commands=tuple(map(words_of, commands)))

    def _played(self, suite: Suite, case: Case, trial: int) -> Record:
        audience = case.audience or suite.audience
        with self._scene(case, audience) as (scene, recorder), self._player(case, trial) as scene.plays_customer:
            failed = None
            try:
                for move in self._moves(case, scene, trial):
                    recorder.note(move, scene.do(move))
            except Stuck as stuck:
                failed = str(stuck)
            except Exception as error:  # a fault of one case is told with it, and the others are still played
                log.exception("case %s broke off", case.id)
                failed = f"{type(error).__name__}: {error}"
            return recorder.record(case, trial, failed)

    def _moves(self, case: Case, scene: Scene, trial: int) -> Iterator[Move]:
        """What is done: as it is written down, or as a simulated customer decides while it goes."""
        return iter(case.moves) if case.goal is None else simulated(case, scene, trial)

    @contextmanager
    def _scene(self, case: Case, audience: Audience) -> Iterator[tuple[Scene, Recorder]]:
        """The assistant with nothing behind it but the documents, and the greeting said."""
        with ExitStack() as stack:
            folder = self.scratch / str(next(self.numbers))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            settings = self.settings.model_copy(
                update={"data_dir": folder, "database_url": "", "turns_per_conversation": 1_000_000}
            )
            database = bootstrap.build_database(settings)
            stack.callback(database.close)
            at_bank = self.bank
            if case.customer or case.goal or any(move.sign_in or move.fault for move in case.moves):
                at_bank = stack.enter_context(bank.running(self._seeded(), folder / "bank"))
            storage = bootstrap.build_storage(settings, database)
            house = bootstrap.build_house(settings, storage, self.search, self.embedder, at_bank.port, self.llm)
            conversation, _token, reply = house.assistant.start(
                audience, case.locale, case.customer, branch=case.branch
            )
            scene = Scene(house.assistant, at_bank, case.customer, conversation, reply, desk=house.desk)
            answering, judge = (
                bootstrap.build_answering(settings, self.search),
                bootstrap.build_judge(settings, self.search),
            )
            yield scene, Recorder(scene, self.search, answering, judge, audience)

    @contextmanager
    def _player(self, case: Case, trial: int) -> Iterator[LLM | None]:
        """The model that plays the customer, seeded anew for each trial."""
        if case.goal is None or case.goal.played_by != "model":
            yield None
            return
        with bootstrap.evaluation_model(self.settings, seed=crc32(f"{case.id}/{trial}".encode())) as llm:
            yield llm

    def _seeded(self) -> Path:
        """A bank's database as it is on the day that is played: what is due in three days then is due in three days."""
        folder = self.scratch / f"bank-{date.today()}"
        return folder if folder.exists() else bank.seeded(folder)


@contextmanager
def opened(settings: Settings) -> Iterator[Stage]:
    """A stage over the knowledge folder of these settings; what is played on it leaves nothing behind."""
    bootstrap.go_offline()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        search, embedder = stack.enter_context(library.opened(settings, scratch / "library"))
        llm = stack.enter_context(bootstrap.language_models(settings))
        flows = bootstrap.build_flows(settings)
        classifier = bootstrap.build_classifier(settings, embedder, flows)
        understanding = Understanding(classifier, flows, search.lexicon)
        nobody = stack.enter_context(bank.running(bank.seeded(scratch / "nobody seeded"), scratch / "nobody"))
        yield Stage(settings, search, embedder, llm, scratch, understanding, nobody, count(1))
