"""The products that this customer may hear about; private ones only where qualified and suitable.

`not_assessed`: no risk assessment was ever made; `expired`: the last one is older than 12 months.
"""

from assistant.action import Query

action = Query(inputs=(), outcomes={"found": ("products",), "not_assessed": (), "expired": ()})
