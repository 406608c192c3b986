"""Whether an account's class can be changed so, before its terms are disclosed; changes nothing.

`to_second` and `to_third`: it can be lowered to class II or III. The others are what `change_account_class` refuses.
"""

from assistant.action import Query
from assistant.actions.change_account_class import REFUSALS

action = Query(inputs=("account", "target"), outcomes=dict.fromkeys(("to_second", "to_third", *REFUSALS), ()))
