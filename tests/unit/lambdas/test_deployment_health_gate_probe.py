import datetime
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server
from typing import Any, ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from deployment_health_gate import probe, settings
from deployment_health_gate.probe import NoAnswerError
from deployment_health_gate.settings import Settings

from deployment_hook.options import Options

NAME = "api.example.com"


def to(port: int, scheme: str = "http", **details: Any) -> Settings:
    return settings.parse(Options({}, {"testUrl": f"{scheme}://127.0.0.1:{port}", **details}))


class Listener(BaseHTTPRequestHandler):
    """Answers with the number in the path, and remembers what it was asked."""

    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Host"]))
        self.send_response(int(self.path.strip("/") or 200))
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def listen() -> Iterator[Callable[..., int]]:
    """Start a listener, with TLS where a certificate is given, and give its port."""
    servers: list[ThreadingHTTPServer] = []

    def start(certificate: Path | None = None) -> int:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        return server.server_port

    Listener.asked.clear()
    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the public name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(made.public_bytes(form[0]) + key.private_bytes(*form))
    return file


@pytest.mark.parametrize("status", [200, 204, 302, 404, 503])
def test_a_status_is_given_as_it_is_and_no_redirect_followed(listen: Callable[..., int], status: int) -> None:
    assert probe.get(to(listen(), healthPath=f"/{status}"), 5) == status
    assert [path for path, _ in Listener.asked] == [f"/{status}"]


def test_the_host_is_that_of_the_url(listen: Callable[..., int]) -> None:
    port = listen()
    probe.get(to(port), 5)
    assert Listener.asked == [("/", f"127.0.0.1:{port}")]


def test_another_name_is_asked_for_where_it_is_given(listen: Callable[..., int]) -> None:
    probe.get(to(listen(), serverName=NAME), 5)
    assert Listener.asked == [("/", NAME)]


def test_a_certificate_is_checked_against_the_name_that_is_given(
    listen: Callable[..., int], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    port = listen(certificate)
    assert probe.get(to(port, "https", serverName=NAME), 5) == 200
    with pytest.raises(NoAnswerError, match="SSLCertVerificationError"):
        probe.get(to(port, "https"), 5)


def test_a_certificate_of_an_unknown_authority_is_refused_unless_that_is_allowed(
    listen: Callable[..., int], certificate: Path
) -> None:
    port = listen(certificate)
    with pytest.raises(NoAnswerError, match="CERTIFICATE_VERIFY_FAILED"):
        probe.get(to(port, "https", serverName=NAME), 5)
    assert probe.get(to(port, "https", verifyTls="false"), 5) == 200


def test_nobody_who_listens_is_no_answer() -> None:
    with create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NoAnswerError, match="ConnectionRefusedError"):
        probe.get(to(port), 5)


def test_silence_is_no_answer_after_the_time_of_the_try() -> None:
    with create_server(("127.0.0.1", 0)) as server, pytest.raises(NoAnswerError, match="TimeoutError"):
        probe.get(to(server.getsockname()[1]), 0.05)


def test_a_name_that_does_not_exist_is_no_answer() -> None:
    with pytest.raises(NoAnswerError):
        probe.get(settings.parse(Options({}, {"testUrl": "http://" + "a" * 64 + ".invalid"})), 1)


def test_what_is_not_http_is_no_answer() -> None:
    with create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")

        threading.Thread(target=speak, daemon=True).start()
        with pytest.raises(NoAnswerError, match="BadStatusLine"):
            probe.get(to(server.getsockname()[1]), 5)
