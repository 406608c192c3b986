"""Totals and lines of what went in and out in a period, of all accounts and cards or of one; changes nothing.

`few`: up to ten transactions, all in `lines`. `many`: more than that, and `lines` are the largest and the latest of them.
`nothing`: none in the period. `too_early`: it begins before `earliest`, the first day that can be looked up here.
`no_such_account`: nothing of the customer's ends in these four digits.
"""

from assistant.action import Query

_TOLD = ("scope", "count", "spent", "received", "apart", "categories", "lines")

action = Query(
    inputs=("period", "category", "source", "account"),
    outcomes={
        "few": _TOLD,
        "many": _TOLD,
        "nothing": ("scope",),
        "too_early": ("earliest",),
        "no_such_account": (),
    },
)
