"""An answer in a model's words: sentence by sentence, each let through only when the passages say it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from assistant import prompt
from assistant.answering import Answered, Question, cite
from assistant.cloak import Cloak, Public, without_tokens
from assistant.grounding import Checked, Fault, Grounding
from assistant.live import Speech
from assistant.llm import LLM, Asked, ModelFailed
from assistant.reply import Citation
from assistant.sentence_cut import Cut
from assistant.support import Support
from assistant.wording import Wording
from knowledge_base.lexicon import Lexicon
from knowledge_base.passage import Audience
from knowledge_base.word_list import NOTHING_LISTED, WordList

_SOURCES = 6
_NO_ANSWER = "[0]"
_CERTAIN = 0.93
"""Above this support a model that finds no answer in the passages is not believed."""


@dataclass(frozen=True)
class Phrased:
    """The words of an answer with their citations, and why sentences of the model's were held back.

    `prompt` is the version of the prompt that they came of, nothing where they are the documents' own; `refused` where the
    model read that the passages do not say what is asked.
    """

    text: str
    citations: tuple[Citation, ...]
    prompt: str | None = None
    held_back: tuple[str, ...] = ()
    refused: bool = False


@dataclass
class _Draft:
    """What was let through so far, and what was not; `lacks` where that was more than a courtesy."""

    text: str = ""
    cited: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    gap: str = ""
    lacks: bool = False

    def take(self, sentence: str, checked: Checked, cloak: Cloak) -> str:
        """What is added to the text for a checked sentence, once; the white space around what is held back is one."""
        bare = sentence.strip()
        before, _, after = sentence.partition(bare)
        self.gap += before
        self.faults += checked.faults
        self.lacks |= checked.text is None and Fault.COURTESY not in checked.faults
        added = ""
        if bare and checked.text is not None and checked.text not in self.said:
            self.said.add(checked.text)
            added = (_narrow(self.gap) if self.text else "") + cloak.uncover(checked.text)
            self.gap = ""
            self.text += added
            self.cited.update(checked.cited)
        self.gap += after
        return added


class Phrasing:
    """Has a model word answers.

    Code has decided before that the question is answered, and by which passages. Where a sentence was held back, or the model
    broke off, the documents' own words follow, so that nothing is missing; where none was let through, they stand alone.
    """

    def __init__(
        self,
        llm: LLM,
        lexicon: Callable[[Audience], Lexicon],
        bank: str,
        name: str,
        support: Support | None = None,
        words: WordList = NOTHING_LISTED,
    ) -> None:
        self._llm = llm
        self._lexicon = lexicon
        self._bank = bank
        self._name = name
        self._support = support
        self._words = words

    def word(self, question: Question, answer: Answered, words: Wording, speech: Speech) -> Phrased:
        """The answer in the model's words as far as they hold, in the documents' own otherwise."""
        sources = _sources(answer)
        asked, draft = self._ask(question, sources, words), _Draft()
        check = self._check(question, sources, speech)
        try:
            for sentence in self._sentences(asked, speech):
                if not draft.text and sentence.strip().startswith(_NO_ANSWER):
                    if answer.support < _CERTAIN:
                        return Phrased("", (), asked.prompt, refused=True)
                    break
                begins = not draft.text
                speech.say(draft.take(sentence, check(sentence), asked.cloak), first=begins)
            answers = any(one.number in draft.cited for one in answer.citations)
            whole = answers and not speech.is_unheard and not draft.lacks
        except ModelFailed:
            whole = False
        return _phrased(draft, answer, sources, words, asked.prompt, whole=whole)

    def _check(self, question: Question, sources: Sequence[Citation], speech: Speech) -> Callable[[str], Checked]:
        """By the lock, and by the small model where the bank wants that as well."""
        grounding, support = Grounding(question.text, sources, self._lexicon(question.audience)), self._support

        def check(sentence: str) -> Checked:
            checked = grounding.check(sentence)
            if checked.text is not None and without_tokens(checked.text) != checked.text:
                # What the customer gave must not be told as the bank's: a hotline that is the caller's own number.
                return Checked(None, (), (*checked.faults, Fault.UNSUPPORTED))
            if checked.text is not None and self._words.find(checked.text):
                return Checked(None, (), (*checked.faults, Fault.LISTED_WORD))
            if support is None or checked.text is None or support.holds(checked, sources, speech.allowance):
                return checked
            return Checked(None, (), (*checked.faults, Fault.UNSUPPORTED))

        return check

    def _ask(self, question: Question, sources: Sequence[Citation], words: Wording) -> Asked:
        passages = [
            {"number": one.number, "title": Public(one.title), "section": Public(one.section), "text": Public(one.text)}
            for one in sources
        ]
        return prompt.load("answer").render(
            Cloak(),
            bank=Public(self._bank),
            name=Public(self._name),
            staff=question.audience is Audience.STAFF,
            english=words.language == "en",
            passages=passages,
            about=question.about or "",
            question=question.text,
        )

    def _sentences(self, asked: Asked, speech: Speech) -> Iterator[str]:
        """The model's sentences as they come, until nobody listens any more."""
        cut = Cut()
        # Closed at once, so that the model's server stops when nobody reads on.
        with closing(self._llm.stream(asked, speech.allowance)) as pieces:
            for piece in pieces:
                if speech.is_unheard:
                    return
                yield from cut.add(piece)
        yield from cut.rest()


def _sources(answer: Answered) -> tuple[Citation, ...]:
    """The passages that a model reads: those that answer, under the numbers of their citations, then others."""
    used = len(answer.citations)
    beside = (cite(number, hit) for number, hit in enumerate(answer.beside[: _SOURCES - used], start=used + 1))
    return (*answer.citations, *beside)


def _phrased(
    draft: _Draft, answer: Answered, sources: Sequence[Citation], words: Wording, label: str, *, whole: bool
) -> Phrased:
    """What was let through, with the documents' own words where that is not all."""
    held_back = tuple(fault.value for fault in draft.faults)
    if not draft.text:
        return Phrased(answer.text, answer.citations, None, held_back)
    text, cited = draft.text, set(draft.cited)
    if not whole:
        text += f"\n\n{words.in_the_documents}\n{answer.text}"
        cited.update(one.number for one in answer.citations)
    return Phrased(text, tuple(one for one in sources if one.number in cited), label, held_back)


def _narrow(gap: str) -> str:
    """White space between two sentences: a paragraph, a line, a space, or nothing."""
    lines = gap.count("\n")
    return "\n" * min(lines, 2) if lines else gap[:1]
