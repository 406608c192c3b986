"""Where people live is covered, and where a branch is is not."""

from __future__ import annotations

import pytest

from assistant import given_address


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("我住在上海市浦东新区世纪大道100号阳光花园5栋2单元302室", "我住在上海市浦东新区世纪大道****"),
        ("卡寄到朝阳路12号就行", "卡寄到朝阳路****就行"),
        ("地址是北京市朝阳区建国路甲8号院3号楼1502", "地址是北京市朝阳区建国路甲****"),
        ("阳光花园5栋302", "阳光花园****"),
        ("我住翠苑小區八幢二單元501室，卡收不到", "我住翠苑小區****，卡收不到"),
        ("户籍湖北省黄冈市蕲春县狮子镇李家村3组12号", "户籍湖北省黄冈市蕲春县狮子镇李家村****"),
        ("I live at 18 Century Avenue, Pudong", "I live at **** Century Avenue, Pudong"),
        ("please mail it to Flat 5B, 120 Nanjing Road", "please mail it to **** Nanjing Road"),
    ],
)
def test_an_address_is_covered_from_its_number_on(text: str, covered: str) -> None:
    assert given_address.cover(text) == covered


@pytest.mark.parametrize(
    "text",
    [
        "世纪大道100号网点几点开门",
        "你们的地址是中山路1号吗",
        "3号线怎么走",
        "利率2.3%的3年期100号产品",
        "我住在外地，能办吗",
        "文三路100号有自助机吗",
        "卡寄到哪里了，3号寄的",
        "100 Century Avenue branch hours",
        "I live in Shanghai, 3 years now",
    ],
)
def test_what_is_no_home_stays(text: str) -> None:
    assert given_address.cover(text) == text


@pytest.mark.parametrize(
    ("address", "covered"),
    [("杭州市西湖区文三路100号2幢301室", "杭州市西湖区文三路****"), ("翠苑小区八幢二单元", "翠苑小区八幢****")],
)
def test_a_known_one_keeps_its_road(address: str, covered: str) -> None:
    assert given_address.covered(address) == covered
