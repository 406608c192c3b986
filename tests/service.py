"""`teller serve` as a process of its own, and the small knowledge base that it serves in tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import httpx

ROOT = Path(__file__).parents[1]
DOCUMENTS = {
    "白金卡.md": "---\nproduct: 云杉白金信用卡\n---\n# 云杉白金信用卡\n\n## 年费\n\n云杉白金信用卡主卡年费为每年3600元。消费满18万元免次年年费。\n",
    "存款保险.md": "# 存款保险\n\n存款保险实行限额偿付，最高偿付限额为人民币50万元。\n",
    "faq.csv": "问题,答案\n怎么开户,请携带有效身份证件到任一网点办理开户。\n手机银行密码忘了怎么办,请在登录页点击忘记密码并按提示重置。\n",
    "staff/_meta.yaml": "audience: staff\n",
    "staff/佣金.md": "# 内部佣金办法\n\n云杉白金信用卡每张佣金为80元，仅限内部使用。\n",
}
QUESTION = "云杉白金信用卡年费是多少？"


def write_documents(root: Path) -> Path:
    """The folder of documents under `root`."""
    folder = root / "documents"
    for name, content in DOCUMENTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def environment(root: Path, **settings: str) -> dict[str, str]:
    """What a process needs to work on the documents and the data folder under `root`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TELLER_")}
    places = {"TELLER_DATA_DIR": str(root / "data"), "TELLER_KNOWLEDGE_DIR": str(root / "documents")}
    return own | places | {"COLUMNS": "500", "NO_COLOR": "1"} | settings


def teller(root: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command, run to its end."""
    command = [sys.executable, "-m", "assistant", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(root, **settings), capture_output=True, text=True, timeout=60, check=False
    )


class RunningService:
    """`teller serve` on a free port, over the data folder under `root`."""

    def __init__(self, root: Path, **settings: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.address = f"http://127.0.0.1:{door.getsockname()[1]}"
        self.root = root
        command = [sys.executable, "-m", "assistant", "serve", "--port", self.address.rpartition(":")[2]]
        self._log: IO[bytes] = (root / "service.log").open("ab")
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment(root, **settings), stdout=self._log, stderr=self._log
        )
        self.http = httpx.Client(base_url=self.address, timeout=30, trust_env=False)

    def wait(self) -> None:
        """Returns when the service is ready."""
        end = time.monotonic() + 90
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"the service did not start:\n{Path(self._log.name).read_text(encoding='utf-8')}")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            return self.http.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends the process and waits until it has gone."""
        self._process.send_signal(how)
        self._process.wait(timeout=30)
        self.http.close()
        self._log.close()
