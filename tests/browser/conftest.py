"""A real service over a made-up bank's few documents, and Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, sync_playwright

import assistant
from evals import model_server
from evals.model_behaviour import Behaviour

# Without the background-networking flags Chromium looks up its maker's hosts at every start.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE = 90
_FLOWS = Path(assistant.__file__).parent / "flows"
_DOCUMENTS = {
    "借记卡常见问题.csv": "question,answer\n海棠借记卡有年费吗？,海棠借记卡免收年费，开卡工本费每张5元。\n",
    "手机银行常见问题.csv": (
        "question,answer\n"
        "手机银行转账收费吗？,手机银行向境内任何银行转账免收手续费，每日限额50万元。\n"
        "忘记登录密码怎么办？,在手机银行登录页点“忘记密码”，用预留手机号和身份证号重新设置。\n"
    ),
    "海棠白金信用卡.md": (
        "---\ntitle: 海棠白金信用卡产品说明\nproduct: 海棠白金信用卡\n---\n# 海棠白金信用卡产品说明\n\n"
        "## 年费\n\n海棠白金信用卡主卡年费为880元/年，首年免收。当年刷卡满12笔，免次年年费。\n\n"
        "## 额度\n\n海棠白金信用卡的授信额度为5~10万元，以审批结果为准；临时额度最高上浮30%~50%。\n\n"
        "## 权益\n\n持卡人每年可享6次机场贵宾厅服务，需提前1天在手机银行预约。\n"
    ),
    "网点.csv": (
        "网点名称,地址,电话,营业时间\n"
        "海棠银行人民路支行,人民路18号,0571-6000001,周一至周五 9:00-17:00\n"
        "海棠银行湖滨支行,湖滨路6号,0571-6000002,周一至周日 9:00-16:30\n"
    ),
    "个人存款利率.md": (
        "---\ntitle: 个人存款利率表\n---\n# 个人存款利率表\n\n## 整存整取\n\n"
        "一年期整存整取定期存款年利率为1.10%，三年期为1.50%，五年期为1.55%。\n"
    ),
    "opening-hours.md": (
        # A title is no template and no markup.
        "---\ntitle: 'Opening hours ${1+1} {{value}} <b>'\n---\n# Opening hours\n\n## Weekdays\n\n"
        "The branches of Haitang Bank open at 9:00 and close at 17:00 from Monday to Friday.\n"
    ),
}
_STAFFS = _DOCUMENTS | {
    "wealth/在售理财产品清单.csv": (
        "产品名称,产品代码,风险等级,期限,起购金额,业绩比较基准,基准公布日,渠道\n"
        '海棠稳盈90天,HT090,R2,最短持有期90天,"1,000元",1.80%—2.30%,2026-11-01,手机银行、网点\n'
        '海棠稳盈180天,HT180,R2,最短持有期180天,"1,000元",2.00%—2.50%,2026-11-01,手机银行、网点\n'
        "海棠进取360天,HT360,R4,最短持有期360天,1万元,沪深300指数收益率×80%,2026-11-01,网点\n"
    ),
    "staff/_meta.yaml": "audience: staff\n",
    "staff/异议处理问答.csv": (
        "question,answer\n客户说存款利息太低怎么回？,海棠银行内部话术：先问资金多久用到，再介绍大额存单。\n"
    ),
}


@dataclass(frozen=True)
class Site:
    """Where the service listens, the folder that it writes to, and how it is stopped and started again."""

    address: str
    data: Path
    restart: Callable[[], None] = lambda: None


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One service for all browser tests."""
    with serving(tmp_path_factory, TELLER_BANK_NAME="海棠银行") as running:
        yield running


@pytest.fixture(scope="session")
def earnest_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A service that is no demo, of a bank with a sign-in page of its own."""
    with serving(tmp_path_factory, TELLER_DEMO="false", TELLER_SIGN_IN_URL="https://bank.example/sign-in") as running:
        yield running


@pytest.fixture(scope="session")
def desk_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A service whose queue holds what its own tests put there; one of its tasks waits for a person's approval."""
    tasks = ("change_phone", "reset_card_password")
    with serving(tmp_path_factory, tasks, TELLER_BANK_NAME="海棠银行") as running:
        yield running


@pytest.fixture(scope="session")
def staff_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A service with products, and with documents that are for staff; one of its tasks makes leads."""
    with serving(tmp_path_factory, ("deposit_certificate",), _STAFFS, TELLER_BANK_NAME="海棠银行") as running:
        yield running


LIVE_SENTENCES = ("海棠白金信用卡主卡年费为880元/年[1]。", "当年刷卡满12笔，免次年年费[1]。")
"""What the model of `model_site` says, the second some seconds after the first."""


@pytest.fixture(scope="module")
def model_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A service with a model that takes its time between sentences."""
    behaviour = Behaviour(text="".join(LIVE_SENTENCES), piece=len(LIVE_SENTENCES[0]), pace=5)
    with (
        model_server.running(behaviour, ("large",)) as server,
        serving(
            tmp_path_factory,
            documents=_STAFFS,
            TELLER_BANK_NAME="海棠银行",
            TELLER_LLM_BASE_URL=server.url,
            TELLER_LLM_MODEL="large",
        ) as running,
    ):
        yield running


@contextmanager
def serving(
    folders: pytest.TempPathFactory,
    tasks: Sequence[str] = ("change_phone", "file_complaint"),
    documents: Mapping[str, str] = _DOCUMENTS,
    **settings: str,
) -> Iterator[Site]:
    knowledge, data, flows = (folders.mktemp(name) for name in ("knowledge", "data", "flows"))
    for task in tasks:
        shutil.copy(_FLOWS / f"{task}.yaml", flows)
    for name, text in documents.items():
        (knowledge / name).parent.mkdir(exist_ok=True)
        (knowledge / name).write_text(text, encoding="utf-8")
    port = _free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("TELLER_")}
    places = {"TELLER_DATA_DIR": str(data), "TELLER_KNOWLEDGE_DIR": str(knowledge), "TELLER_FLOWS_DIR": str(flows)}
    service = _start(port, own | places | settings, data)

    def restart() -> None:
        nonlocal service
        _stop(service)
        service = _start(port, own | places | settings, data)

    try:
        yield Site(f"http://127.0.0.1:{port}", data, restart)
    finally:
        _stop(service)


def _start(port: int, environment: dict[str, str], data: Path) -> subprocess.Popen[bytes]:
    log = data / "serve.log"
    with log.open("a", encoding="utf-8") as output:
        command = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
        service = subprocess.Popen(command, env=environment, cwd=data, stdout=output, stderr=subprocess.STDOUT)
    _wait(f"http://127.0.0.1:{port}", service, log)
    return service


def _stop(service: subprocess.Popen[bytes]) -> None:
    service.terminate()
    service.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; playwright's own is not downloaded.

    Not for the whole session: while playwright is open, no other event loop can run in this thread.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        yield opened
        opened.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(address: str, service: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and service.poll() is None:
        try:
            with urlopen(f"{address}/healthz", timeout=2):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"the service did not start:\n{log.read_text(encoding='utf-8')}")
