"""The program of a container in these tests: a small HTTP server on 127.0.0.1, with the manners of version.json.

    boot      seconds until it listens
    health    the status of GET /health
    ends      it ends with this exit code instead of listening
    bad_port  the port on which it answers /health with 503
    end_port  the port on which it ends instead of listening
    deaf      it does not end on SIGTERM

GET /tick answers 200 where no file `busy` is in the image's folder, else 409.
"""

# ruff: noqa: T201 - what it prints is its answer
import http.server
import json
import os
import signal
import sys
import time
from pathlib import Path

MANNERS = json.loads(Path("version.json").read_text())
PORT = int(os.environ["PORT"])


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers /health, /tick, /version and /environment."""

    def do_GET(self) -> None:
        answers = {
            "/health": (503 if MANNERS.get("bad_port") == PORT else MANNERS.get("health", 200), ""),
            "/tick": (409 if Path("busy").exists() else 200, ""),
            "/version": (200, MANNERS["version"]),
            "/environment": (200, json.dumps(dict(os.environ))),
        }
        status, text = answers.get(self.path, (404, ""))
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Server(http.server.ThreadingHTTPServer):
    """Without the look-up of its own name, which may take seconds."""

    def server_bind(self) -> None:
        self.socket.setsockopt(1, 2, 1)  # SOL_SOCKET, SO_REUSEADDR
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "127.0.0.1", PORT


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN if MANNERS.get("deaf") else lambda *_: os._exit(0))
    print(f"version {MANNERS['version']} on port {PORT}", flush=True)
    time.sleep(MANNERS.get("boot", 0))
    if MANNERS.get("end_port") == PORT:
        sys.exit(f"port {PORT} is not for me")
    if MANNERS.get("ends"):
        sys.exit(f"no database: {MANNERS['ends']}")
    Server(("127.0.0.1", PORT), Handler).serve_forever()
