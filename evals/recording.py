"""Notes what happens while a case is played."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter

from assistant.answering import Answering
from assistant.answering import Question as Asked
from assistant.command import AskKnowledge, Command
from assistant.event import Event, MessageUnderstood, SaleGuided
from assistant.evidence import Judge
from assistant.reply import Citation, Turn
from assistant.seal import Seal
from evals.case import Case, Move
from evals.command_words import words_of
from evals.record import Cited, Found, PlayedTurn, Record
from evals.scene import Scene
from knowledge_base.passage import Audience, Hit
from knowledge_base.search import Search

_EVENTS = TypeAdapter(list[Event])
_SEAL = Seal("of records")
"""What storage would seal is sealed in a record too, so that only what lies open there is found."""


class Recorder:
    """Writes a record turn by turn."""

    def __init__(self, scene: Scene, search: Search, answering: Answering, judge: Judge, audience: Audience) -> None:
        self._scene = scene
        self._answering = answering
        self._judge = judge
        self._audience = audience
        self._files = {one.document.id: Path(one.document.path).name for one in search.library.holdings()}
        self._turns: list[PlayedTurn] = []
        self._seen = 0
        self._calls = len(scene.bank.calls)

    def note(self, move: Move, turn: Turn | None) -> None:
        """Notes one turn; what only changed the scene is none."""
        if turn is None:
            return
        events = self._scene.assistant.events(self._scene.conversation)[self._seen :]
        self._seen += len(events)
        commands = [one for event in events if isinstance(event, MessageUnderstood) for one in event.commands]
        guided = next((event for event in events if isinstance(event, SaleGuided)), None)
        found, support = self._found(commands)
        self._turns.append(
            PlayedTurn(
                said=move.name,
                reply=turn.reply.text,
                outcome=turn.outcome.value,
                choices=tuple(choice.label for choice in turn.reply.choices),
                cited=tuple(map(self._cited, turn.reply.citations)),
                commands=tuple(map(words_of, commands)),
                events=tuple(event.type for event in events),
                found=found,
                support=support,
                flow=turn.flow.id if turn.flow else None,
                status=turn.flow.status if turn.flow else None,
                slots=dict(turn.flow.slots) if turn.flow else {},
                asked=self._asked(turn),
                ticket=turn.ticket.status if turn.ticket else None,
                offered=guided.offered if guided else None,
                guided=guided.form if guided else None,
                milliseconds=asdict(turn.milliseconds),
            )
        )

    def record(self, case: Case, trial: int, failed: str | None) -> Record:
        """All that was noted, with what the bank has now where the case asks for it."""
        events = self._scene.assistant.events(self._scene.conversation)
        customer = self._scene.customer
        return Record(
            case=case.id,
            trial=trial,
            turns=tuple(self._turns),
            bank=self._scene.bank.record(customer) if customer else None,
            calls=tuple(self._scene.bank.calls[self._calls :]),
            stored=_EVENTS.dump_json(events, context=_SEAL).decode() if case.not_kept else "",
            failed=failed,
            notes=tuple(self._scene.notes),
        )

    def _asked(self, turn: Turn) -> str:
        """What the open task asks now: its flow, what would answer, and the slot or the step that it is asked for."""
        if turn.flow is None:
            return ""
        task = self._scene.assistant.open_task(self._scene.conversation)
        if task is None or task.wants is None:
            return ""
        step = turn.flow.step if turn.flow.status == "open" else ""
        return f"{task.flow} {task.wants} {task.slot or step}".strip()

    def _found(self, commands: list[Command]) -> tuple[tuple[Found, ...], float | None]:
        """What search finds for the question that was asked of the documents, and how well it answers."""
        asked = next((one for one in commands if isinstance(one, AskKnowledge)), None)
        if asked is None:
            return (), None
        question = Asked(asked.question, self._audience, asked.as_of, asked.about)
        judged = self._judge.judge(question.text, self._answering.find(question), self._audience)
        return tuple(map(self._hit, judged.hits)), judged.confidence

    def _hit(self, hit: Hit) -> Found:
        return Found(
            passage=hit.passage.id,
            file=self._files.get(hit.document.id, ""),
            title=hit.document.title,
            section=hit.passage.section,
            text=hit.passage.text,
            score=hit.score,
            similarity=hit.similarity,
        )

    def _cited(self, one: Citation) -> Cited:
        file = self._files.get(one.document, "")
        passage = one.url.rpartition("#")[2]
        return Cited(number=one.number, passage=passage, file=file, title=one.title, section=one.section, text=one.text)
