"""What can be read from the bank, one file each: `answer` gives an outcome and its values.

A new one has the name of its action in `assistant/actions/`, and calls in `tests/unit/demo_bank/calls/`.
"""
