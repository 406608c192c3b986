from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from assistant import password
from assistant.password import WeakPassword

GOOD = "云杉 pine 2026"


@pytest.mark.parametrize(
    ("weak", "told"),
    [
        ("short-one", "has 9 characters"),
        ("x" * 201, "has 201 characters"),
        ("Zhang.Wei.1", "is the name"),
        ("Password123", "everybody tries first"),
        ("１２３４５６７８９０", "everybody tries first"),
        ("woaini1314", "everybody tries first"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(weak: str, told: str) -> None:
    with pytest.raises(WeakPassword, match=told):
        password.check("zhang.wei.1", weak)


def test_it_matches_itself_alone_however_it_was_typed() -> None:
    password.check("zhangwei", GOOD)
    kept = password.hashed(GOOD)
    assert kept.startswith("$argon2id$")
    assert GOOD not in kept
    assert password.matches(kept, "云杉 ｐｉｎｅ ２０２６")
    assert not password.matches(kept, GOOD.upper())
    assert not password.matches(kept, "\ud800")
    assert password.hashed(GOOD) != kept


def test_nothing_matches_where_nothing_is_kept() -> None:
    assert not password.matches("", "")
    assert not password.matches("", "nobody has this password")


def test_other_parameters_are_outdated() -> None:
    assert not password.is_outdated(password.hashed(GOOD))
    assert password.is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD))
