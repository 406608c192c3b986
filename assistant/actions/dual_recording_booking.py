"""Book the recording (双录) that a sale at a branch needs; it is no purchase.

The refusals of product_suitability and recording_hours, and `taken`: that hour is not free any more; `already_booked`: one for
this product is booked. Gives the number of the booking.
"""

from assistant.action import Operation

action = Operation(
    inputs=("product", "branch", "day", "time"),
    readback=("address", "branch_phone", "review"),
    refusals=(
        "unsuitable",
        "elder_r5",
        "not_qualified",
        "not_assessed",
        "expired",
        "closed",
        "past",
        "too_far",
        "taken",
        "already_booked",
    ),
    results=("number",),
)
