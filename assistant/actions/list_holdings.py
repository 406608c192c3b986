"""The customer's accounts and credit cards, to choose from; changes nothing.

`found`: `holdings` are named by their last four digits; there may be none.
"""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("holdings",)})
