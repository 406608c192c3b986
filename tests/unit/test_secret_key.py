"""The service's secret is made once, whoever comes first, and read whole."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydantic import SecretStr

from assistant.secret_key import secret
from assistant.settings import Settings


def test_all_who_start_together_have_the_same(tmp_path: Path) -> None:
    for place in range(20):
        folder = tmp_path / str(place)
        with ThreadPoolExecutor(8) as pool:
            found = set(pool.map(lambda _, folder=folder: secret(Settings(data_dir=folder)), range(16)))
        assert len(found) == 1
        assert len(found.pop()) == 64
        assert [file.name for file in folder.iterdir()] == ["secret.key"]


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    secret(Settings(data_dir=tmp_path))
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_one_that_is_set_is_taken_and_none_is_made(tmp_path: Path) -> None:
    assert (
        secret(Settings(data_dir=tmp_path, secret_key=SecretStr("a long one of the bank's")))
        == "a long one of the bank's"
    )
    assert not list(tmp_path.iterdir())
