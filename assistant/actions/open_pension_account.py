"""Open the customer's one pension account, linked to a settlement account; nothing is paid in yet.

Refused as `underage`; `retired`; `has_one` here; `elsewhere`, where another bank has it; `no_account`, where the one to link is not in
order or has no debit card.
"""

from assistant.action import Operation

action = Operation(
    inputs=("account",),
    readback=("name",),
    refusals=("underage", "retired", "has_one", "elsewhere", "no_account"),
    results=("number",),
)
