"""The customer's cards that are reported lost: `found`, or `none`."""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("lost",), "none": ()})
