"""What the bank knows for a credit card application, or why there can be none.

`ready`: the form as far as it is known, empty where not. `age`: no card is given at this age; `age_of_card`: not this one.
`too_many`: five cards are held. `in_progress`: an application for this card is under way.
"""

from assistant.action import Query

action = Query(
    inputs=("card",),
    outcomes={
        "ready": ("employer", "occupation", "annual_income", "delivery_address", "email"),
        "age": (),
        "age_of_card": ("ages",),
        "too_many": (),
        "in_progress": (),
    },
)
