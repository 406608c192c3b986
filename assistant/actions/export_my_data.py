"""Request an export of one's personal information to an e-mail address; `already_requested`: one is still open."""

from assistant.action import Operation

action = Operation(inputs=("email",), readback=(), refusals=("already_requested",), results=("number", "due"))
