"""Makes pairs that a judge of evidence learns from: what answers, and what only looks as if it did."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from opencc import OpenCC

from knowledge_base.cross_encoder import Excerpt
from training.asked import Asked
from training.pair import Pair
from training.phrasing import bare, compounds, nouns, styled

_QUANTITY = re.compile(
    r"([\u4e00-\u9fff]{2,10}?)(?:约为|约有|达到了|达到|高达|超过|共有|为|是|达|约|有|共|仅)"
    r"((?:约)?[0-9][0-9.,]*(?:万|亿|千|百)*(?:余|多)?(?:元|美元|人|%|米|公里|吨|年|月|天|平方公里|个|名|座|户|岁|次|公尺|层|种))"
)
_YEAR = re.compile("(1[0-9]{3}|20[0-9]{2})年")
_A_YEAR = re.compile("(?<![0-9])(?:1[0-9]{3}|20[0-9]{2})(?![0-9])")
_YEARS_OFF = (-10, -3, -2, -1, 1, 2, 3, 10)
_NAMED = ("{}，{}", "在{}中，{}", "关于{}，{}", "{}的{}", "{} {}")
_HOW_MUCH = ("{}的{}是多少？", "{}的{}有多少", "{}{}是多少", "{}的{}达到了多少？")
_OPEN = (
    "总结{0}的{1}。", "{0}的{1}怎么样？", "介绍一下{0}的{1}", "根据{0}的资料，概括其{1}。", "{0}的{1}有哪些？",
    "结合{0}的情况，说明其{1}方面的内容。", "比较{0}和{2}的{1}。", "{2}和{0}的{1}分别是什么？", "{0}在{1}方面做了什么？",
)  # fmt: skip
_SEVERAL = (
    "{0}是如何通过{1}和{2}来提升{3}的？", "根据{0}的资料，{0}是如何通过{1}、{2}以及{3}来发展的？", "{0}的{1}、{2}和{3}分别是什么？",
    "总结{0}的{1}与{2}。", "结合{0}的情况，说明{1}、{2}对{3}的影响。", "{0}的{1}和{2}各有什么特点", "{0}{1}{2}{3}",
)  # fmt: skip
_COMPARED = (
    "比较{0}和{1}的{2}，哪个更高？", "{0}和{1}的{2}分别是多少？", "{0}与{1}相比，哪个的{2}更大？", "比较{0}和{1}的{2}，谁更早？",
    "{0}和{1}的{2}有什么不同？", "{3}年的{0}和{4}年的{1}，哪个{2}更多？", "{0}跟{1}哪个{2}好",
)  # fmt: skip
_FIGURE = re.compile("[0-9一二三四五六七八九十百千万亿两]")
_VAGUE_FIGURES = (
    "一定数量",
    "若干",
    "较多",
    "一定水平",
    "一段时间",
    "当时",
    "多次",
    "有关规定的标准",
    "后来",
    "更高的水平",
)
_VAGUE = ("某机构", "有关部门", "一家公司", "有关人士", "某地", "相关方面", "一些内容", "多个方面", "其他", "某种方式")
_MONTH = re.compile("(?<![0-9])(1?[0-9])月")
_YEARS = range(1990, 2026)
_TRIES = 8


class Maker:
    """Makes pairs of what was asked. The seed decides every choice."""

    def __init__(self, asked: Sequence[Asked], seed: int) -> None:
        self._asked = asked
        self._choose = random.Random(seed)
        self._titles = [one.title for one in asked]
        self._names = [noun for one in asked for noun in nouns(one.question)]

    def pairs(self) -> Iterator[Pair]:
        """All pairs, those of a question together."""
        makers = (
            self._as_asked,
            self._with_another_subject,
            self._of_another_year,
            self._of_another_thing,
            self._blurred,
            self._quantity,
            self._open,
            self._undated,
            self._several,
            self._compared,
        )
        for one in self._asked:
            for make in makers:
                yield from make(one)

    def _as_asked(self, one: Asked) -> Iterator[Pair]:
        """The question with what answers it, with the same less the answer, and with what search found in its stead."""
        question = self._styled(one.question)
        yield Pair(question, one.gold, one.answer, "positive", one.title)
        if one.rest.sentences:
            yield Pair(question, one.rest, "", "answer taken away", one.title)
        for wrong in one.others[: self._choose.choice((1, 1, 2))]:
            yield Pair(question, wrong, "", "found by search", one.title)
        if one.siblings and self._choose.random() < 0.3:
            yield Pair(question, self._choose.choice(one.siblings), "", "same article", one.title)

    def _with_another_subject(self, one: Asked) -> Iterator[Pair]:
        """The question asked of the article by its name, and of another by that one's."""
        if self._choose.random() < 0.5:
            return
        name, strange = bare(one.title), bare(self._choose.choice(self._titles))
        if name == strange or name in strange or strange in name or strange in one.gold.body:
            return
        if name in one.question:
            wrong = one.question.replace(name, strange)
            yield Pair(self._styled(wrong), one.gold, "", "another subject", one.title)
        else:
            form = self._choose.choice(_NAMED)
            right, wrong = form.format(name, one.question), form.format(strange, one.question)
            yield Pair(self._styled(right), one.gold, one.answer, "positive, named", one.title)
            yield Pair(self._styled(wrong), one.gold, "", "another subject", one.title)

    def _of_another_year(self, one: Asked) -> Iterator[Pair]:
        """The question of a year near the one that the answering sentence names, and of which the excerpt tells nothing."""
        told = [sentence for sentence in one.gold.sentences if one.answer in sentence]
        years = _YEAR.findall(told[0]) if told else []
        yield from self._of_another_month(one, told[0] if told else "")
        if not years:
            return
        year = self._choose.choice(years)
        wrong = str(int(year) + self._choose.choice(_YEARS_OFF))
        if wrong in one.gold.body or wrong in one.answer:
            return
        if f"{year}年" in one.question:
            yield Pair(self._styled(one.question.replace(year, wrong)), one.gold, "", "another year", one.title)
        elif year not in one.answer and not _YEAR.search(one.question) and self._choose.random() < 0.5:
            yield Pair(f"{year}年，{one.question}", one.gold, one.answer, "positive, dated", one.title)
            yield Pair(f"{wrong}年，{one.question}", one.gold, "", "another year", one.title)

    def _of_another_month(self, one: Asked, told: str) -> Iterator[Pair]:
        """The question of the month that the answering sentence names, and of another one."""
        months = _MONTH.findall(told)
        if len(months) != 1 or f"{months[0]}月" in one.answer or "月" in one.question:
            return
        wrong = self._choose.choice([month for month in map(str, range(1, 13)) if f"{month}月" not in one.gold.text])
        yield Pair(f"{months[0]}月，{one.question}", one.gold, one.answer, "positive, dated", one.title)
        yield Pair(f"{wrong}月，{one.question}", one.gold, "", "another month", one.title)

    def _blurred(self, one: Asked) -> Iterator[Pair]:
        """The question with an excerpt that speaks of the matter, but has something vague where the answer stood."""
        if self._choose.random() < 0.4 or one.answer in one.question:
            return
        vague = self._choose.choice(_VAGUE_FIGURES if _FIGURE.search(one.answer) else _VAGUE)
        sentences = tuple(sentence.replace(one.answer, vague) for sentence in one.gold.sentences)
        yield Pair(self._styled(one.question), Excerpt(one.gold.heading, sentences), "", "answer blurred", one.title)

    def _of_another_thing(self, one: Asked) -> Iterator[Pair]:
        """The question with one of its names or nouns, which the excerpt has, put for one that it has not."""
        text = one.gold.heading + one.gold.body
        held = [noun for noun in nouns(one.question) if noun in text and noun not in one.title]
        if not held or self._choose.random() < 0.4:
            return
        noun = max(held, key=len) if self._choose.random() < 0.6 else self._choose.choice(held)
        for _try in range(_TRIES):
            strange = self._choose.choice(self._names)
            if strange not in text and strange not in one.question and abs(len(strange) - len(noun)) <= 2:
                wrong = self._styled(one.question.replace(noun, strange))
                yield Pair(wrong, one.gold, "", "another thing", one.title)
                return

    def _quantity(self, one: Asked) -> Iterator[Pair]:
        """How much something is, of which the excerpt tells the figure; and of which another one does not tell it."""
        for excerpt in (one.gold, *one.others[:1]):
            thing, figure = _told_quantity(excerpt)
            if not thing or self._choose.random() < 0.3:
                continue
            asked = self._choose.choice(_HOW_MUCH)
            yield Pair(asked.format(bare(excerpt.heading), thing), excerpt, figure, "positive, quantity", one.title)
            vague = tuple(
                sentence.replace(figure, self._choose.choice(_VAGUE_FIGURES)) for sentence in excerpt.sentences
            )
            blurred = Excerpt(excerpt.heading, vague)
            yield Pair(asked.format(bare(excerpt.heading), thing), blurred, "", "answer blurred", one.title)
            beside = [other for other in (*one.siblings, *one.others) if other is not excerpt]
            if wrong := [other for other in beside if thing not in other.body]:
                other = self._choose.choice(wrong[:4])
                yield Pair(asked.format(bare(other.heading), thing), other, "", "no such quantity", one.title)

    def _open(self, one: Asked) -> Iterator[Pair]:
        """What asks for more than a word: to be told about, summed up, compared."""
        if self._choose.random() < 0.55:
            return
        excerpt = one.gold
        sentence = self._choose.choice(excerpt.sentences)
        things = [thing for thing in compounds(sentence) if thing not in excerpt.heading]
        if not things:
            return
        thing, stranger = self._choose.choice(things), bare(self._choose.choice(self._titles))
        asked = self._choose.choice(_OPEN)
        name = bare(excerpt.heading)
        yield Pair(asked.format(name, thing, stranger), excerpt, sentence, "positive, open", one.title)
        beside = (*one.siblings, *one.others)
        if wrong := [other for other in beside if thing not in other.body + other.heading]:
            other = self._choose.choice(wrong[:4])
            question = asked.format(bare(other.heading), thing, stranger)
            yield Pair(question, other, "", "no such matter", one.title)

    def _undated(self, one: Asked) -> Iterator[Pair]:
        """The question of some year, where excerpt and question tell none: documents tell their year elsewhere."""
        if self._choose.random() < 0.75 or _A_YEAR.search(one.gold.text + one.question):
            return
        form = self._choose.choice(("{1}年，{0}", "{1}年{0}", "在{1}年，{0}", "{1}年度{0}"))
        question = form.format(one.question, self._choose.choice(_YEARS))
        yield Pair(self._styled(question), one.gold, one.answer, "positive, undated", one.title)

    def _several(self, one: Asked) -> Iterator[Pair]:
        """What asks for several things, of which an excerpt tells one, and another excerpt none."""
        if self._choose.random() < 0.5:
            return
        beside = (*one.siblings, *one.others)
        told = [thing for thing in compounds(one.gold.body) if thing not in one.gold.heading]
        more = [thing for other in beside[:3] for thing in compounds(other.body)]
        if not told or len(more) < 2:
            return
        own = self._choose.choice(told)
        things = [own, *self._choose.sample(more, 2)]
        sentence = next((sentence for sentence in one.gold.sentences if own in sentence), "")
        self._choose.shuffle(things)
        question = self._choose.choice(_SEVERAL).format(bare(one.title), *things)
        asked_for = [thing for thing in things if thing in question]
        if sentence and own in asked_for:
            yield Pair(self._styled(question), one.gold, sentence, "positive, several", one.title)
        if wrong := [other for other in beside if not any(thing in other.text for thing in asked_for)]:
            yield Pair(self._styled(question), self._choose.choice(wrong), "", "none of several", one.title)

    def _compared(self, one: Asked) -> Iterator[Pair]:
        """What compares two things, with an excerpt that tells one half, with one that tells it of a third, and with one that tells nothing."""
        things = [thing for thing in compounds(one.gold.body) if thing not in one.gold.heading]
        if not things or self._choose.random() < 0.5:
            return
        thing, names = self._choose.choice(things), [bare(self._choose.choice(self._titles)) for _other in range(2)]
        own, form = bare(one.title), self._choose.choice(_COMPARED)
        years = self._choose.sample(_YEARS, 2)
        sentence = next((sentence for sentence in one.gold.sentences if thing in sentence), "")
        pair = [own, names[0]]
        self._choose.shuffle(pair)
        # A run of nouns may reach over the end of a sentence, and of a year the excerpt may tell another.
        if not sentence or len({own, *names}) < 3 or ("{3}" in form and _A_YEAR.search(one.gold.text)):
            return
        yield Pair(form.format(*pair, thing, *years), one.gold, sentence, "positive, compared", one.title)
        if not any(name in one.gold.text for name in names):
            yield Pair(form.format(*names, thing, *years), one.gold, "", "compares others", one.title)
        if wrong := [other for other in (*one.siblings, *one.others) if thing not in other.text]:
            question = form.format(*pair, thing, *years)
            yield Pair(question, self._choose.choice(wrong[:4]), "", "compares another matter", one.title)

    def _styled(self, question: str) -> str:
        return styled(question, self._choose)


def _told_quantity(excerpt: Excerpt) -> tuple[str, str]:
    """What the first figure of an excerpt is of, and the figure; empty where it tells none."""
    found = _QUANTITY.search("\n".join(excerpt.sentences))
    things = compounds(found.group(1)) if found else []
    if not found or not things or not found.group(1).endswith(things[-1]):
        return "", ""
    return things[-1], found.group(2)


def in_both_scripts(pairs: Sequence[Pair], share: float, seed: int) -> Iterator[Pair]:
    """The pairs, of which about `share` in traditional script; one whose answer would be written otherwise stays."""
    choose, convert = random.Random(f"{seed} script"), OpenCC("s2t").convert
    for pair in pairs:
        if choose.random() < share:
            sentences = tuple(str(convert(sentence)) for sentence in pair.excerpt.sentences)
            excerpt = Excerpt(str(convert(pair.excerpt.heading)), sentences)
            answer = str(convert(pair.answer))
            if answer in excerpt.body:
                yield Pair(str(convert(pair.question)), excerpt, answer, pair.made, pair.article)
                continue
        yield pair
