"""The customer's complaints that are not decided yet; `none`: there are no such complaints."""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("complaints",), "none": ()})
