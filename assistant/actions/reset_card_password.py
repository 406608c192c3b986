"""Issue a one-time link into the app, where the customer sets a new PIN; the PIN itself is never heard of here.

`lost`: the card is reported lost; `frozen`: it is stopped by the bank; `underage`: under 16, at a branch with a guardian.
"""

from assistant.action import Operation

action = Operation(inputs=("card",), readback=("phone_shown",), refusals=("lost", "frozen", "underage"))
