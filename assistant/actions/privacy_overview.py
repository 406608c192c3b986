"""What the customer has chosen about personal information, and the requests that are still open; `requests` may be empty."""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("choices", "requests")})
