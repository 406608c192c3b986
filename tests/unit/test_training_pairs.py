"""Pairs that the judge of evidence learns from: what answers holds the answer, and what does not lacks it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from knowledge_base.cross_encoder import Excerpt
from knowledge_base.passage import Kind, Passage
from knowledge_base.text import simplify
from training import pair
from training.asked import Asked, Shelf
from training.division import divide
from training.pair import Pair, WrongPairs
from training.pairs import Maker, in_both_scripts
from training.phrasing import compounds, nouns
from training.reading_sets import Item

TOWNS = ("青石镇", "白沙湾（港口）", "柳林县", "云台山", "双桥村", "梅岭", "龙泉湖", "东港市")
CRAFTS = ("制茶", "造纸", "烧瓷", "织布", "酿酒", "制盐", "采石", "养蚕")


def town(number: int) -> tuple[str, list[str]]:
    """A town's name, and the sentences of its article."""
    name, craft, year = TOWNS[number], CRAFTS[number], 1900 + 7 * number
    bare, beside = name.partition("（")[0], TOWNS[number - 1].partition("（")[0]
    return name, [
        f"{bare}在{year}年由商人王{craft}正式建成，{year + 1}年与{beside}合办，是当时最大的集市。",
        f"{bare}以{craft}工业闻名，产品远销海外各地。",
        f"{bare}的总面积约{30 + number}平方公里，人口共{5 + number}万人。",
        f"当地的{craft}博物馆收藏了三百件历史文物，每年举办传统节日。",
    ]


def shelf(seed: int) -> tuple[Shelf, list[Item]]:
    articles, items = {}, []
    for number in range(len(TOWNS)):
        name, sentences = town(number)
        craft = CRAFTS[number]
        halves = (tuple(sentences[:3]), tuple(sentences[3:]))
        articles[name] = [
            Passage(f"{number}.{part}", str(number), part, Kind.TEXT, "".join(units), units)
            for part, units in enumerate(halves)
        ]
        text = "".join(sentences)
        items += [
            Item(f"{1900 + 7 * number}年建成集市的商人是谁？", name, text, f"王{craft}"),
            Item("集市由哪位商人建成？", name, text, f"王{craft}"),
            Item("博物馆收藏了多少历史文物？", name, text, "三百件"),
            Item(f"{name.partition('（')[0]}以什么工业闻名？", name, text, f"{craft}工业"),
        ]
    return Shelf(articles, seed), items


def asked(seed: int = 1) -> list[Asked]:
    on, items = shelf(seed)
    found = {f"{number}.0": (0.9, 0.8, 0.7) for number in range(len(TOWNS))}
    return [one for item in items * 12 if (one := on.asked(item, found))]


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return list(Maker(asked(), seed=1).pairs())


def of(pairs: list[Pair], kind: str) -> list[Pair]:
    found = [one for one in pairs if one.made == kind]
    assert found, kind
    return found


def test_every_kind_is_made(pairs: list[Pair]) -> None:
    assert set(Counter(one.made for one in pairs)) == {
        "positive", "positive, named", "positive, dated", "positive, quantity", "positive, open",
        "answer taken away", "found by search", "same article", "another subject", "another year", "another thing",
        "no such quantity", "no such matter", "positive, several", "none of several", "positive, compared",
        "compares others", "compares another matter", "answer blurred", "positive, undated",
    }  # fmt: skip


def test_what_answers_holds_the_answer_and_what_does_not_has_none(pairs: list[Pair]) -> None:
    for one in pairs:
        assert one.excerpt.sentences
        assert one.question
        assert bool(one.answer) == one.made.startswith("positive")
        assert one.answer in one.excerpt.body


def test_the_answer_is_in_no_excerpt_that_is_to_lack_it(pairs: list[Pair]) -> None:
    right = {(one.article, one.question): one.answer for one in of(pairs, "positive")}
    for kind in ("answer taken away", "found by search", "same article"):
        for one in of(pairs, kind):
            assert right[one.article, one.question] not in one.excerpt.body


def test_an_answer_that_was_blurred_stands_nowhere_in_the_excerpt(pairs: list[Pair]) -> None:
    right = {(one.article, one.question): one.answer for one in pairs if one.answer}
    blurred = [one for one in of(pairs, "answer blurred") if (one.article, one.question) in right]
    assert blurred
    for one in blurred:
        assert right[one.article, one.question] not in one.excerpt.body


def test_another_year_is_one_that_the_excerpt_does_not_name(pairs: list[Pair]) -> None:
    for one in of(pairs, "another year"):
        years = re.findall(r"\d{4}", one.question)
        assert years
        assert not any(year in one.excerpt.text for year in years)
    for one in of(pairs, "positive, dated"):
        assert all(year in one.excerpt.body for year in re.findall(r"\d{4}", one.question))


def test_another_subject_is_not_the_excerpts_own(pairs: list[Pair]) -> None:
    names = [name.partition("（")[0] for name in TOWNS]
    for one in of(pairs, "another subject"):
        named = [name for name in names if name in one.question]
        assert named
        assert not any(name in one.excerpt.text for name in named)
    for one in of(pairs, "positive, named"):
        assert one.article.partition("（")[0] in one.question


def test_another_thing_is_not_in_the_excerpt(pairs: list[Pair]) -> None:
    pool = {noun for one in asked() for noun in nouns(one.question)}
    right, seen = "", 0
    for one in pairs:
        # A question's pairs stand together and begin with the one that answers it.
        right = one.question if one.made == "positive" else right
        if one.made == "another thing":
            strange = [noun for noun in pool if noun in one.question and noun not in right]
            assert any(noun not in one.excerpt.text for noun in strange), (right, one.question)
            seen += 1
    assert seen


def test_a_passage_that_also_holds_the_answer_is_no_wrong_one() -> None:
    texts = {"甲县": ("甲县产茶。",), "乙县": ("乙县也产茶。",), "丙县": ("丙县产盐。",)}
    articles = {
        title: [Passage(title, title, 0, Kind.TEXT, units[0], units)] for title, units in texts.items()
    }  # fmt: skip
    articles["甲县"] += [
        Passage(f"甲县{number}", "甲县", number, Kind.TEXT, text, (text,))
        for number, text in enumerate(("甲县的茶很有名。", "甲县多山。"), 1)
    ]
    found = Shelf(articles, 1).asked(Item("产什么？", "甲县", "甲县产茶。", "茶"), dict.fromkeys(texts, (0.9,)))
    assert found
    assert [other.heading for other in found.others] == ["丙县"]
    assert [sibling.body for sibling in found.siblings] == ["甲县多山。"]


def test_quantities_and_matters_are_told_only_where_they_answer(pairs: list[Pair]) -> None:
    for one in of(pairs, "positive, quantity"):
        assert re.search(r"\d", one.answer)
    for one in of(pairs, "no such quantity"):
        assert not ("总面积" in one.question and "总面积" in one.excerpt.body)
    for one in of(pairs, "positive, open"):
        assert one.answer in one.excerpt.sentences


def test_what_is_undated_holds_no_year_and_is_asked_of_one(pairs: list[Pair]) -> None:
    for one in of(pairs, "positive, undated"):
        assert not re.search(r"\d{4}", one.excerpt.text)
        assert len(re.findall(r"(?:19|20)\d{2}年", one.question)) == 1


def test_an_article_that_tells_a_year_is_never_taken_for_undated() -> None:
    dated = Excerpt("青石镇", ("青石镇2003年有三座茶厂。",))
    titled = Excerpt("2003年的青石镇", ("青石镇有三座茶厂。",))
    plain = Excerpt("青石镇", ("青石镇有三座茶厂。",))

    def made(gold: Excerpt, question: str) -> set[str]:
        one = Asked(question, "青石镇", "三座", gold, Excerpt("", ()), (), ())
        return {each.made for seed in range(30) for each in Maker([one], seed).pairs()}

    assert "positive, undated" in made(plain, "有几座茶厂？")
    assert "positive, undated" not in made(dated, "有几座茶厂？")
    assert "positive, undated" not in made(titled, "有几座茶厂？")
    assert "positive, undated" not in made(plain, "1999年有几座茶厂？")


def things_of(one: Pair) -> set[str]:
    """What the articles tell of that a question names, in full, less the towns, which every question may name."""
    told = {thing for each in asked() for excerpt in (each.gold, *each.others) for thing in compounds(excerpt.body)}
    question = re.sub("|".join(name.partition("（")[0] for name in TOWNS), "/", one.question)
    named = {thing for thing in told if thing in question}
    return {thing for thing in named if not any(thing in other for other in named - {thing})}


def test_of_several_things_the_marked_sentence_tells_one(pairs: list[Pair]) -> None:
    for one in of(pairs, "positive, several"):
        assert one.answer in one.excerpt.sentences
        assert any(thing in one.question for thing in compounds(one.answer))


def test_what_tells_none_of_several_things_names_none(pairs: list[Pair]) -> None:
    for one in of(pairs, "none of several"):
        assert not any(thing in one.excerpt.text for thing in things_of(one)), (one.question, one.excerpt)
    assert any(things_of(one) for one in of(pairs, "none of several"))


def test_what_is_compared_is_two_things_of_which_the_excerpt_tells_one(pairs: list[Pair]) -> None:
    names = [name.partition("（")[0] for name in TOWNS]
    for one in of(pairs, "positive, compared"):
        own = one.article.partition("（")[0]
        assert len([name for name in names if name in one.question]) >= 2, one.question
        assert own in one.question
        assert any(thing in one.question for thing in compounds(one.answer))


def test_a_comparison_of_others_names_nothing_of_the_excerpt(pairs: list[Pair]) -> None:
    names = [name.partition("（")[0] for name in TOWNS]
    for one in of(pairs, "compares others"):
        named = [name for name in names if name in one.question]
        assert len(named) >= 2, one.question
        assert sum(name in one.excerpt.text for name in named) <= len(named) - 2
    for one in of(pairs, "compares another matter"):
        assert not any(thing in one.excerpt.text for thing in things_of(one)), (one.question, one.excerpt)


def test_years_are_not_compared_of_which_the_excerpt_tells_another(pairs: list[Pair]) -> None:
    dated = [one for one in of(pairs, "positive, compared") if re.search(r"\d{4}年的", one.question)]
    assert dated
    assert not any(re.search(r"\d{4}", one.excerpt.text) for one in dated)


def test_nouns_that_meet_at_the_end_of_a_sentence_are_no_thing_to_compare() -> None:
    # Without an end mark the two sentences read as one, which tells of a thing that neither of them does.
    gold = Excerpt("青石镇", ("当地有机械", "工业十分发达。"))
    assert "机械工业" in compounds(gold.body)
    others = [Asked("问？", title, "产", Excerpt(title, ("产盐。",)), Excerpt("", ()), (), ()) for title in TOWNS[1:]]
    one = Asked("出产什么？", "青石镇", "机械", gold, Excerpt("", ()), (), ())
    made = [each for seed in range(20) for each in Maker([one, *others], seed).pairs()]
    assert all(each.answer in each.excerpt.body for each in made)


def test_the_seed_decides_everything(pairs: list[Pair]) -> None:
    assert list(Maker(asked(), seed=1).pairs()) == pairs
    assert list(Maker(asked(), seed=2).pairs()) != pairs


def test_the_seed_decides_how_excerpts_are_cut() -> None:
    units = tuple(f"第{number}句说的是山里的茶园。" for number in range(30))
    passage = Passage("0.0", "0", 0, Kind.TEXT, "".join(units), units)
    item = Item("问？", "茶园", passage.text, "第3句")

    def cut(seed: int) -> list[Asked | None]:
        on = Shelf({"茶园": [passage]}, seed)
        return [on.asked(item, {}) for _time in range(5)]

    assert cut(1) == cut(1) != cut(2)


def test_a_question_is_left_out_whose_answer_no_sentence_holds() -> None:
    on, items = shelf(1)
    across = Item("问？", items[0].title, items[0].paragraph, "集市。青石镇")
    assert across.answer in across.paragraph
    assert on.asked(across, {}) is None
    assert on.asked(Item("问？", "别处", "别处。", "别处"), {}) is None


def test_the_sentence_that_answers_is_in_the_excerpt_however_far_it_is() -> None:
    long = tuple(f"{'这里只是很长的一句话' * 6}{number}。" for number in range(4))
    one = Passage("0.0", "0", 0, Kind.TEXT, "".join(long), long)
    found = Shelf({"长文": [one]}, 1).asked(Item("问？", "长文", one.text, "话3"), {"0.0": (0.9, 0.8, 0.7, 0.1)})
    assert found
    assert found.gold.sentences[-1] == long[3]
    assert found.gold.sentences[0] == long[0]
    assert long[3] not in found.rest.sentences


def test_a_passage_that_is_all_answer_has_no_rest() -> None:
    one = Passage("0.0", "0", 0, Kind.TEXT, "茶山产茶。", ("茶山产茶。",))
    found = Shelf({"茶山": [one]}, 1).asked(Item("茶山产什么？", "茶山", one.text, "茶"), {})
    assert found
    assert found.rest.sentences == ()
    assert "answer taken away" not in {each.made for each in Maker([found], 1).pairs()}


def test_a_share_is_in_traditional_script_and_still_holds_its_answers(pairs: list[Pair]) -> None:
    assert list(in_both_scripts(pairs, 0.0, 1)) == pairs
    mixed = list(in_both_scripts(pairs, 0.5, 1))
    changed = [(old, new) for old, new in zip(pairs, mixed, strict=True) if old != new]
    assert 0.4 < len(changed) / len(pairs) < 0.6
    assert all(new.answer in new.excerpt.body for _old, new in changed)
    assert all(simplify(new.excerpt.body) == simplify(old.excerpt.body) for old, new in changed)


def test_pairs_are_read_as_they_were_written(pairs: list[Pair], tmp_path: Path) -> None:
    path = tmp_path / "new" / "pairs.jsonl"
    pair.save(pairs, path)
    assert pair.load(path) == pairs
    path.write_text(path.read_text(encoding="utf-8") + '{"question": "?"}\n', encoding="utf-8")
    with pytest.raises(WrongPairs, match=f"line {len(pairs) + 1}"):
        pair.load(path)


def test_articles_that_are_tested_on_are_not_learnt_from(pairs: list[Pair]) -> None:
    division = divide(pairs, seed=1)
    dev, learning = ({one.article for one in part} for part in (division.dev, division.learning))
    assert dev
    assert learning
    assert not dev & learning
    with pytest.raises(ValueError, match="two articles"):
        divide([one for one in pairs if one.article == TOWNS[0]], seed=1)


@pytest.mark.parametrize("size", [3, 32])
def test_an_epoch_has_nothing_twice(pairs: list[Pair], size: int) -> None:
    division = divide([*dict.fromkeys(pairs)], seed=1)
    batches = division.batches(size)
    few = len(division.learning) <= 16 * size
    whole = len(division.learning) if few else (len(division.learning) - 1) // (16 * size) * 16 * size
    seen: list[Pair] = []
    while len(seen) < whole:
        seen += next(batches)
    assert len(seen) == len(set(seen)) == whole
