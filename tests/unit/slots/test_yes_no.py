from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.slot import Filled
from tests.unit.slots.asking import find, value

_YES_WORDS = (
    "是 是的 对 对的 没错 没问题 正确 确认 确定 好 好的 可以 可以的 行 行的 嗯 嗯嗯 要 要的 同意 当然 当然可以 我确认 我同意 确认无误 對 對的 沒錯 確認 確定 "
    "好啊 好呀 好吧 行吧 好嘛 好哦 好嘞 是啊 对啊 对呀 对呢 是呢 可以啊 确认了 同意了 对对对 好好好 是是是 好的好的 行行行 好的。 是！ 对～ 确认~ 嗯。 "
    "是的，没错 嗯，确认 嗯好的 嗯嗯好的 对，确认 好的、可以 哦好的 yes YES Yes. y ok OK okay Sure sure! confirm Confirmed correct right yep yeah agree ＹＥＳ"
)
YES = [
    *_YES_WORDS.split(),"yes please", "yes, confirm", "that's right", "That’s correct", "I confirm", "go ahead", "  好的  ", "行，办理吧", "嗯，愿意的", "我愿意", "对的没问题", "好确认", "係啊", "係嘅", "冇問題", "已经读过了，没问题", "都核对过了 确定", "我看完了，同意",
    "读完了确认", "是的 没错", "“确认”", "ok, sure", "Of course"]  # fmt: skip
_NO_WORDS = (
    "不 不是 不对 不用 不要 不行 不可以 不同意 不确认 不了 不用了 不要了 否 别 不需要 不是的 不對 不對的 不用啦 不要啊 不行啊 不不不 不是不是 不用不用 不要吧 "
    "不，不是 不对，不是 不。 不！ no NO No. nope n don't don’t wrong incorrect nah"
)
NO = [
    *_NO_WORDS.split(),"no thanks", "No, thank you", "not correct", "no no", "唔係", "唔使", "不愿意", "看过了，不同意", "don't do it", "That's wrong", "do not"]  # fmt: skip
_NEITHER_WORDS = (
    "好的，不过金额改成两万 好像不对 可以吗 是吗 不是不行 可以的话 要不 是不是 好不好 行不行 对不对 可不可以 要不要 能不能 对不起 不好意思 不错 不客气 不用谢 不要紧 "
    "不知道 不确定 不清楚 不一定 不太对 不全对 不完全对 没有 没 取消 算了 退出 停 等等 等一下 再想想 考虑一下 随便 都行 要是 对了 好了 行了 可以了 对吧 是吧 要吧 没错吧 "
    "可以吧 确定吧 好是好 对是对 是好 可以是可以 好像是 好像对 应该是 应该可以 大概是 可能吧 也许 是但是 是的但是 是的，但是 好，但是 确认前 确认一下 确认什么 再确认 先确认 "
    "怎么确认 是否 是谁 是什么 是多少 要多少 好多 好贵 好什么好 行业 行长 要求 对比 对账 可以不 可以改吗 可以取消吗 好，不 不，好 不，是 是，不 对，不对 嗯？ 嗯... 嗯…… 好的？ "
    "是? yes? ok?? 哦 啊 呢 的 了 吧 嘛 确认取消 不取消 取消确认 确认转给李四 好的转五千 好的5000 确认2万 1 10000 不是我 不是这个 不是两万 不要转了 不用改 别转 别急 是嘛 行嘛 可以嘛 "
    "不是吧是 不会吧 是哦 对哦 不好说 好坏 可以，吗 是的吗 对嗎 可以嗎 好嗎 沒有 恩赐 要好 对方 对公 同意书 确定金额 没错过 没问题吗 一定 必须 👍 ✅ ？ 。 系"
)
NEITHER = [
    *_NEITHER_WORDS.split(),
    "no problem", "yes no", "not sure", "yes but", "yes, but change the amount", "ok wait", "no idea", "is it right", "am i sure", "don't know", "sure thing?", "ok cancel",
    "not ok", "no yes", "right now", "correct the amount", "confirm the amount", "yes 20000", "is that ok", "", " ", "好 了", "对 不起", "是 吗", "yes…", "okay...",
    "是" * 50, "看过了", "知道了", "都看完了，有一处不对", "读过了，利率能再低吗", "愿意吗", "愿意是愿意", "办吧，别收钱", "好的确认一下", "好的确认吗", "可以确认", "看好了再说",
    "係咪", "係唔係", "愿意，换张卡", "看了好的那张", "not wrong", "no not that", "i don't think so", "why not",
]  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_a_plain_yes_is_yes(text: str) -> None:
    assert find("yes_no", text) == Filled("yes", "是")
    assert find("yes_no", text, locale="en") == Filled("yes", "Yes")


@pytest.mark.parametrize("text", NO)
def test_a_plain_no_is_no(text: str) -> None:
    assert find("yes_no", text) == Filled("no", "否")


@pytest.mark.parametrize("text", NEITHER)
def test_anything_more_is_neither(text: str) -> None:
    assert find("yes_no", text) is None


@pytest.mark.parametrize("text", YES + NO)
def test_what_was_not_asked_is_not_answered(text: str) -> None:
    assert find("yes_no", text, open=False) is None


@given(
    st.sampled_from([text for text in YES if not text.isascii()]),
    st.text(alphabet="一二三四五六七八九十百千万元0123456789改换给张李转不没别但等再", min_size=1, max_size=4),
    st.booleans(),
)
def test_a_yes_with_anything_beside_it_is_no_yes(yes: str, more: str, before: bool) -> None:
    for joint in ("", "，", " "):
        assert value(find("yes_no", joint.join([more, yes] if before else [yes, more]))) != "yes"
