"""Whether a signed-in customer can be reached by the number that the bank has; the desk tells it, not core banking.

A number that the customer has given already stays: then nothing is filled.
"""

from assistant.action import Query

action = Query(inputs=(), outcomes={"on_file": ("phone",), "none": ()})
