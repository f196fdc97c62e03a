"""The handler as a process: how it starts and how it ends."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[3] / "containers" / "query_handler"
PAGE = b'{"items":[],"count":0,"next_token":null}'


def start(port: int, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "query_handler", "--port", str(port)]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1", **environment}
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    return port


def get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    return connection.getresponse().status


def wait_until_healthy(port: int) -> None:
    for _ in range(300):
        try:
            assert get(port, "/health") == 200
        except ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the handler did not start within 30 s")


@pytest.fixture
def slow_api() -> Iterator[str]:
    """An internal API that needs a second for an answer."""

    class Requests(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(1)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/"
    server.shutdown()
    server.server_close()


def test_a_missing_setting_ends_the_start_with_one_line() -> None:
    process = start(free_port(), ENVIRONMENT="test")
    output, error = process.communicate(timeout=30)
    assert (process.returncode, output) == (2, "")
    assert error == "query_handler: environment variable INTERNAL_API_URL is missing\n"


def test_a_request_in_flight_is_answered_after_sigterm(slow_api: str) -> None:
    port = free_port()
    process = start(port, ENVIRONMENT="test", INTERNAL_API_URL=slow_api, AWS_DEFAULT_REGION="ap-southeast-1")
    try:
        wait_until_healthy(port)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/query/user", b'{"user_id": "u"}', {"Content-Type": "application/json"})
        time.sleep(0.4)
        process.send_signal(signal.SIGTERM)
        assert connection.getresponse().read() == PAGE
        output, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert all(json.loads(line)["service"] == "query-handler" for line in output.splitlines())
