"""The process that plays a run: one at a time on this data folder, whichever process of the service began it.

It holds a lock that the system frees when it ends in whatever way; what the lock's file says of it is true as long as it is held.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from evals.order import LOG

_LOCK = "running.lock"
_NICER = 10
_PATIENCE_SECONDS = 10
_SCRATCH = "scratch"


@dataclass(frozen=True)
class Job:
    """A run to be played in its folder, by `teller eval` with these arguments."""

    folder: Path
    arguments: Sequence[str]


@dataclass(frozen=True)
class Playing:
    """The run that is being played, and its process."""

    run: str
    process: int


class Launch:
    """Begins runs in processes of their own, and ends them."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._lock = home / _LOCK
        self._environment = environment
        self._child: subprocess.Popen[bytes] | None = None

    def playing(self) -> Playing | None:
        """What is being played, by a child of this process or of another."""
        if not self._lock.exists():
            return None
        with self._lock.open("rb") as file:
            # Shared, so that several may look at once.
            if _locked(file.fileno(), fcntl.LOCK_SH):
                return None
            try:
                return Playing(**json.loads(file.read()))
            except (ValueError, TypeError):
                return Playing("", 0)  # it is being begun

    def begin(self, choose: Callable[[], Job | None]) -> bool:
        """Begins the run that `choose` gives, where none is being played; no other process begins one meanwhile."""
        self.reap()
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            if not _locked(file, fcntl.LOCK_EX):
                return False
            os.ftruncate(file, 0)
            job = choose()
            if job is None:
                return False
            self._child = self._spawned(job, file)
            told = {"run": job.folder.name, "process": self._child.pid}
            os.pwrite(file, json.dumps(told).encode(), 0)
            return True
        finally:
            os.close(file)  # the child has the lock from here on

    def _spawned(self, job: Job, lock: int) -> subprocess.Popen[bytes]:
        # One for all runs: what a run that was killed leaves behind is gone when the next one begins.
        scratch = self._lock.parent / _SCRATCH
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        with (job.folder / LOG).open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "assistant", "eval", *job.arguments],
                env={**self._environment, "TMPDIR": str(scratch)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(lock,),
                start_new_session=True,
            )
        with suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, child.pid, _NICER)
        return child

    def end(self, run: str, *, at_once: bool = False) -> None:
        """Ends this run where it is the one being played; with all that it began."""
        now = self.playing()
        if now and now.run == run and now.process:
            with suppress(ProcessLookupError):
                os.killpg(now.process, signal.SIGKILL if at_once else signal.SIGTERM)

    def reap(self) -> None:
        """Lets a child go that has ended."""
        if self._child and self._child.poll() is not None:
            self._child = None

    def close(self) -> None:
        """Ends the child of this process; its run is gone on with by whoever asks for the next one."""
        if self._child is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGTERM)
        try:
            self._child.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        self._child = None


def _locked(file: int, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
