"""Turn one choice about personal information on or off; `already_so`: it stands like that. Reads back what it means."""

from assistant.action import Operation

action = Operation(inputs=("wanted",), readback=("effect",), refusals=("already_so",))
