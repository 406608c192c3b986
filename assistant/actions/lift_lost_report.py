"""Lift the report of a lost card that has turned up: it pays again at once.

`formal`: the report was made at a branch and is lifted there. `replaced`: a new card has taken its place. `lapsed`: the
report has run out, and the card pays already. `not_reported`: no card of the customer's that is reported lost.
"""

from assistant.action import Operation

action = Operation(
    inputs=("card",),
    readback=("reported_on",),
    refusals=("formal", "replaced", "lapsed", "not_reported"),
)
