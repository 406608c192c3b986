"""Elder mode: what is put more plainly says the same, and nothing that must be read as it stands is put otherwise."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from assistant import composing, wording
from assistant.conversation import Conversation, fold
from assistant.errand import Errand
from assistant.event import ConversationStarted, ElderModeSet
from assistant.part import Text
from assistant.question import Question, Wants
from assistant.reply import Choice, Reply
from assistant.said import HUMAN_CHOICE
from assistant.settings import Settings
from assistant.wording import Wording, Wordings
from knowledge_base.passage import Audience

WORDINGS = Wordings("云杉银行", "小杉", "400-000-9528")
FOLDER = wording._FOLDER
FLOWS = sorted(Settings().flows_dir.glob("*.yaml"))
FIGURE = re.compile(r"[0-9][0-9.,:]*")


def texts(node: object) -> Iterator[Text]:
    """All texts of a flow that have a wording for elder mode."""
    if isinstance(node, dict):
        if isinstance(node.get("elder"), dict):
            yield Text.model_validate(node)
        for value in node.values():
            yield from texts(value)


ELDER = [(path.stem, text) for path in FLOWS for text in texts(yaml.safe_load(path.read_text(encoding="utf-8")))]


class TestFlows:
    def test_the_commonest_tasks_have_texts_of_their_own(self) -> None:
        assert {"change_phone", "report_lost_card", "book_branch_visit", "reset_card_password"} <= {
            flow for flow, _text in ELDER
        }

    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize(("flow", "text"), ELDER, ids=[f"{flow}-{n}" for n, (flow, _) in enumerate(ELDER)])
    def test_no_figure_is_added_or_altered(self, flow: str, text: Text, language: str) -> None:
        assert text.elder
        assert flow
        plain, elder = (set(FIGURE.findall(one.of(language).replace("一天", ""))) for one in (text, text.elder))
        assert elder - plain - {"11"} == set()

    @pytest.mark.parametrize(("flow", "text"), ELDER, ids=[f"{flow}-{n}" for n, (flow, _) in enumerate(ELDER)])
    def test_the_same_is_put_in(self, flow: str, text: Text) -> None:
        assert flow
        assert text.elder
        assert text.elder.names == text.names


class TestSentences:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_the_same_is_put_in(self, language: str) -> None:
        own = yaml.safe_load((FOLDER / "elder" / f"{language}.yaml").read_text(encoding="utf-8"))
        plain = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
        for name, text in own.items():
            known = {"{bank}", "{name}", "{hotline}"}
            left = [set(re.findall(r"{\w+}", one)) - known for one in (text, plain[name])]
            assert left[0] <= left[1], name
            assert left[0] | {"{position}"} >= left[1] - {"{title}"}, name

    def test_the_rest_is_as_it_was(self) -> None:
        elder, plain = asdict(WORDINGS.of("zh", elder=True)), asdict(WORDINGS.of("zh"))
        assert elder["elder"] is True
        assert elder["flow_cancelled"] != plain["flow_cancelled"]
        assert elder["queue_left"] == plain["queue_left"]
        assert set(elder) == set(Wording.__dataclass_fields__)

    def test_it_still_says_that_it_is_no_person(self) -> None:
        for locale, words in (("zh", "人工智能"), ("en", "AI assistant")):
            assert words in WORDINGS.of(locale, elder=True).welcome

    def test_a_sentence_that_is_none_stops_the_start(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        shutil.copytree(FOLDER, tmp_path / "wording")
        (tmp_path / "wording" / "elder" / "zh.yaml").write_text("wellcome: x\n", encoding="utf-8")
        monkeypatch.setattr(wording, "_FOLDER", tmp_path / "wording")
        with pytest.raises(ValueError, match="wellcome"):
            Wordings("a", "b", "c")


class TestConversation:
    def begun(self, elder: bool | None = None) -> ConversationStarted:
        return ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("您好"), elder=elder)

    def test_it_is_neither_on_nor_off_at_first(self) -> None:
        assert fold([self.begun()]).elder is None

    @pytest.mark.parametrize("on", [True, False])
    def test_the_last_word_counts(self, *, on: bool) -> None:
        assert fold([self.begun(not on), ElderModeSet(on=on, by="customer")]).elder is on


class TestChoices:
    def choices(self, count: int, prefix: str = "flow") -> tuple[Choice, ...]:
        return tuple(Choice(f"{prefix}{number}", str(number)) for number in range(count))

    def errand(self, question: Question | None = None, *, elder: bool = True) -> Errand:
        words = WORDINGS.of("zh", elder=elder)
        return Errand(Conversation(), words, datetime.now(UTC), lambda _events: None, question=question)

    def test_few_are_offered_and_the_way_to_a_person_stays(self) -> None:
        errand = self.errand()
        errand.offers = [*self.choices(6), Choice(HUMAN_CHOICE, "转人工")]
        shown = composing.reply(errand, None).choices
        assert [one.id for one in shown] == ["flow0", "flow1", "flow2", HUMAN_CHOICE]

    def test_out_of_elder_mode_all_are(self) -> None:
        errand = self.errand(elder=False)
        errand.offers = [*self.choices(6)]
        assert len(composing.reply(errand, None).choices) == 6

    def test_what_a_question_needs_is_offered_whole(self) -> None:
        asked = Question(Wants.SLOT, "哪一张？", choices=self.choices(5, "option"))
        errand = self.errand(asked)
        errand.offers = [*self.choices(3)]
        assert [one.id for one in composing.reply(errand, None).choices] == [f"option{n}" for n in range(5)]
