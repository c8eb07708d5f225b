"""A request was taken, or it is known why not: within its time, over trusted TLS, and nowhere else than where it goes."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from geodata.message_settings import Outlet
from tests.gateway import a_gateway
from web.outlet.delivery import deliver
from web.outlet.letter import Request

#: What a gateway on a busy machine may take.
PATIENCE_S = 60


def outlet(url, **changes):
    return Outlet("o", url, "secret", **{"timeout_s": PATIENCE_S, **changes})


def send(url, **changes):
    return deliver(Request(url, {"Content-Type": "text/plain", "webhook-id": "k"}, b"x"), outlet(url, **changes))


@pytest.mark.parametrize(
    ("answer", "problem"),
    [((200, b""), ""), ((202, b"{}"), ""), ((500, b""), "status-500"), ((404, b""), "status-404")],
)
def test_the_status_says_whether_it_was_taken(answer, problem):
    with a_gateway(answer) as gateway:
        assert send(gateway.url) == problem
        assert [body for _, body in gateway.came] == [b"x"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status):
    with a_gateway((status, b"")) as gateway:
        assert send(gateway.url) == "redirected"
        assert len(gateway.came) == 1


@pytest.mark.parametrize("answer", ["hang", "drip"])
def test_a_gateway_that_never_ends_is_left_in_time(answer):
    with a_gateway(answer) as gateway:
        begun = time.monotonic()
        assert send(gateway.url, timeout_s=0.4) == "timeout"
        assert time.monotonic() - begun < PATIENCE_S


def test_a_gateway_that_says_no_with_200_has_not_taken_it():
    with a_gateway((200, b'{"code": "LIMIT"}'), (200, b'{"code": "OK"}'), (200, b"<html>")) as gateway:
        said = [send(gateway.url, accepted={"code": "OK"}) for _ in range(3)]
    assert said == ["not-accepted", "", "answer-unreadable"]


def test_nobody_there_is_said():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert send(f"http://127.0.0.1:{free.getsockname()[1]}/") == "unreachable"


@pytest.fixture
def tls_gateway(tmp_path):
    """A gateway with a certificate that nobody trusts unless told: its address, and the certificate's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    day = timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - day, now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "certificate.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"https://localhost:{server.server_port}/", str(pem)
    server.shutdown()
    server.server_close()


def test_only_a_trusted_certificate_of_that_name_is_taken(tls_gateway):
    url, pem = tls_gateway
    request = Request(url, {}, b"x")
    assert deliver(request, outlet(url)) == "tls"
    assert deliver(request, outlet(url), ca_file=pem) == ""
    other = url.replace("localhost", "127.0.0.1")
    assert deliver(Request(other, {}, b"x"), outlet(other), ca_file=pem) == "tls"
    assert deliver(request, outlet(url), ca_file="/nowhere.pem") == "tls"
