"""What customers can have done, one file each: `prepare` checks and reads back, `commit` does it.

A new one has the name of its action in `assistant/actions/`, and calls in `tests/unit/demo_bank/calls/` that end in each of the
action's outcomes. `commit` runs right after `prepare` in the same transaction, so it need not check anything again; what
`prepare` reads back must be the same then as the customer saw it, or nothing is done.
"""
