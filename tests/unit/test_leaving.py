from __future__ import annotations

import pytest

from assistant import smalltalk
from assistant.bootstrap import build_flows
from assistant.leaving import cancels
from assistant.settings import Settings

FLOWS = build_flows(Settings())
LEAVES = """
    book_branch_visit 不预约了
    book_branch_visit 还是不约了吧
    call_back 算了不约了，改日再说
    report_lost_card 没丢，不用挂失了
    report_lost_card 先不挂了
    file_complaint 懒得投诉了
    leave_message 那就不留言了，谢谢
    query_transactions 不想查了
    apply_credit_card 我不想申请了
    bind_quick_pay 不绑了，太麻烦了
    change_phone 先不搞了
    change_phone 等有空了再来办吧
    deposit_certificate 唔搞喇
    change_phone never mind
"""
STAYS = """
    lift_lost_report 不用挂失了
    report_lost_card 不用挂失了，解开吧
    report_lost_card 不挂失会怎样
    report_lost_card 找着了
    file_complaint 不投诉你们经理了投诉柜员
    book_branch_visit 不约这家了
    book_branch_visit 改天
    leave_message 不留电话了
    deposit_certificate 不用英文了
    change_phone 不改行吗
    change_phone 不约了
    change_phone 谢谢
"""


def pairs(text: str) -> list[tuple[str, str]]:
    return [(flow, said) for flow, said in (line.strip().split(" ", 1) for line in text.strip().splitlines())]


@pytest.mark.parametrize(("flow", "said"), pairs(LEAVES))
def test_the_task_is_given_up(flow: str, said: str) -> None:
    assert cancels(smalltalk.bare(said), FLOWS[flow])


@pytest.mark.parametrize(("flow", "said"), pairs(STAYS))
def test_what_says_something_else_gives_nothing_up(flow: str, said: str) -> None:
    assert not cancels(smalltalk.bare(said), FLOWS[flow])
