"""A listener on loopback: it reads requests from sockets and writes replies, and leaves nothing open when it stops."""

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from roadworthy.testing.wire.addresses import addressee
from roadworthy.testing.wire.backend import Backend
from roadworthy.testing.wire.errors import AwsError
from roadworthy.testing.wire.exchange import exchange
from roadworthy.testing.wire.http import Reply, Request, decompressed
from roadworthy.testing.wire.json_shapes import dumped as json_dumped
from roadworthy.testing.wire.xml_shapes import branch, leaf
from roadworthy.testing.wire.xml_shapes import dumped as xml_dumped

LOOPBACK = "127.0.0.1"
FAULT = "FaultOfTheTest"  # the code that the client sees; the test sees the exception itself


class Server(ThreadingHTTPServer):
    """One thread for each connection; all of them end with the server."""

    daemon_threads = False  # so that server_close() waits for them
    request_queue_size = 128

    def __init__(self, backend: Backend) -> None:
        super().__init__((LOOPBACK, 0), _Connection)
        self.backend = backend
        self.faults: list[Exception] = []
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{LOOPBACK}:{self.server_port}"

    def stop(self) -> None:
        """Close the port and drop what is connected; returns when no thread is left."""
        self.shutdown()
        with self._lock:
            for connection in self._sockets:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that `stop` can drop it."""
        with self._lock:
            self._sockets.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        with self._lock:
            self._sockets.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: the client has gone away."""


class _Connection(BaseHTTPRequestHandler):
    """Requests of one client, one after the other."""

    server: Server
    protocol_version = "HTTP/1.1"  # connections are kept
    wbufsize = -1  # a reply is one packet
    disable_nagle_algorithm = True

    def __getattr__(self, name: str) -> Any:
        """Every HTTP method is answered in the same way."""
        if name.startswith("do_"):
            return self._exchange
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _exchange(self) -> None:
        request = self._request()
        try:
            reply = _reply(self.server, request)
        except ConnectionResetError:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def _request(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = decompressed(headers, self.rfile.read(int(headers.get("content-length", 0))))
        path, _, query = self.path.partition("?")
        return Request(self.command, path, query, headers, body)


def _reply(server: Server, request: Request) -> Reply:
    """The reply to a request; a fault of the test is answered as an error, and kept."""
    try:
        service, operation = addressee(request, server.backend.services)
        return exchange(server.backend, request, service, operation)
    except ConnectionResetError:
        raise
    except AwsError as error:
        return _refusal(request, error)
    except Exception as fault:  # whatever it is, the test must see it
        server.faults.append(fault)
        return _refusal(request, AwsError(FAULT, str(fault)))


def _refusal(request: Request, error: AwsError) -> Reply:
    """An error for a request of which no operation is known: XML for a form, else JSON."""
    if "form" in request.headers.get("content-type", ""):
        body = branch("Error", [leaf("Code", error.code), leaf("Message", error.message)])
        return Reply(error.status, xml_dumped(branch("ErrorResponse", [body])), {"Content-Type": "text/xml"})
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": error.code}
    return Reply(error.status, json_dumped({"__type": error.code, "message": error.message}), headers)
