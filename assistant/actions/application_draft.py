"""A credit card application that was begun and not submitted: `kept` with its card and when, or `none`."""

from assistant.action import Query

action = Query(inputs=(), outcomes={"kept": ("draft_card", "draft_saved", "cards", "card"), "none": ()})
