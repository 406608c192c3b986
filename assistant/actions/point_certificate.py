"""Issue a certificate of what an account holds now, to be posted; nothing is frozen.

Refused as `underage`; `blocked` where the account is dormant or frozen; `too_low` where it does not hold the amount and the fee;
`too_many` copies.
"""

from assistant.action import Operation

action = Operation(
    inputs=("account", "amount", "copies", "language", "address"),
    readback=("fee",),
    refusals=("underage", "blocked", "too_low", "too_many"),
    results=("number",),
)
