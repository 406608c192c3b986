"""What staff are told to offer: the right products, and none that may not be sold to this customer, or here and today."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evals.case import Case
from evals.evaluator import Evaluator, Mark, failed
from evals.record import PlayedTurn, Record
from knowledge_base.text import fold

_REFUSES = re.compile(
    "不能|不可|不得|不适合|没有列|未列|没列|排除|不符合|超出|超过|不匹配|不允许|不够|不足|低于|不到|结束|未开始|尚未|不在|过期|失效|不卖|不宜|"
    "冒充|严禁|禁止|未公布|不再|不受理|留意|not |cannot|left out|ended|too "
)
"""Words of a line, or of the title above it, that names products in order to leave them out."""
_DEPENDS = re.compile("要看|能不能|是否可以|depends")
"""Words of a verdict that is none yet: more must be known of the customer."""
_ASSENTS = re.compile(
    "可以购买|可以买|可以卖|可以办|可以销售|可以推荐|可购买|能买|能卖|能办|may be sold|can be sold|may buy"
)


class _Product(Evaluator):
    def marks(self, case: Case, record: Record) -> Iterator[Mark]:
        """`products`: of each group one is offered, and nothing that does not fit; `nothing forbidden`: none is that may not be sold."""
        last, question = record.last, record.last.said
        if case.products or case.not_fitting:
            missing = [group for group in case.products if not any(offered(last, name, "") for name in group)]
            besides = [name for name in case.not_fitting if offered(last, name, question)]
            faults = [f"does not offer {' / '.join(group)}" for group in missing] + [
                f"offers {name}" for name in besides
            ]
            yield failed("products", faults)
        if case.not_products:
            forbidden = [name for name in case.not_products if offered(last, name, question)]
            yield failed("nothing forbidden", [f"offers {name}" for name in forbidden])


def offered(turn: PlayedTurn, name: str, question: str) -> bool:
    """Whether a reply offers a product or campaign: it names it where nothing is left out.

    Whoever asks about a product by name hears that name again, so there it counts only where the reply says yes to it, or the turn itself
    says that it may be sold.
    """
    short = fold(name)
    if turn.guided == "check":
        open_still = any(short in fold(line) and _DEPENDS.search(line) for line in turn.reply.splitlines())
        return any(short in fold(one) for one in turn.offered or ()) and not open_still
    lines = [line for line in _offering(turn.reply) if short in fold(line)]
    if short in fold(question) or _part_of(short, fold(question)):
        return any(_ASSENTS.search(line) for line in lines)
    return bool(lines)


def _part_of(name: str, question: str) -> bool:
    """Whether the question names a product by half of its name or more, as people do: 固收增强 for 固收增强18个月."""
    half = max(4, len(name) // 2)
    return any(name[start : start + half] in question for start in range(len(name) - half + 1))


def _offering(text: str) -> Iterator[str]:
    """The lines of a reply, but for those that leave something out, and the list under a title that does."""
    left_out = False
    for line in text.splitlines():
        listed = line.lstrip().startswith(
            ("-", "*", "|", "1", "2", "3", "4", "5", "6", "7", "8", "9")
        ) and not line.startswith("**")
        if line.strip() and not listed:
            left_out = bool(_REFUSES.search(line))
        if line.strip() and not left_out and not (_REFUSES.search(line) and not line.startswith("|")):
            yield line


evaluator = _Product()
