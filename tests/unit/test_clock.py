from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from assistant import clock
from assistant.settings import Settings, WrongSettings, load

BANK = Settings().time_zone


@pytest.fixture(autouse=True)
def _back() -> Iterator[None]:
    yield
    clock.keep(BANK)


def ahead() -> timedelta | None:
    return datetime.fromtimestamp(1_795_000_000, UTC).astimezone().utcoffset()


@pytest.mark.parametrize(
    ("zone", "hours"), [("Asia/Shanghai", 8), ("UTC", 0), ("America/New_York", -5), ("Asia/Kolkata", 5.5)]
)
def test_local_time_is_the_banks(zone: str, hours: float) -> None:
    clock.keep(zone)
    assert ahead() == timedelta(hours=hours)


def test_a_machine_without_zones_is_told_the_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZDIR", "/nowhere")
    for zone, hours in (("Asia/Shanghai", 8), ("America/New_York", -5), ("Asia/Kolkata", 5.5)):
        clock.keep(zone)
        assert ahead() == timedelta(hours=hours), os.environ["TZ"]


def test_the_settings_keep_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLER_TIME_ZONE", "Asia/Tokyo")
    load()
    assert ahead() == timedelta(hours=9)


def test_a_zone_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLER_TIME_ZONE", "Asia/Beijing")
    with pytest.raises(WrongSettings, match="no time zone, such as Asia/Shanghai"):
        load()
