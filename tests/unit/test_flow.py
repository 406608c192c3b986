from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import assistant
from assistant.flow import WrongFlow, read, read_all
from assistant.step import Identity

SHIPPED = Path(assistant.__file__).parent / "flows"

GOOD = """\
title: {zh: 问候, en: Greeting}
summary: {zh: 打招呼, en: Says hello}
slots:
  colour:
    kind: choice
    name: {zh: 颜色, en: colour}
    ask: {zh: 什么颜色？, en: Which colour.}
    options:
      red: {label: {zh: 红, en: red}}
steps:
  colour:
    choose: colour
    identity: signed_in
    next: {red: sure}
  sure:
    confirm: {zh: 对吗？, en: Is it right}
    next: {是: bye, 否: colour}
  bye:
    end: done
    text: {zh: 再见, en: Bye}
"""


@pytest.fixture
def told(tmp_path: Path) -> Callable[[str | bytes], list[str]]:
    """What reading a file of this content says is wrong."""

    def one(content: str | bytes) -> list[str]:
        path = tmp_path / "hello.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(WrongFlow) as caught:
            read(path)
        return str(caught.value).splitlines()

    return one


def test_a_flow_is_read(tmp_path: Path) -> None:
    path = tmp_path / "hello.yaml"
    path.write_text(GOOD, encoding="utf-8")
    flow = read(path)
    assert (flow.id, flow.first, flow.identity) == ("hello", "colour", Identity.ANONYMOUS)
    assert flow.steps["colour"].identity is Identity.SIGNED_IN
    assert flow.after("sure", "否") == "colour"
    assert flow.collects("colour") == ["colour"]


def test_the_shipped_flows_are_read_by_their_names() -> None:
    flows = read_all(SHIPPED)
    assert "change_phone" in flows
    assert all(flow.id == name for name, flow in flows.items())


def test_all_wrong_files_of_a_folder_are_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("", encoding="utf-8")
    with pytest.raises(WrongFlow, match=r"a\.yaml: the file: .*\nb\.yaml: the file: "):
        read_all(tmp_path)


KINDS = "say, collect, choose, verify, confirm, disclose, call, review, link, subflow, handoff, end"
KEYS = "title, summary, identity, skill, lead, offer, slots, steps"
MISTAKES = {
    "a lead with nothing to offer": (
        ("summary:", "lead: true\nsummary:"),
        ["offer: offer is empty - a flow with `lead: true` says what the bank's people may offer who leaves it"],
    ),
    "a misspelt kind of step": (
        ("    choose: colour", "    chose: colour"),
        ["colour: the step does nothing that is known - did you mean choose?"],
    ),
    "no kind of step": (
        ("    choose: colour\n", ""),
        [f"colour: the step does nothing that is known - give it one of the keys {KINDS}"],
    ),
    "two kinds of step": (
        ("    choose: colour", "    choose: colour\n    verify: colour"),
        ["colour: the step is several in one: choose, verify - make each a step of its own"],
    ),
    "a step that is a text": (
        ("  bye:\n    end: done\n    text: {zh: 再见, en: Bye}", "  bye: end"),
        [f"bye: the step is a text - give it one of the keys {KINDS}"],
    ),
    "a language left out": (
        ("{zh: 对吗？, en: Is it right}", "{zh: 对吗？}"),
        ["sure: confirm.en is missing - add it"],
    ),
    "a language left empty": (
        ("en: Is it right}", "en: }"),
        ["sure: confirm.en is empty - write it, or delete the key if it may be left out"],
    ),
    "one text for both languages": (
        ("{zh: 对吗？, en: Is it right}", "对吗？"),
        ["sure: confirm is a text - write it with its keys: zh, en"],
    ),
    "yes and no": (
        ("{是: bye, 否: colour}", "{yes: bye, no: colour}"),
        ["sure: YAML reads yes and no as true and false - branch on 是 and 否"],
    ),
    "a list of next steps": (
        ("{是: bye, 否: colour}", "[bye, colour]"),
        ["sure: next is a list - name a step, or give a table of `answer: step`"],
    ),
    "a list in a table": (("{是: bye,", "{是: [bye],"), ["sure: next.是 is a list - name a step"]),
    "a number in a table": (
        ("{是: bye,", "{1: bye,"),
        ["sure: 1 is no name to YAML but a number - put it in quotes, or rename it"],
    ),
    "a tab": (
        ("    choose: colour", "\tchoose: colour"),
        ["line 12: found character '\\t' that cannot start any token - indent with spaces, never with tabs"],
    ),
    "a colon": (
        ("    end: done", "    end: done: now"),
        [
            "line 19: mapping values are not allowed here - "
            "put a text that holds a colon and a space in quotes, and indent keys alike"
        ],
    ),
    "an open quote": (("zh: 再见", 'zh: "再见'), ["line 21: found unexpected end of stream - close the quotes"]),
    "an open bracket": (
        ("en: Bye}", "en: Bye"),
        [
            "line 21: expected ',' or '}', but got '<stream end>' - "
            "close the bracket, and put a text that holds a comma, a bracket or a ? in quotes"
        ],
    ),
    "a step twice": (("  bye:", "  sure:"), ["line 18: sure stands twice - rename one of the two, or delete it"]),
    "a key twice": (
        ("    end: done", "    end: done\n    end: not_done"),
        ["line 20: end stands twice - rename one of the two, or delete it"],
    ),
    "a key of the file misspelt": (
        ("summary:", "sumary:"),
        ["summary: summary is missing - add it", "sumary: sumary is no key here - did you mean summary?"],
    ),
    "a key of a step misspelt": (
        ("    identity: signed_in", "    identty: signed_in"),
        ["colour: identty is no key here - did you mean identity?"],
    ),
    "a key of another step": (
        ("    end: done", "    end: done\n    version: '1'"),
        ["bye: version is no key here - there may be next, identity, clear, end, text, rows"],
    ),
    "a key of a slot misspelt": (
        ("    ask:", "    aks:"),
        ["slots.colour: ask is missing - add it", "slots.colour: aks is no key here - did you mean ask?"],
    ),
    "a key of an option misspelt": (
        ("{label:", "{lable:"),
        [
            "slots.colour: options.red.label is missing - add it",
            "slots.colour: lable is no key here - did you mean label?",
        ],
    ),
    "a key of a text misspelt": (
        ("{zh: 问候, en: Greeting}", "{zh: 问候, eng: Greeting}"),
        ["title: en is missing - add it", "title: eng is no key here - did you mean en?"],
    ),
    "an unknown identity": (
        ("identity: signed_in", "identity: signedin"),
        ["colour: identity is signedin - identity is one of: anonymous, signed_in, verified"],
    ),
    "an unknown end": (
        ("end: done", "end: finished"),
        ["bye: end is finished - make it one of: done, not_done, cancelled"],
    ),
    "an option called yes": (
        ("      red: {", "      yes: {"),
        [
            "slots.colour: an option is called yes, no, on or off, which YAML reads as true or false - "
            "quote it or rename it"
        ],
    ),
    "an option that is a number": (
        ("      red: {", "      3: {"),
        ["slots.colour: 3 is no name to YAML but a number - put it in quotes, or rename it"],
    ),
    "options as a list": (
        ("      red: {label: {zh: 红, en: red}}", "      - red"),
        ["slots.colour: options is a list - make it a table of `name: value`"],
    ),
    "a step called on": (
        ("  bye:", "  on:"),
        ["steps: True is no name to YAML but true or false - put it in quotes, or rename it"],
    ),
    "a text for a list": (
        ("    end: done", "    end: done\n    clear: colour"),
        ["bye: clear is a text - make it a list"],
    ),
    "a number for a text": (
        ("    kind: choice", "    kind: 3"),
        ["slots.colour: kind is a number - make it a text, in quotes"],
    ),
    "neither true nor false": (
        ("    kind: choice", "    kind: choice\n    optional: maybe"),
        ["slots.colour: optional is a text - make it true or false"],
    ),
    "its own id": (("title:", "id: hi\ntitle:"), ["id: a flow's id is the name of its file - delete this key"]),
    "a date that is none": (
        ("zh: 再见", "zh: 2024-99-99"),
        ["the file: something in it looks like a date and is none: month must be in 1..12 - put that text in quotes"],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_in_plain_words(mistake: str, told: Callable[[str | bytes], list[str]]) -> None:
    (old, new), expected = MISTAKES[mistake]
    assert old in GOOD
    assert told(GOOD.replace(old, new, 1)) == [f"hello.yaml: {line}" for line in expected]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", f"the file: the file is empty - give it the keys {KEYS}"),
        ("- a", f"the file: the file is a list - give it the keys {KEYS}"),
        (
            "title: {zh: 问, en: A}\nsummary: {zh: 问, en: A}\nsteps: {}",
            "steps: steps is empty - a flow has at least one step",
        ),
        (
            "title: {zh: 问, en: A}\nsummary: {zh: 问, en: A}\nsteps: [a]",
            "steps: steps is a list - make it a table of `name: value`",
        ),
    ],
)
def test_a_file_that_is_no_flow_is_told(content: str, expected: str, told: Callable[[str | bytes], list[str]]) -> None:
    assert told(content) == [f"hello.yaml: {expected}"]


def test_another_encoding_is_told(told: Callable[[str | bytes], list[str]]) -> None:
    (line,) = told(GOOD.encode("gb18030"))
    assert line.startswith("hello.yaml: the file: the file is no plain text")
    assert line.endswith(" - save it as UTF-8 text")
