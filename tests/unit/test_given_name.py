from __future__ import annotations

import pytest

from assistant import given_name
from assistant.cloak import Cloak


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("我叫林晓雯，手机多少", ["林晓雯"]),
        ("我是陈栋", ["陈栋"]),
        ("客户林晓雯，问年费", ["林晓雯"]),
        ("姓名：欧阳明月。", ["欧阳明月"]),
        ("户名是赵志远 卡号", ["赵志远"]),
        ("我是林晓雯女士的儿子", ["林晓雯"]),
        ("Hello, my name is Lin Xiaowen.", ["Lin Xiaowen"]),
        ("我是白金卡，年费多少", []),
        ("我是金卡客户", []),
        ("我叫你们经理来", []),
        ("客户经理电话", []),
        ("客户方面，", []),
        ("我是老年人", []),
        ("我叫林晓雯我要挂失", ["林晓雯"]),
        ("我係陳曉雯，想查數", ["陳曉雯"]),
        ("我叫阿卜杜拉·买买提，开户", ["阿卜杜拉·买买提"]),
        ("我是林先生", []),
        ("本人不在国内", []),
        ("我是谢谢", []),
        ("我是应届生", []),
        ("我是安徽的", []),
        ("我的名字写错了", []),
        ("户名不一致怎么办", []),
        ("客户应当在次日补足", []),
        ("my name is lin xiaowen, i lost my card", ["lin xiaowen"]),
        ("my name is spelled wrong on the card", []),
        ("年费多少", []),
    ],
)
def test_a_name_is_found_by_how_it_is_given(text: str, names: list[str]) -> None:
    assert given_name.found(text) == names


def test_a_name_that_was_given_is_covered_wherever_it_stands_from_then_on() -> None:
    cloak = Cloak()
    covered = cloak.cover("我叫林晓雯，林晓雯的卡")
    later = cloak.cover("林晓雯")
    assert "林晓雯" not in covered + later
    assert cloak.uncover(covered) == "我叫林晓雯，林晓雯的卡"
    assert cloak.uncover(later) == "林晓雯"


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("我叫林晓雯，林晓雯的卡", "我叫林**，林**的卡"),
        ("我叫欧阳娜娜", "我叫欧***"),
        ("My name is Lin Xiaowen.", "My name is L** X******."),
        ("白金卡年费多少", "白金卡年费多少"),
    ],
)
def test_it_is_covered_but_for_its_first_letter(text: str, covered: str) -> None:
    assert given_name.cover(text) == covered
