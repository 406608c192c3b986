from __future__ import annotations

import re
from copy import deepcopy
from datetime import datetime
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.business_hours import told
from assistant.demo_bank import seed
from assistant.desk_rules import GENERAL, LONGEST_HEAD_START, DeskRules, WrongDesk, load
from assistant.reason import Reason
from assistant.settings import Settings

FILE: Path = Settings.model_fields["desk_file"].default
RULES = load(FILE)
ROOT = Path(__file__).parents[2]
EVERYONE = list(product((False, True), (*RULES.levels, None)))


def documents(folder: str) -> str:
    found = (ROOT / "knowledge_base" / "documents" / folder).rglob("*.*")
    return "\n".join(path.read_text(encoding="utf-8") for path in found if path.suffix in (".md", ".html", ".csv"))


def change(content: dict[str, Any], where: str, value: Any) -> None:
    """Sets, or deletes where the value is Ellipsis."""
    *path, last = where.split(".")
    for name in path:
        content = content[int(name) if isinstance(content, list) else name]
    if value is ...:
        del content[last]
    else:
        content[last] = value


class TestShipped:
    def test_has_a_rule_for_every_reason(self) -> None:
        assert set(RULES.reasons) == set(Reason)

    def test_has_exactly_the_levels_of_the_demo_banks_customers(self) -> None:
        customers = yaml.safe_load(Path(seed.__file__).with_name("customers.yaml").read_text(encoding="utf-8"))
        assert set(RULES.levels) == {customer["level"] for customer in customers}

    def test_has_the_skills_that_tasks_ask_for(self) -> None:
        flows = "\n".join(path.read_text(encoding="utf-8") for path in Settings().flows_dir.glob("*.yaml"))
        assert {GENERAL, *re.findall(r"^ +skill: (\w+)", flows, re.M)} <= set(RULES.skills)

    @pytest.mark.parametrize(
        ("skill", "folder", "said"),
        [
            ("general", "about", "人工服务时间为7×24小时"),
            ("wealth", "about", "投资理财人工座席的服务时间为08:30—21:00"),
            ("complaints", "complaints", "投诉工作时间为工作日8:30—20:00，紧急事项7×24小时"),
        ],
    )
    def test_hours_are_those_of_the_documents(self, skill: str, folder: str, said: str) -> None:
        assert said in documents(folder)
        assert told(RULES.timetable(skill), "zh").removeprefix("每天").replace("日0", "日") in said

    def test_what_replies_promise_was_said_before(self) -> None:
        own = (ROOT / "assistant" / "wording" / "zh.yaml").read_text(encoding="utf-8")
        everything = documents("complaints") + documents("antifraud") + documents("about") + own
        for name, reply in RULES.replies.items():
            figures = re.findall(r"[\d-]+", reply.zh)
            assert all(figure in everything for figure in figures), name


class TestHeadStart:
    def of(self, *reasons: Reason) -> list[int]:
        return [RULES.head_start(reason, level, elder=elder) for reason in reasons for elder, level in EVERYONE]

    def test_adds_reason_age_and_level(self) -> None:
        assert RULES.head_start(Reason.DISPUTE) == 180
        assert RULES.head_start(Reason.DISPUTE, "普通") == 180
        assert RULES.head_start(Reason.DISPUTE, "白金", elder=True) == 180 + 450 + 60
        assert RULES.head_start(Reason.ASKED, "no level of the bank's") == 0

    def test_danger_fraud_and_lost_cards_come_before_all_else_whoever_asks(self) -> None:
        rest = [reason for reason in Reason if reason not in (Reason.DANGER, Reason.FRAUD, Reason.LOST_CARD)]
        tiers = [self.of(Reason.DANGER), self.of(Reason.FRAUD), self.of(Reason.LOST_CARD), self.of(*rest)]
        assert all(min(graver) > max(less) for graver, less in pairwise(tiers))

    def test_elders_come_before_others_whatever_those_complain_of_and_whatever_their_level(self) -> None:
        rest = [reason for reason in Reason if reason not in (Reason.DANGER, Reason.FRAUD, Reason.LOST_CARD)]
        elders = [RULES.head_start(reason, elder=True) for reason in rest]
        others = [RULES.head_start(reason, level) for reason in rest for level in RULES.levels]
        assert min(elders) > max(others) + 120

    def test_nobody_is_overtaken_by_more_than_45_minutes(self) -> None:
        assert max(self.of(*Reason)) == RULES.longest_head_start <= LONGEST_HEAD_START == 45 * 60


class TestTakenBy:
    @pytest.mark.parametrize(
        ("skill", "moment", "expected"),
        [
            ("complaints", "11-23 12:00", "complaints"),
            ("complaints", "11-23 20:00", "general"),
            ("complaints", "10-01 12:00", "general"),
            ("wealth", "10-01 12:00", "wealth"),
            ("wealth", "11-23 21:00", "general"),
            ("video_review", "11-23 03:00", "video_review"),
        ],
    )
    def test_out_of_hours_by_another_skill_or_by_nobody(self, skill: str, moment: str, expected: str | None) -> None:
        at = datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=RULES.calendar.zone)
        assert RULES.taken_by(skill, at) == expected


class TestWrongFiles:
    @pytest.mark.parametrize(
        ("where", "value", "line"),
        [
            ("skills.general", ..., "skills: general is missing - add it, it serves what no other does"),
            ("skills.wealth.hours", "welth", "skills.wealth.hours: there is no timetable welth - name one"),
            ("skills.wealth.out_of_hours", "wealth", "skills.wealth.out_of_hours: wealth is no other skill"),
            ("skills.wealth.out_of_hours", "complaints", "skills.wealth.out_of_hours: complaints has one of its own"),
            ("skills.wealth.name", "理财", "skills.wealth.name: is a text - make it a table with its keys"),
            ("skills.wealth.hour", "always", "skills.wealth.hour: is no key here - did you mean hours?"),
            ("skills.wealth.handle_seconds", "600", "skills.wealth.handle_seconds: is a text - make it a whole number"),
            ("skills.Wealth", {}, "skills.Wealth: is no name - write it in small letters, digits and _"),
            ("reasons.fraud", ..., "reasons: fraud is missing - add it"),
            ("reasons.frod", {}, "reasons.frod: is none of the reasons - did you mean fraud?"),
            ("reasons.fraud.skill", "police", "reasons.fraud.skill: there is no skill police - name one"),
            ("reasons.fraud.head_start_seconds", -1, "reasons.fraud.head_start_seconds: is -1 - make it at least 0"),
            ("reasons.fraud.head_start_seconds", 2700, "head_start_seconds: the largest reason, senior and level together"),
            ("senior.age", 20, "senior.age: is 20 - make it at least 40"),
            ("timetables.wealth.opening.0.to", 1260, "timetables.wealth.opening.0.to: is no time of day to YAML - write it"),
            ("timetables.wealth.opening.0.to", "08:00", "timetables.wealth.opening.0: ends before it begins"),
            ("timetables.wealth.opening.0.days", "weekend", "timetables.wealth.opening.0.days: is no day or span"),
            ("timetables.wealth.opening.0.untill", "1", "timetables.wealth.opening.0.untill: is no key here - there may be"),
            ("timetables.wealth.holidays", "maybe", "timetables.wealth.holidays: is maybe - make it 'open' or 'closed'"),
            ("timetables.always.always", False, "timetables.always: must be either always open or open at some hours"),
            ("holidays.0.from", 20260101, "holidays.0.from: is no day to YAML - write it such as 2026-10-01"),
            ("holidays.0.name", {"zh": "元旦"}, "holidays.0.name.en: is missing - add it"),
            ("workdays", ["2026-10-10"], "workdays.0: is no day to YAML"),
            ("time_zone", "Shanghai", "time_zone: is no time zone: Shanghai - write it such as Asia/Shanghai"),
            ("replies.hello.zh", "您好，{name}", "replies.hello: holds a { or a } - write the words as they are sent"),
            ("replies.hello.zh", "", "replies.hello.zh: is empty - write it"),
            ("codes", ..., "codes: is missing - add it"),
            ("offer_seconds", 0, "offer_seconds: is 0 - make it at least 5"),
            ("away_seconds", None, "away_seconds: is empty - write it"),
            ("offer_second", 3, "offer_second: is no key here - did you mean offer_seconds?"),
        ],
    )  # fmt: skip
    def test_are_told_in_one_line(self, tmp_path: Path, where: str, value: Any, line: str) -> None:
        content = deepcopy(yaml.safe_load(FILE.read_text(encoding="utf-8")))
        change(content, where, value)
        (tmp_path / "desk.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        with pytest.raises(WrongDesk) as caught:
            load(tmp_path / "desk.yaml")
        assert any(told.startswith(f"desk.yaml: {line}") for told in str(caught.value).splitlines()), caught.value

    def test_several_mistakes_have_a_line_each(self, tmp_path: Path) -> None:
        content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
        for reason in ("danger", "asked"):
            change(content, f"reasons.{reason}", ...)
        change(content, "workdays", [content["holidays"][0]["from"]])
        (tmp_path / "desk.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        with pytest.raises(WrongDesk) as caught:
            load(tmp_path / "desk.yaml")
        assert str(caught.value).splitlines() == [
            "desk.yaml: reasons: asked is missing - add it",
            "desk.yaml: reasons: danger is missing - add it",
            "desk.yaml: workdays: 2026-01-01 is a holiday too - take it out of one of the two",
        ]

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("", "desk.yaml: the file: the file is empty - give it the keys skills"),
            ("skills: {}\nskills: {}\n", "desk.yaml: line 2: skills stands twice"),
            ("skills: [\n", "desk.yaml: line 2:"),
        ],
    )
    def test_of_no_form(self, tmp_path: Path, text: str, line: str) -> None:
        (tmp_path / "desk.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(WrongDesk, match="^" + re.escape(line)):
            load(tmp_path / "desk.yaml")

    def test_that_are_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(WrongDesk, match="TELLER_DESK_FILE"):
            load(tmp_path / "nothing.yaml")


def test_rules_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        RULES.offer_seconds = 3  # type: ignore[misc]
    assert isinstance(RULES, DeskRules)
