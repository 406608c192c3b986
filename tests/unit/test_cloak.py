from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cloak import Cloak, without_tokens


@pytest.mark.parametrize(
    "value",
    [
        "13812345678",
        "138 1234 5678",
        "6222021234567890123",
        "110101199003078515",
        "lin@example.com",
        "138123456789",
        "1381234567",
        "62220212345678901",
    ],
)
def test_what_is_personal_goes_under_a_token_and_comes_back(value: str) -> None:
    cloak = Cloak()
    covered = cloak.cover(f"请问{value}能用吗，{value}")
    assert value not in covered
    assert covered.count("<") == 2
    assert cloak.uncover(covered) == f"请问{value}能用吗，{value}"


@pytest.mark.parametrize(
    "text", ["年费3600元", "20万元起存，存3年", "2026年11月22日", "100,000,000元", "1.35%", "95588"]
)
def test_figures_of_a_question_are_sent_as_they_are(text: str) -> None:
    assert Cloak().cover(text) == text


def test_a_paper_goes_under_a_token_where_it_is_named() -> None:
    cloak = Cloak()
    covered = cloak.cover("护照EA1234567，通行证H12345678")
    assert "1234567" not in covered
    assert cloak.uncover(covered) == "护照EA1234567，通行证H12345678"


def test_spoken_codes_and_card_codes_are_blotted_out() -> None:
    covered = Cloak().cover("密码四八二一九零，安全码482")
    assert "四八二" not in covered
    assert "482" not in covered


def test_codes_are_blotted_out_for_good() -> None:
    cloak = Cloak()
    covered = cloak.cover("验证码是735164")
    assert "735164" not in covered
    assert "735164" not in cloak.uncover(covered)


def test_who_types_a_token_gets_nobodys_value() -> None:
    cloak = Cloak(["林晓雯"])
    covered = cloak.cover("我是林晓雯，<NAME_1>和<NA<NAME_1>ME_1>是谁")
    assert covered == "我是<NAME_1>，和是谁"


@given(st.text(st.sampled_from("<>_AB12NAME"), max_size=40))
def test_no_token_is_left(text: str) -> None:
    assert without_tokens(without_tokens(text)) == without_tokens(text)
