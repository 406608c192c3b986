"""Change the mobile number that the bank has on file; it takes effect at once."""

from assistant.action import Operation

action = Operation(
    inputs=("new_phone",),
    readback=("old_phone",),
    refusals=("same_number", "number_taken", "underage"),
)
