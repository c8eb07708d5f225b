"""`baotong serve` refuses what it could not serve, speaks HTTPS, tells its health, and logs nobody."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from granian import Granian

from tests.browser_fixtures import free_port
from tests.conftest import write_small_county
from web import cli
from web.answer import ExitCode
from web.kernel_cache import VARIABLE, prepare_kernel_cache
from web.serving import Server, serve_pages
from web.session import Session

#: Seconds that the server may take until it answers: as long as compiling every kernel takes a busy machine.
PATIENCE_S = 180
#: Where this program's compiled kernels are kept.
_KEPT = Path(prepare_kernel_cache() or "nowhere")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine that signed itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    start = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=9))
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    (folder / "certificate.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(secret)
    return folder / "certificate.pem", folder / "key.pem"


def refused(capsys, folder, *options):
    code = cli.run(["serve", "--county", str(folder), "--json", *options])
    return code, json.loads(capsys.readouterr().out)["error"]["code"]


def test_a_taken_port_is_said_before_anything_starts(small_county, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = refused(capsys, small_county.folder, "--port", str(taken.getsockname()[1]))
    assert answer == (ExitCode.SURROUNDINGS, "port-taken")


def test_half_of_a_certificate_is_refused(small_county, capsys, certificate):
    answer = refused(capsys, small_county.folder, "--tls-certificate", str(certificate[0]))
    assert answer == (ExitCode.BAD_INPUT, "tls-half-given")


def test_a_key_that_does_not_fit_is_refused(small_county, capsys, certificate, tmp_path):
    (tmp_path / "other.pem").write_text("no key")
    options = ("--tls-certificate", str(certificate[0]), "--tls-key", str(tmp_path / "other.pem"))
    assert refused(capsys, small_county.folder, *options) == (ExitCode.BAD_INPUT, "tls-unusable")


def test_several_processes_need_postgresql(small_county, capsys):
    answer = refused(capsys, small_county.folder, "--processes", "2")
    assert answer == (ExitCode.BAD_INPUT, "processes-need-postgresql")


@pytest.fixture(scope="module")
def served(tmp_path_factory, certificate):
    """The small county over HTTPS, and what it wrote to its log."""
    folder = tmp_path_factory.mktemp("tls-county")
    write_small_county(folder / "county")
    port = free_port(tmp_path_factory)
    tls = ("--tls-certificate", str(certificate[0]), "--tls-key", str(certificate[1]))
    command = [sys.executable, "-c", "from web.cli import main; main()", "serve", "--port", str(port), *tls]
    trust = ssl.create_default_context(cafile=str(certificate[0]))
    log = folder / "log"
    environment = {
        "BAOTONG_COUNTY": str(folder / "county"),
        "BAOTONG_KEY_FILE": str(folder / "key"),
        "HOME": str(folder),
        VARIABLE: str(_KEPT.parent),  # kernels that are compiled already are used again
    }
    with log.open("wb") as file:
        server = subprocess.Popen(command, stdout=file, stderr=file, env=environment)

    def ask(path):
        return urlopen(Request(f"https://localhost:{port}{path}"), context=trust, timeout=PATIENCE_S)

    def begin():
        """Begin to send a form, and stop."""
        opened = trust.wrap_socket(
            socket.create_connection(("localhost", port), PATIENCE_S), server_hostname="localhost"
        )
        words = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nname="
        opened.sendall(f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n{words}".encode())
        return opened

    until = time.monotonic() + PATIENCE_S
    try:
        while not answers(ask):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield ask, log, begin
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_S)


def answers(ask):
    try:
        ask("/health").close()
    except OSError:  # not yet there, or so busy that it has not answered in time
        return False
    return True


def test_it_speaks_https_and_tells_browsers_to_stay_there(served):
    ask, *_ = served
    with ask("/") as answer:
        assert answer.status == 200
        assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_its_health_names_nobody_and_no_place(served):
    ask, *_ = served
    with ask("/health") as answer:
        assert set(json.load(answer)) == {"ok", "closure_set_version", "network_digest"}


def test_its_log_is_a_line_of_json_a_request_without_the_address_asked_for(served):
    ask, log, _ = served
    ask("/?secret=PLATE-12345").close()
    # Beside them stands only what is told to whoever starts it: where it serves, and that roads are being prepared and
    # their search is compiled.
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert len(log.read_text().splitlines()) - len(lines) <= 3
    assert {"method", "route", "status", "ms", "role"} <= set(lines[-1])
    assert "PLATE" not in log.read_text()


def test_the_folder_of_compiled_kernels_is_named_before_a_process_begins(small_county, monkeypatch):
    # A process imports `routing` with the pages, before it opens the county: it compiles all anew where none is named.
    named = []
    for name in ("BAOTONG_COUNTY", "BAOTONG_DATABASE_URL", "BAOTONG_SECURE"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv(VARIABLE, str(_KEPT.parent))
    monkeypatch.setattr(Granian, "serve", lambda _server: named.append(os.environ[VARIABLE]))
    serve_pages(Session(small_county.folder, "", "", as_json=False), Server(port=1))
    assert named == [str(_KEPT)]


def test_who_sends_slowly_keeps_pages_from_nobody_and_is_told_to_come_again_when_there_are_too_many(served):
    ask, _, begin = served
    with ExitStack() as stack:
        slow = [stack.enter_context(begin()) for _ in range(7)]
        with ask("/health") as answer:
            assert answer.status == 200
        # Four of eight threads wait for strangers; the other three are told.
        until, told = time.monotonic() + 30, [b""] * 7
        while told.count(b"") > 4 and time.monotonic() < until:
            told = [before or said(one) for before, one in zip(told, slow, strict=True)]
        assert sorted(told) == [b""] * 4 + [b"HTTP/1.1 503 Service Unavailable"] * 3
        with ask("/health") as answer:
            assert answer.status == 200


def said(opened):
    """Return the first line of what the server says within a while, "" where it says nothing."""
    opened.settimeout(0.1)
    try:
        return opened.recv(200).partition(b"\r\n")[0]
    except TimeoutError:
        return b""
