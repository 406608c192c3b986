from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.slot import Filled
from tests.unit.slots.asking import find, value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王小明", "王小明"), ("我叫欧阳娜娜", "欧阳娜娜"), ("我是李雷", "李雷"), ("姓名是张三", "张三"), ("姓名：张三", "张三"), ("是李四", "李四"), ("收款人是王五", "王五"),
        ("收款人叫王五。", "王五"), ("我的名字叫赵六", "赵六"), ("王 小明", "王小明"), ("王小明先生", "王小明"), ("陳大文", "陳大文"), ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"), ("知行", "知行"), ("李元", "李元"), ("My name is Ann Lee", "Ann Lee"), ("John O'Neil", "John O'Neil"), ("name: José García", "José García"),
        ("123", "(not_a_name)"), ("李", "(not_a_name)"), ("张先生", "(not_a_name)"), ("西溪支行", "(not_a_name)"), ("13812345678", "(not_a_name)"), ("王小明123", "(not_a_name)"),
        ("你叫什么", None), ("取消", None), ("好的", None), ("转人工", None), ("不知道", None), ("为什么要姓名？", None), ("cancel", None), ("ok", None), ("办卡", None), ("查余额", None), ("我是客户", "(not_a_name)"), ("周杰伦吧", "周杰伦"), ("王小明，手机13812345678", "王小明"),
    ],
)  # fmt: skip
def test_a_name_is_found(text: str, found: str | None) -> None:
    assert value(find("name", text)) == found
    assert find("name", text, open=False) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我在云杉科技有限公司上班", "云杉科技有限公司"), ("阿里", "阿里"), ("公司是腾讯", "腾讯"), ("我就职于杭州市第一医院", "杭州市第一医院"), ("我是华为的员工", "华为"),
        ("工作单位：杭州第二中学", "杭州第二中学"), ("I work for Acme Ltd", "Acme Ltd"), ("我在華為工作", "華為"), ("1", "(too_short)"), ("A", "(too_short)"), ("大" * 61, "(too_long)"),
        ("取消", None), ("什么意思", None), ("必须填吗", None), ("没有", None),
    ],
)  # fmt: skip
def test_an_employer_is_found(text: str, found: str | None) -> None:
    assert value(find("employer", text)) == found
    assert find("employer", text, open=False) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("杭州市西湖区文三路123号", "杭州市西湖区文三路123号"), ("我住在西湖区翠苑小区3幢502", "西湖区翠苑小区3幢502"), ("地址是上海市浦东新区世纪大道100号", "上海市浦东新区世纪大道100号"),
        ("文三路一百二十号", "文三路一百二十号"), ("西湖區文三路１２３號", "西湖區文三路123號"), ("12 Nanjing Road, Shanghai", "12 Nanjing Road, Shanghai"), ("望江村8组", "望江村8组"),
        ("杭州", "(incomplete)"), ("浙江省杭州市西湖区", "(incomplete)"), ("文三路", "(incomplete)"), ("路" * 121, "(too_long)"), ("取消", None), ("为什么要地址？", None), ("转人工", None),
    ],
)  # fmt: skip
def test_an_address_is_found(text: str, found: str | None) -> None:
    assert value(find("address", text)) == found
    assert find("address", text, open=False) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("  卡被吞了 ", "卡被吞了"),
        ("好", "(too_short)"),
        ("。。。", "(too_short)"),
        ("字" * 1001, "(too_long)"),
        ("字" * 1000, "字" * 1000),
    ],
)
def test_free_text_is_taken_as_it_is(text: str, found: str) -> None:
    assert value(find("text", text)) == found
    assert find("text", text, open=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "zhang.san@Example.com",
        "我的邮箱是zhang.san@example.com。",
        "ｚｈａｎｇ.san@example.com",
        "zhang.san @ example.com",
        "<zhang.san@example.com>",
    ],
)
@pytest.mark.parametrize("open", [True, False])
def test_an_email_address_is_found(text: str, open: bool) -> None:
    assert find("email", text, open=open) == Filled("zhang.san@example.com", "z***@example.com")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@b", "(format)"),
        ("zhang@", "(format)"),
        ("zhang.qq.com", "(format)"),
        ("a@b.com, c@d.com", "(several)"),
        ("a..b@", "(format)"),
        ("你好", None),
        ("@客服", "(format)"),
    ],
)
def test_an_attempt_at_an_email_address_is_judged(text: str, found: str | None) -> None:
    assert value(find("email", text)) == found
    assert find("email", text, open=False) is None


@given(
    st.text(alphabet="王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", min_size=2, max_size=4),
    st.sampled_from(["{}", "我叫{}", "姓名：{}。"]),
)
def test_any_chinese_name_survives_its_sentences(name: str, form: str) -> None:
    assert value(find("name", form.format(name))) == name


@given(st.from_regex(r"[a-z][a-z0-9]{0,10}(\.[a-z0-9]{1,5})?@[a-z]{1,10}\.(com|cn|com\.cn)", fullmatch=True))
def test_any_email_address_survives_its_sentences(address: str) -> None:
    for form in ("{}", "邮箱：{}。", "发到{}，谢谢", "mail to {} please"):
        assert value(find("email", form.format(address), open=False)) == address
