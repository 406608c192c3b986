"""Accept an approved credit card with its limit, and say where it is sent; the card is then made.

`expired`: the time to confirm has passed. `not_awaiting`: it was confirmed, declined or refused before.
"""

from assistant.action import Operation

action = Operation(
    inputs=("application", "delivery_address"),
    readback=("product", "approved_limit"),
    refusals=("expired", "not_awaiting"),
)
