"""Tries to sign in with a wrong password some times, in a process of its own; prints how each try ended."""

from __future__ import annotations

import sys
from contextlib import closing

from assistant.attempt import Attempts
from assistant.audit import Audit
from knowledge_base.database import Database

url, name, password, times = sys.argv[1:]
with closing(Database(url)) as database:
    attempts = Attempts(database, Audit(database, "key"))
    for _ in range(int(times)):
        print(attempts.enter(name, password))
