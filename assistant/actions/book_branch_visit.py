"""Book an hour at a branch.

The refusals of visit_hours, and `not_offered`: this branch does not do that; `taken`: that hour is not free any more;
`already_booked`: the customer has another visit on that day. Gives the number of the visit.
"""

from assistant.action import Operation

action = Operation(
    inputs=("business", "branch", "day", "time"),
    readback=("address", "branch_phone", "bring"),
    refusals=("not_offered", "closed", "past", "too_far", "too_soon", "taken", "already_booked"),
    results=("number",),
)
