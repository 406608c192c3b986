"""Companies that a question names in full: their names as they stand, in either script, and none where none is named."""

from __future__ import annotations

import pytest
from opencc import OpenCC

from assistant.organisation import names

NAMED = {
    "蓝天旅游有限公司的营业收入是多少？": ["蓝天旅游"],
    "蓝天旅游股份有限公司有多少员工": ["蓝天旅游"],
    "蓝天旅游有限责任公司注册在哪里": ["蓝天旅游"],
    "蓝天旅游集团股份有限公司的董事长是谁": ["蓝天旅游"],
    "蓝天旅游控股集团有限公司的董事长是谁": ["蓝天旅游"],
    "招商局集团什么时候成立的": ["招商局"],
    "蓝天旅游（集团）股份有限公司的净利润": ["蓝天旅游"],
    "２０２３年蓝天旅游有限公司的营收": ["蓝天旅游"],
    "2021年度蓝天旅游有限公司的营收": ["蓝天旅游"],
    "在2020年12月31日，华夏科技集团有限公司总资产有多少": ["华夏科技"],
    "请比较2019年和2020年蓝天旅游有限公司的营收": ["蓝天旅游"],
    "蓝天旅游有限公司2021年营收": ["蓝天旅游"],
    "请问蓝天旅游有限公司怎么样": ["蓝天旅游"],
    "根据蓝天旅游股份有限公司的资料，概括其业务": ["蓝天旅游"],
    "结合蓝天旅游有限公司的情况，说明成本控制": ["蓝天旅游"],
    "关于蓝天旅游有限公司，营收多少": ["蓝天旅游"],
    "蓝天旅游有限公司与白云物流有限公司相比哪个大": ["蓝天旅游", "白云物流"],
    "比较蓝天旅游股份有限公司和白云科技集团的净利润": ["蓝天旅游", "白云科技"],
    "蓝天旅游有限公司、白云物流有限公司": ["蓝天旅游", "白云物流"],
    "ＡＢＣ科技有限公司的地址": ["abc科技"],
    "白云·汽车有限公司": ["白云·汽车"],
}
UNNAMED = [
    "哪家公司的利润最高？",
    "这家公司的电话是多少",
    "保险公司怎么理赔？",
    "贵公司有什么产品",
    "我们公司怎么开户",
    "担保公司要收费吗",
    "集团客户怎么开户",
    "集团公司怎么开户",
    "上市公司有哪些要求",
    "母公司和子公司可以一起申请吗？",
    "公司转账限额是多少",
    "有限责任公司开户需要什么材料",
    "有限公司开户要法人到场吗",
    "股份有限公司和有限责任公司有什么区别",
    "一人有限责任公司能贷款吗",
    "国有控股公司怎么授信",
    "国有独资有限责任公司开户",
    "云杉白金信用卡年费多少",
    "What is the revenue of Blue Sky Ltd.?",
    "Which company has the highest profit?",
    "",
    "公司",
    "有限公司",
    "？？？",
]


def traditional(text: str) -> str:
    return str(OpenCC("s2t").convert(text))


@pytest.mark.parametrize(("question", "companies"), NAMED.items())
def test_a_company_is_told_by_its_own_name_in_either_script(question: str, companies: list[str]) -> None:
    assert names(question) == companies
    assert names(traditional(question)) == companies


@pytest.mark.parametrize("question", UNNAMED)
def test_companies_in_general_have_no_name(question: str) -> None:
    assert names(question) == []
    assert names(traditional(question)) == []


def test_a_name_is_no_longer_than_names_are() -> None:
    assert [len(name) for name in names("蓝天旅游" * 1_000 + "有限公司")] == [20]
