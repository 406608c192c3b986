"""What an agent sees of a customer at a glance; changes nothing, and is for the bank's people alone.

`name` and `phone` come covered; `age` is whole years, `risk_level` says where it no longer holds, and `since` is the day of the first
account, empty where there is none. `level` is what the bank's record calls it, in every language. `products` tell kind and state and
the last four digits, never a balance; `open_matters` what is still being worked on or awaited. Both lists may be empty.
"""

from assistant.action import Query

_PERSON = ("name", "age", "gender", "level", "risk_level", "branch", "phone", "since")

action = Query(inputs=(), outcomes={"found": (*_PERSON, "products", "open_matters")})
