"""Request that personal information be erased, but for what the law has kept; `already_requested`: one is still open."""

from assistant.action import Operation

action = Operation(inputs=(), readback=(), refusals=("already_requested",), results=("number", "due"))
