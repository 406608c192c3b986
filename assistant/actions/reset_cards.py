"""The debit cards whose PIN may be reset; `none`: there is no debit card; `underage`: under 16, so at a branch with a guardian."""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("cards",), "none": (), "underage": ()})
