"""Whether the risk assessment still counts, however its time is said."""

from __future__ import annotations

from datetime import date

import pytest

from assistant import assessment_words
from assistant.need_words import Words, prepared
from assistant.sales_need import CustomerFacts
from assistant.suitability import is_expired

DAY = date(2026, 11, 22)


def _expired(said: str) -> bool:
    words = Words(prepared(said), DAY)
    on, expired = assessment_words.assessed(words), assessment_words.expired(words)
    undated = on is None and assessment_words.is_undated(prepared(said), words.text)
    return is_expired(CustomerFacts(None, 3, on, expired or undated), DAY)


@pytest.mark.parametrize(
    "said",
    [
        "上次测评是2024年3月，C3",
        "测评日期2024-03-01，C3",
        "测评日期：2024/3/1，C3",
        "C3，两年前测的",
        "C3，24年3月测评的",
        "C3，一年前测的",
        "C3，测评早就过期了",
        "C4（已过期）",
        "稳健型（已过期）",
        "C3等级已经失效",
        "C3，过了有效期",
        "C3不在有效期内",
        "C3，测评超过了12个月",
        "C3，测评是去年的",
        "C3，测评做了快两年了",
        "三年没做测评，C3",
        "C3，评估已到期",
        "测评有效期到2026年3月，C3",
    ],
)
def test_an_assessment_out_of_date_is_understood(said: str) -> None:
    assert _expired(said)


@pytest.mark.parametrize(
    "said",
    [
        "C3，测评没过期",
        "C3，评估还没到期",
        "C3，测评快过期了",
        "今年10月测评C3",
        "C3，2026年9月15日测评",
        "C3，半年前做的测评",
        "上个月测评的C3",
        "测评有效期到2027年3月，C3",
        "C3测评过，20万",
        "C3，身份证过期了，20万",
        "稳健型，大额存单到期，20万",
        "稳健型，10万，定期快到期",
    ],
)
def test_one_that_still_counts_forbids_nothing(said: str) -> None:
    assert not _expired(said)
