"""Report a card lost: it stops paying at once.

`already_reported`: a report of this card holds. `not_blockable`: it is no card of the customer's, or it is expired,
cancelled or frozen.
"""

from assistant.action import Operation

action = Operation(
    inputs=("card",),
    readback=("effect", "fee"),
    refusals=("already_reported", "not_blockable"),
    results=("next_steps",),
)
