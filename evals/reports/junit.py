"""A run as JUnit XML, as build servers read it: a test suite for each suite and one for the gates, a test case for each case."""

from __future__ import annotations

import re
from collections.abc import Iterable

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from evals.outcome import Outcome
from evals.report import Gate, Report, SuiteResult

_UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold in any form."""


def xml(report: Report) -> str:
    """The whole run; what broke or was wrong is a failure, what could not be scored is skipped."""
    whole = JUnitXml("teller eval")
    for suite in (*map(_suite, report.suites), *([_gates(report.gates)] if report.gates else [])):
        _describe(suite, report)
        whole.append(suite)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{whole.tostring().decode()}\n'


def _describe(suite: TestSuite, report: Report) -> None:
    """When the run was, and of what; before it is appended, which counts it."""
    suite.update_statistics()
    if report.about:
        suite.timestamp = report.about.started.isoformat(timespec="seconds")
        for name in ("version", "index", "digest", "repeat"):
            suite.add_property(name, str(getattr(report.about, name)))
        for name, label in report.about.prompts.items():
            suite.add_property(f"prompt {name}", label)


def _suite(result: SuiteResult) -> TestSuite:
    made = TestSuite(_said(result.name))
    if not result.outcomes and result.skipped:
        made.add_testcase(_case(result.name, result.name, skipped=result.skipped))
    for one in result.outcomes:
        made.add_testcase(_of(result.name, one))
    return made


def _of(suite: str, one: Outcome) -> TestCase:
    name = f"{one.case.id} {one.case.asked}"
    place = f"{suite}.{one.case.group}" if one.case.group else suite
    seconds = sum(record.seconds for record in one.records)
    if one.unscored:
        return _case(place, name, seconds, skipped=one.unscored)
    return _case(place, name, seconds, faults="; ".join(one.faults), told=_told(one))


def _told(one: Outcome) -> str:
    """How often it was right, what was wrong, and what was said where it first went wrong."""
    place = next((at for at, right in enumerate(one.trials) if not right), 0)
    turns = [f"> {turn.said}\n{turn.reply}" for turn in one.records[place].turns]
    return "\n".join([f"right {sum(one.trials)} of {len(one.trials)} times", *one.faults, "", *turns])


def _gates(gates: Iterable[Gate]) -> TestSuite:
    made = TestSuite("gates")
    for gate in gates:
        faults = "" if gate.passed else f"{gate.value:g}, limit {gate.limit:g}"
        made.add_testcase(_case("gates", gate.name, faults=faults))
    return made


def _case(
    place: str, name: str, seconds: float = 0.0, *, skipped: str = "", faults: str = "", told: str = ""
) -> TestCase:
    made = TestCase(_said(name), _said(place), round(seconds, 3))
    if skipped:
        made.result = [Skipped(_said(skipped))]
    elif faults:
        failure = Failure(_said(faults), "wrong")
        failure.text = _said(told or faults)
        made.result = [failure]
    return made


def _said(text: str) -> str:
    return _UNSPEAKABLE.sub("\ufffd", text)
