"""The credit cards that meet a wish, with what they cost and give: `several`, or `one` where a card was named."""

from assistant.action import Query

action = Query(inputs=("wish",), outcomes={"several": ("cards",), "one": ("cards", "card")})
