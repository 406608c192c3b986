"""Whether a time for a call is still ahead, and how it reads on any day; the desk tells it, not core banking."""

from assistant.action import Query

action = Query(inputs=("time",), outcomes={"ahead": ("when",), "past": ()})
