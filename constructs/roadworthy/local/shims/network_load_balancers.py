"""Network Load Balancers: connections to a TCP listener reach the targets.

Lack: a listener is a record; ministack forwards HTTP requests alone.
Effect: no task can come through a pooler, and nobody notices a listener that leads nowhere.
Shim: each load balancer gets a loopback address of its own, on which its TCP listeners accept; a connection goes on to
    a healthy target of the listener's group, to an unhealthy one if none is healthy, and is closed where there is none.
    In the variables of tasks and Lambdas its host name becomes that address (see names).
Faithful: to whom a connection reaches; idle time-outs, client addresses and cross-zone weights are not kept. Only
    listeners of stacks; TLS and UDP listeners stay records.
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html
"""

import contextlib
import random
import socket
import threading
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import alb, handlers, responses
from roadworthy.local.shims.target_health import usable
from roadworthy.local.shims.weights import chosen

_CHUNK = 65_536
_addresses: dict[str, str] = {}  # load balancer's ARN -> loopback address
_servers: dict[str, socket.socket] = {}  # listener's ARN -> what accepts


def install(settings: Settings) -> None:
    """Open and close with the resources."""
    listener, balancer = (handlers[f"AWS::ElasticLoadBalancingV2::{kind}"] for kind in ("Listener", "LoadBalancer"))
    create, update, delete, delete_balancer = (
        listener["create"], listener["update"], listener["delete"], balancer["delete"],
    )  # fmt: skip

    def created(*arguments: Any) -> Any:
        made = create(*arguments)
        _open(made[0], settings.engine.addresses)
        return made

    def updated(arn: str, *arguments: Any, **named: Any) -> Any:
        made = update(arn, *arguments, **named)
        _close(arn)
        _open(made[0], settings.engine.addresses)
        return made

    def deleted(arn: str, *arguments: Any) -> None:
        _close(arn)
        delete(arn, *arguments)

    def balancer_deleted(arn: str, *arguments: Any) -> None:
        if arn in _addresses:
            settings.engine.addresses.give_back(_addresses.pop(arn))
        delete_balancer(arn, *arguments)

    listener.update(create=created, update=updated, delete=deleted)
    balancer["delete"] = balancer_deleted


def address_of(balancer: str) -> str | None:
    """The loopback address of a load balancer with TCP listeners, by its ARN."""
    return _addresses.get(balancer)


def _open(arn: str, addresses: Any) -> None:
    listener = alb._listeners[arn]
    if listener["Protocol"] != "TCP":
        return
    balancer = listener["LoadBalancerArn"]
    if balancer not in _addresses:
        _addresses[balancer] = addresses.take()
    _servers[arn] = socket.create_server((_addresses[balancer], listener["Port"]))
    scope = (responses.get_account_id(), responses.get_region())
    threading.Thread(target=_accept, args=(arn, _servers[arn], scope), name="nlb", daemon=True).start()


def _close(arn: str) -> None:
    server = _servers.pop(arn, None)
    if server is not None:
        server.shutdown(socket.SHUT_RDWR)  # which wakes the thread that accepts
        server.close()


def _accept(arn: str, server: socket.socket, scope: tuple[str, str]) -> None:
    with contextlib.suppress(OSError):  # closed
        while True:
            client, _address = server.accept()
            threading.Thread(target=_serve, args=(arn, client, scope), name="nlb-connection", daemon=True).start()


def _serve(arn: str, client: socket.socket, scope: tuple[str, str]) -> None:
    with client, contextlib.suppress(OSError):
        target = _target(arn, scope)
        if target is None:
            return
        with socket.create_connection(target, timeout=10) as server:
            server.settimeout(None)
            back = threading.Thread(target=_pump, args=(server, client), name="nlb-answers", daemon=True)
            back.start()
            _pump(client, server)
            back.join()


def _target(arn: str, scope: tuple[str, str]) -> tuple[str, int] | None:
    with responses.request_scope(*scope):
        action = (alb._listeners.get(arn) or {}).get("DefaultActions", [{}])[0]
        group = chosen(action)
        record = alb._tgs.get(group)
        found = usable(group, record) if record else []
        if not found:
            return None
        target = random.choice(found)  # noqa: S311 - no secret depends on it
        return str(target["Id"]), int(target.get("Port") or record["Port"])


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what comes, and the end of it."""
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
