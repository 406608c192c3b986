"""The customer's credit card applications, the newest first, with what comes next; drafts too. `found`, or `none`."""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("applications",), "none": ()})
