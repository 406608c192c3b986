"""Decline an approved credit card that waits for the customer; no card is made. `not_awaiting`: it waits no more."""

from assistant.action import Operation

action = Operation(inputs=("application",), readback=("product",), refusals=("not_awaiting",))
