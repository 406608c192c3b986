"""The customer's U-keys; `none`: there is none."""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("ukeys",), "none": ()})
