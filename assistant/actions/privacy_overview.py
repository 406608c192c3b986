"""What the customer has chosen about personal information, and the requests that are still open; `requests` may be empty.

Each of `choices` tells by `set`, `on` or `off`, how it stands, in every language. Customers are asked whether the bank may make contact
only where `personalisation` and `marketing_calls` are on.
"""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("choices", "requests")})
