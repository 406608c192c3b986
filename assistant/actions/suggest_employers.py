"""Employers that the bank knows, for what was typed.

`known`: it is one of them, or the customer's own on file; `found`: to choose from, with what was typed; `none`.
"""

from assistant.action import Query

action = Query(inputs=("employer",), outcomes={"known": (), "found": ("employers",), "none": ()})
