"""The amount that a deposit certificate will prove: the one named, or else all that the account can prove; changes nothing."""

from assistant.action import Query

action = Query(inputs=("account", "amount", "copies"), outcomes={"found": ("amount",)})
