"""The customer's cards that can be reported lost.

`found`; `some_reported` where others are reported already; `all_reported` where nothing else is left; `no_card`.
"""

from assistant.action import Query

action = Query(
    inputs=(),
    outcomes={
        "found": ("cards",),
        "some_reported": ("cards", "reported"),
        "all_reported": ("reported",),
        "no_card": (),
    },
)
