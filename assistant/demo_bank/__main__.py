"""Runs the bank: `python -m assistant.demo_bank --data-dir DIR [--port 0] [--follow-stdin]`."""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import threading
from pathlib import Path

import uvicorn

from assistant.demo_bank.app import create

_GRACE = 5
_IDLE = 60


class Server(uvicorn.Server):
    """Says where it is as soon as it takes calls."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Prints the address, which whoever started the process waits for."""
        await super().startup(sockets)
        for door in sockets or ():
            print(json.dumps({"url": f"http://127.0.0.1:{door.getsockname()[1]}"}), flush=True)  # noqa: T201


def main() -> None:
    """Serves until it is stopped."""
    arguments = _arguments()
    key = os.environ.get("TELLER_BANK_KEY", "")
    if not key:
        sys.exit("TELLER_BANK_KEY is not set: the key that callers must send.")
    with socket.create_server(("127.0.0.1", arguments.port)) as door:
        app = create(arguments.data_dir, key)
        # Errors are logged where they are caught; uvicorn would log each ordered failure too. Idle connections stay open for
        # longer than clients keep them, so that no call is sent on one that is just being closed.
        config = uvicorn.Config(
            app, log_level="critical", access_log=False, timeout_graceful_shutdown=_GRACE, timeout_keep_alive=_IDLE
        )
        server = Server(config)
        if arguments.follow_stdin:
            threading.Thread(target=_follow, args=(server,), daemon=True).start()
        server.run(sockets=[door])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m assistant.demo_bank", description="The demo bank.")
    parser.add_argument("--data-dir", type=Path, required=True, help="folder of the bank's database")
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 takes any free one")
    parser.add_argument("--follow-stdin", action="store_true", help="end when stdin does, so with the parent process")
    return parser.parse_args()


def _follow(server: uvicorn.Server) -> None:
    """Ends the server when the other end of stdin is gone, however that went."""
    descriptor = sys.stdin.fileno()
    while os.read(descriptor, 4096):
        pass
    server.should_exit = True


if __name__ == "__main__":
    main()
