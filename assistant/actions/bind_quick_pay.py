"""Bind a card to a payment institution for quick payment; the customer finishes it in the institution's app.

Refused as `underage`; `blocked` where the card is lost, frozen, expired or not activated; `bound` where it is bound there already.
"""

from assistant.action import Operation

action = Operation(
    inputs=("card", "institution"),
    readback=("single_limit", "day_limit", "month_limit", "further_limit"),
    refusals=("underage", "blocked", "bound"),
)
