"""The customer's accounts whose class could be changed; changes nothing.

`found`: these can be chosen from. `underage`: a guardian must come to a branch.
"""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("accounts",), "underage": ()})
