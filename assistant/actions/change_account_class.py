"""Lower the class of an account; it takes effect at once.

Refused as `underage`; `blocked` where the account is dormant or frozen; `same_class`; `at_branch`, for an upgrade; `first_taken`, for
an upgrade to class I where there is a class I account; for class III `too_rich` and `has_card`; `full` where there are five already.
"""

from assistant.action import Operation

REFUSALS = ("underage", "blocked", "same_class", "at_branch", "first_taken", "too_rich", "has_card", "full")

action = Operation(inputs=("account", "target"), readback=("old_class",), refusals=REFUSALS)
