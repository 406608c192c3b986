"""Issue a certificate of what an account holds until a day, to be posted; the amount is frozen until then.

Refused as `underage`; `blocked` where the account is dormant or frozen; `too_low` where it does not hold the amount and the fee;
`too_many` copies; `wrong_day` where the last day is not after today and within six months.
"""

from assistant.action import Operation

action = Operation(
    inputs=("account", "amount", "until", "copies", "language", "address"),
    readback=("fee",),
    refusals=("underage", "blocked", "too_low", "too_many", "wrong_day"),
    results=("number",),
)
