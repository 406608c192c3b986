from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentence_cut import Cut

PIECES = st.sampled_from(
    ["年费", "580", "元", "。", "！", "?", ";", "\n", " ", ".", "1", "3.5%", "[1]", "[", "]", "【2】", "［3］", "[1, 2]", "[^1]", "[1](http://a.b/?c=d&e=1)", "e.g.", "The", "&#48;", "”", "）", "- ", "1. ", "**", "(", "1,000.50", "，", "：", "a", "5", "!", "†", "^", "💳", "資料"]
)  # fmt: skip


def cut(pieces: list[str]) -> list[str]:
    taken = Cut()
    return [sentence for piece in pieces for sentence in taken.add(piece)] + taken.rest()


class TestCut:
    @pytest.mark.parametrize(
        ("text", "sentences"),
        [
            ("年费580元。[1][2]附属卡290元；【1】首年免。", ["年费580元。[1][2]", "附属卡290元；【1】", "首年免。"]),
            ("年费580元 [1]。次年免 [^2]。", ["年费580元 [1]。", "次年免 [^2]。"]),
            ("请准备：\n1. 身份证 [1]\n- 银行卡", ["请准备：\n", "1. 身份证 [1]\n", "- 银行卡"]),
            ("It is 3.5%. Or 1,000.50 yuan.[1] Now!", ["It is 3.5%. ", "Or 1,000.50 yuan.[1] ", "Now!"]),
            ("See e.g. the list, by 5 p.m. at most.", ["See e.g. the list, by 5 p.m. at most."]),
            ("见https://a.b/c.d?e=1&f=2。好", ["见https://a.b/c.d?e=1&f=2。", "好"]),
            ("好。[1](http://a.b)", ["好。", "[1](http://a.b)"]),
            ("共1&#48;0元。", ["共1&#48;0元。"]),
            ("利率1. 5%。", ["利率1. 5%。"]),
            ("好。\n\n再见", ["好。\n", "\n再见"]),
            ("“好的。”[1]是", ["“好的。”[1]", "是"]),
            ("[0]", ["[0]"]),
        ],
    )
    def test_sentences_end_where_people_end_them(self, text: str, sentences: list[str]) -> None:
        assert cut([text]) == sentences
        assert cut(list(text)) == sentences

    def test_a_sentence_is_given_as_soon_as_its_marks_are_over(self) -> None:
        taken = Cut()
        assert taken.add("年费580元。") == []
        assert taken.add("[1") == []
        assert taken.add("]次") == ["年费580元。[1]"]
        assert taken.add("年免\n") == ["次年免\n"]
        assert taken.rest() == []

    @given(st.lists(PIECES, max_size=30), st.data())
    def test_any_split_of_a_text_gives_the_same_sentences(self, pieces: list[str], data: st.DataObject) -> None:
        text = "".join(pieces)
        places = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
        split = [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
        whole = cut([text])
        assert "".join(whole) == text
        assert cut(split) == cut(list(text)) == whole
