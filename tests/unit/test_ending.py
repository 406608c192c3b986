"""A connection is shut at its time, whoever is reading from it, and not when its reader is done before."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assistant.llms.ending import Ending

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, other = socket.socketpair()
    with one, other:
        one.settimeout(10)
        yield one, other


def certificate(folder: Path) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bank")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    path = folder / "bank.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_a_reader_is_woken_at_the_time(pair: Pair) -> None:
    began = time.monotonic()
    with Ending().at(began + 0.2, pair[0]):
        assert pair[0].recv(1) == b""
    assert 0.2 <= time.monotonic() - began < 2


def test_whoever_is_done_before_is_left_alone(pair: Pair) -> None:
    ending, (one, other) = Ending(), pair
    with ending.at(time.monotonic() + 0.1, one):
        pass
    with ending.at(time.monotonic() + 10, one):
        time.sleep(0.3)
        other.sendall(b"x")
        assert one.recv(1) == b"x"


def test_each_has_its_own_time() -> None:
    ending, ended = Ending(), []
    began = time.monotonic()

    def read(seconds: float) -> None:
        one, other = socket.socketpair()
        with one, other, ending.at(began + seconds, one):
            one.recv(1)
            ended.append((seconds, time.monotonic() - began))

    threads = [threading.Thread(target=read, args=(seconds,)) for seconds in (0.5, 0.1, 0.3, 0.2, 0.4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [seconds for seconds, _ in ended] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert all(took >= seconds for seconds, took in ended)


def test_a_socket_that_is_closed_already_hurts_nobody(pair: Pair) -> None:
    ending = Ending()
    gone = socket.socket()
    gone.close()
    with ending.at(time.monotonic(), gone), ending.at(time.monotonic() + 0.1, pair[0]):
        assert pair[0].recv(1) == b""


def test_a_reader_behind_tls_is_woken_too(pair: Pair, tmp_path: Path) -> None:
    path = certificate(tmp_path)
    served, asking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=str(path))
    served.load_cert_chain(path)
    asking.check_hostname = False
    holding: list[ssl.SSLSocket] = []
    serving = threading.Thread(target=lambda: holding.append(served.wrap_socket(pair[1], server_side=True)))
    serving.start()
    with asking.wrap_socket(pair[0], server_hostname="bank") as reader:
        serving.join()
        with Ending().at(time.monotonic() + 0.2, reader):
            try:
                assert reader.recv(1) == b""
            except TimeoutError:
                raise
            except OSError:
                pass
    holding[0].close()
