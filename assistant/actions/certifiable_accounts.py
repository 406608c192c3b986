"""The customer's accounts whose balance a deposit certificate can prove, and the address on file; changes nothing.

`found`: these can be chosen from. `none`: no account can be used. `underage`: a guardian must come to a branch.
"""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("accounts", "address"), "none": (), "underage": ()})
