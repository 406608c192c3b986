"""The branches where this business is done, the customer's own first; items have an address and hours."""

from assistant.action import Query

action = Query(inputs=("business",), outcomes={"found": ("branches",)})
