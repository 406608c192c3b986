"""What a credit card costs, and the annual income that it asks for."""

from assistant.action import Query

action = Query(inputs=("card",), outcomes={"found": ("annual_fee", "income_needed")})
