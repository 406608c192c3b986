"""The hours of a day that can be booked for a recording; the other outcomes are those of visit_hours."""

from assistant.action import Query

action = Query(
    inputs=("branch", "day"), outcomes={"free": ("hours",), "closed": (), "past": (), "too_far": (), "full": ()}
)
