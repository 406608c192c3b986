"""The e-mail address that the bank has on file; `unknown`: it has none."""

from assistant.action import Query

action = Query(inputs=(), outcomes={"known": ("email",), "unknown": ()})
