"""Application Load Balancers: listeners on other ports than 80.

Lack: ministack serves a load balancer under paths of its own port, as if it came to port 80.
Effect: what asks for a test listener by host and port, as a health gate does, reaches nothing.
Shim: a load balancer with an HTTP listener on another port gets a loopback address of its own, on which that listener
    answers as its rules say. In the variables of tasks and Lambdas `http://name:port` becomes `http://address:port`
    (see names).
Faithful: to ports, hosts and rules. Only listeners of stacks; HTTPS listeners stay records.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
"""

import http.client
import http.server
import threading
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import alb, handlers

_USUAL = 80
_HOP_BY_HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}
_addresses: dict[str, str] = {}  # load balancer's ARN -> loopback address
_servers: dict[str, http.server.ThreadingHTTPServer] = {}  # listener's ARN -> what answers


def install(settings: Settings) -> None:
    """Open and close with the resources."""
    listener, balancer = (handlers[f"AWS::ElasticLoadBalancingV2::{kind}"] for kind in ("Listener", "LoadBalancer"))
    create, delete, delete_balancer = listener["create"], listener["delete"], balancer["delete"]

    def created(*arguments: Any) -> Any:
        made = create(*arguments)
        _open(made[0], settings)
        return made

    def deleted(arn: str, *arguments: Any) -> None:
        _close(arn)
        delete(arn, *arguments)

    def balancer_deleted(arn: str, *arguments: Any) -> None:
        if arn in _addresses:
            settings.engine.addresses.give_back(_addresses.pop(arn))
        delete_balancer(arn, *arguments)

    listener.update(create=created, delete=deleted)
    balancer["delete"] = balancer_deleted


def own_places(balancer: str) -> dict[int, str]:
    """The ports of a load balancer, by its ARN, that answer on an address of their own."""
    ports = (alb._listeners[arn]["Port"] for arn in _servers if alb._listeners[arn]["LoadBalancerArn"] == balancer)
    return {int(port): f"{_addresses[balancer]}:{port}" for port in ports}


def _open(arn: str, settings: Settings) -> None:
    listener = alb._listeners[arn]
    balancer, port = listener["LoadBalancerArn"], int(listener["Port"])
    if listener["Protocol"] != "HTTP" or port == _USUAL:
        return
    if balancer not in _addresses:
        _addresses[balancer] = settings.engine.addresses.take()
    name = alb._lbs[balancer]["LoadBalancerName"]
    server = http.server.ThreadingHTTPServer((_addresses[balancer], port), _relay(name, port, settings.port))
    _servers[arn] = server
    threading.Thread(target=server.serve_forever, name="alb", daemon=True).start()


def _close(arn: str) -> None:
    server = _servers.pop(arn, None)
    if server is not None:
        server.shutdown()
        server.server_close()


def _relay(name: str, listens: int, emulator: int) -> type[http.server.BaseHTTPRequestHandler]:
    """What passes requests on to ministack, with the listener's port in the Host header: it finds the rules by that."""

    class Relay(http.server.BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", emulator, timeout=60)
            try:
                connection.request(self.command, f"/_alb/{name}{self.path}", self._body(), self._named())
                self._answer(connection.getresponse())
            finally:
                connection.close()

        def _body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("content-length") or 0))

        def _named(self) -> dict[str, str]:
            kept = {key: value for key, value in self.headers.items() if key.lower() not in _HOP_BY_HOP}
            return {**kept, "Host": f"{self.headers.get('host', name).partition(':')[0]}:{listens}"}

        def _answer(self, answer: http.client.HTTPResponse) -> None:
            content = answer.read()
            self.send_response_only(answer.status)
            for key, value in answer.getheaders():
                if key.lower() not in _HOP_BY_HOP:
                    self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = pass_on  # noqa: N815 - its names

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing: the tasks log their requests."""

    return Relay
