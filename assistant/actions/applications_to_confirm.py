"""The approved credit card applications that wait for the customer.

`found`; `expired` where the time to confirm has passed for all there are; `none`.
"""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("awaiting",), "expired": ("passed",), "none": ()})
