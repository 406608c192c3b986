"""The process keeps the bank's time, wherever its machine stands: today is the bank's day."""

from __future__ import annotations

import os
import time
from datetime import datetime
from zoneinfo import ZoneInfo


def keep(zone: str) -> None:
    """Local time is that of this zone from now on, for this process and those that it starts."""
    _set(zone)
    wanted = datetime.now(ZoneInfo(zone)).utcoffset()
    if datetime.now().astimezone().utcoffset() != wanted and wanted is not None:
        # A machine without a table of zones is told the difference itself.
        minutes = round(wanted.total_seconds() / 60)
        sign, ahead = ("-", minutes) if minutes >= 0 else ("+", -minutes)
        _set(f"<bank>{sign}{ahead // 60:02}:{ahead % 60:02}")


def _set(zone: str) -> None:
    os.environ["TZ"] = zone
    time.tzset()
