"""A run as JUnit XML, read back as build servers do."""

from __future__ import annotations

from xml.etree import ElementTree

from junitparser import Failure, JUnitXml, Skipped, TestCase

from evals.reports import junit
from tests import made_report


def _cases() -> dict[str, TestCase]:
    read = JUnitXml.fromstring(junit.xml(made_report.report()).encode())
    return {case.name.split()[0]: case for suite in read for case in suite}


def test_a_suite_each_and_one_for_the_gates_with_their_counts() -> None:
    read = JUnitXml.fromstring(junit.xml(made_report.report()).encode())

    counts = {suite.name: (suite.tests, suite.failures, suite.skipped) for suite in read}

    assert counts == {"knowledge": (4, 2, 0), "tasks": (2, 1, 1), "speed": (0, 0, 0), "gates": (2, 1, 0)}
    assert (read.tests, read.failures, read.skipped) == (8, 4, 1)


def test_a_case_has_its_time_and_its_group() -> None:
    fee = _cases()["fee"]

    assert fee.time == 0.5
    assert fee.classname == "knowledge.信用卡"
    assert fee.result == []


def test_a_wrong_case_fails_with_its_faults_and_what_was_said() -> None:
    (failure,) = _cases()["steady"].result

    assert isinstance(failure, Failure)
    assert failure.message == "words: does not say 手机银行"
    assert "right 1 of 2 times" in (failure.text or "")
    assert "请到网点兑换。" in (failure.text or "")


def test_a_case_without_a_score_is_skipped_with_why() -> None:
    (skipped,) = _cases()["nobody"].result

    assert isinstance(skipped, Skipped)
    assert skipped.message == "the case names no customer whose record could be read"


def test_what_the_run_is_of_stands_with_every_suite() -> None:
    root = ElementTree.fromstring(junit.xml(made_report.report()))

    for suite in root:
        properties = {one.get("name"): one.get("value") for one in suite.iter("property")}
        assert properties["index"] == made_report.ABOUT.index
        assert suite.get("timestamp") == "2026-11-22T18:30:00+00:00"


def test_what_xml_cannot_hold_does_not_break_it() -> None:
    read = JUnitXml.fromstring(junit.xml(made_report.with_faults("\x00\x1b[31m\ud800 & <年费>")).encode())

    assert read.failures == 2
    assert any("& <年费>" in case.name for suite in read for case in suite)
