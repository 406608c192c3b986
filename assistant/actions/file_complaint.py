"""File a complaint; `repeated`: one with the same words is still being handled. Gives its number and by when it is decided."""

from assistant.action import Operation

action = Operation(
    inputs=("category", "what_happened", "wish"),
    readback=("contact",),
    refusals=("repeated",),
    results=("number", "due", "longest"),
)
