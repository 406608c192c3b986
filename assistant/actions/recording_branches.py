"""The branches where a sale is recorded, the customer's own first."""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("branches",)})
