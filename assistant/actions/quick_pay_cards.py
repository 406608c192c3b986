"""The customer's cards that can be bound for quick payment; changes nothing.

`found`: these can be chosen from. `none`: no card is in order. `no_card`: there is no card at all. `underage`: a guardian must help.
"""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("cards",), "none": (), "no_card": (), "underage": ()})
