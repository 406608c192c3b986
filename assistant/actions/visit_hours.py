"""The hours of a day that can be booked at a branch.

`closed`: not open on that day; `past`, `too_far`: not between today and 30 days from now; `too_soon`: much cash needs a
working day; `full`: nothing is free any more.
"""

from assistant.action import Query

action = Query(
    inputs=("business", "branch", "day"),
    outcomes={"free": ("hours",), "closed": (), "past": (), "too_far": (), "too_soon": (), "full": ()},
)
