"""The times at which a customer may be called back; the desk's rules tell them, not core banking.

`none`: nobody will be at the desk in the next two months.
"""

from assistant.action import Query

action = Query(inputs=(), outcomes={"open": ("times",), "none": ()})
