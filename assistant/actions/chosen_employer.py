"""The employer as it goes on the form, once one was chosen of those suggested."""

from assistant.action import Query

action = Query(inputs=("employer", "employer_choice"), outcomes={"chosen": ("employer",)})
