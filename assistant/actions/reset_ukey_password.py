"""Issue a one-time link into the app, where the customer sets a new U-key password; the password is never heard of here.

`not_locked`: it is said to be locked and is not; `expired`: its certificate has run out; `lost`: it is reported lost.
"""

from assistant.action import Operation

action = Operation(inputs=("ukey", "reason"), readback=("phone_shown",), refusals=("not_locked", "expired", "lost"))
