"""Whether the customer can open a pension account here, before its terms are disclosed; changes nothing.

`possible`: `accounts` can be linked to it. The others are what `open_pension_account` refuses.
"""

from assistant.action import Query

action = Query(
    inputs=(),
    outcomes={
        "possible": ("accounts",),
        "underage": (),
        "retired": (),
        "has_one": (),
        "elsewhere": (),
        "no_account": (),
    },
)
