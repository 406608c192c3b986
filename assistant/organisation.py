"""Companies that a question names in full, by which it is told that it asks of one that no document knows."""

from __future__ import annotations

import re

import rjieba

from knowledge_base.text import fold

_NAMED = re.compile(r"([\w·]{2,20}?)(?:(?:股份|控股|集团|责任|有限)+公司|集团)")
# A name reaches back to what cannot stand in one: a preposition, a particle, a time, a figure, a pronoun.
_DATE = re.compile("^.*[0-9](?:年度|[年月日])?")
# 有限责任公司 and 国有控股公司 are kinds of companies, of which any may be.
_KIND = re.compile("(?:国有|民营|私营|外商|中外|合资|独资|个人|一人|企业|上市|投资|控股|集团|股份|责任|有限)+")
_NO_PART = ("p", "c", "u", "t", "m", "q", "r", "d", "w", "f", "y")
_ASKED_BY = frozenset(["比较", "对比", "结合", "查询", "了解", "介绍", "说明", "总结", "概括", "请问", "问"])


def names(question: str) -> list[str]:
    """The names of the companies, folded, without what kind of company each is: 蓝天旅游 of 蓝天旅游有限公司."""
    found = (_own(match.group(1)) for match in _NAMED.finditer(fold(question).replace("(集团)", "集团")))
    return [name for name in found if len(name) > 1 and not _KIND.fullmatch(name)]


def _own(before: str) -> str:
    name = ""
    for word, part_of_speech in reversed(rjieba.tag(_DATE.sub("", before))):
        if part_of_speech.startswith(_NO_PART) or word in _ASKED_BY:
            break
        name = word + name
    return name
