"""What was approved in an application that waits for the customer; `gone` where it waits no more."""

from assistant.action import Query

action = Query(
    inputs=("application",),
    outcomes={"found": ("product", "approved_limit", "annual_fee", "delivery_address", "confirm_by"), "gone": ()},
)
