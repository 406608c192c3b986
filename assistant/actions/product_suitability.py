"""Whether a product fits the customer, and what must be told about it.

`unsuitable`: its risk level is above the customer's; `elder_r5`: R5 is not sold from the age of 65; `not_qualified`: for
qualified investors only; `not_assessed`, `expired`: as in recordable_products.
"""

from assistant.action import Query

action = Query(
    inputs=("product",),
    outcomes={
        "suitable": ("product_risk", "customer_risk", "term", "minimum", "notes"),
        "unsuitable": ("product_risk", "customer_risk"),
        "elder_r5": (),
        "not_qualified": (),
        "not_assessed": (),
        "expired": (),
    },
)
