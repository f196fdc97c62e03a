"""Asking a version over HTTP on loopback; whatever it answers, it is a status or none."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from roadworthy.operations.host.web import Address

NOBODY = Address(timeout=0.5)


@contextmanager
def saying(answer: bytes) -> Iterator[int]:
    """The port of a server that says the same to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, answer), daemon=True).start()
        yield int(server.getsockname()[1])


def _serve(server: socket.socket, answer: bytes) -> None:
    while True:
        try:
            with server.accept()[0] as client:
                client.recv(4096)
                client.sendall(answer)
        except OSError:
            return


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200),
        (b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n\r\n", 302),
        (b"HTTP/1.1 503 Ill\r\n\r\n", 503),
        (b"SSH-2.0-OpenSSH_9.6\r\n", None),
        (b"HTTP/1.1 abc\r\n\r\n", None),
        (b"", None),
    ],
)
def test_the_status_is_the_answers_or_none(answer: bytes, status: int | None):
    with saying(answer) as port:
        assert NOBODY.status(port, "/health") == status


def test_nobody_listens_on_a_port_that_was_closed():
    with saying(b"") as port:
        assert NOBODY.listens(port)
    assert NOBODY.status(port, "/health") is None


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with saying(b"HTTP/1.1 204 No Content\r\n\r\n") as port:
        assert NOBODY.status(port, "/health") == 204


def test_a_host_that_is_none_answers_nothing():
    assert Address("no.such.host.invalid", timeout=0.5).status(5221, "/health") is None
