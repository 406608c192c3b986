"""Apply for a credit card; the bank decides within five working days.

`age`, `age_of_card`, `too_many`, `in_progress`: as application_form. `student`: no card is given to students. `income`: the
annual income is below what the card asks for.
"""

from assistant.action import Operation

action = Operation(
    inputs=("card", "employer", "occupation", "annual_income", "delivery_address", "email"),
    readback=("annual_fee",),
    refusals=("age", "age_of_card", "too_many", "in_progress", "student", "income"),
    results=("application_number",),
)
