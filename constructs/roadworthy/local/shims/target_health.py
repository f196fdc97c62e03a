"""The load balancer's health checks.

Lack: every registered target is healthy and gets requests.
Effect: a task whose health path answers 500 counts as a good one.
Shim: each target of an `ip` or `instance` target group is asked over HTTP at the group's path, and the answer must
    match the group's matcher; where the group checks over TCP, a connection is opened. Requests go to healthy targets;
    if none is, to the unhealthy ones ("fail open"); a target that has not passed its first check gets none.
    DescribeTargetHealth tells the state and the reason.
Faithful: one passed check makes a new target healthy, thresholds hold after that. The interval runs ten times faster.
    A refused connection counts only once a target has had 30 s to open its port, as processes start no faster here.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

import concurrent.futures
import dataclasses
import http.client
import random
import socket
import threading
import time
from typing import Any

from roadworthy.local.clock import SPEED, STARTUP_SECONDS
from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import alb

Target = tuple[str, str, int]  # target group's ARN, address, port


@dataclasses.dataclass
class Health:
    """What is known of one target."""

    state: str = "initial"
    reason: str = "Elb.InitialHealthChecking"
    description: str = "Initial health checks in progress"
    since: float = dataclasses.field(default_factory=time.monotonic)
    passed: int = 0
    failed: int = 0
    due: float = 0.0


_known: dict[Target, Health] = {}


def install(_: Settings) -> None:
    """Check, and let routing and DescribeTargetHealth follow."""
    threading.Thread(target=_check_for_ever, name="target-health", daemon=True).start()
    forward = alb._forward_to_tg

    async def to_healthy(group: str, *request: Any) -> Any:
        record = alb._tgs.get(group)
        if record is None or record.get("TargetType", "instance") not in ("instance", "ip"):
            return await forward(group, *request)
        found = usable(group, record)
        if not found:
            return (
                503,
                {"Content-Type": "text/html"},
                b"<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>",
            )
        method, path, headers, body, query, query_string, raw_path = (*request, None, None)[:7]
        target = random.choice(found)  # noqa: S311 - no secret depends on it
        return await alb._proxy_http_target(
            target, record, method, raw_path or path, headers, body, query, query_string
        )

    alb._forward_to_tg = to_healthy
    _replace_action("DescribeTargetHealth", _describe)


def health(group: str, address: str, port: int) -> Health:
    """What is known of a target."""
    return _known.get((group, address, port)) or Health()


def usable(group: str, record: dict[str, Any]) -> list[dict[str, Any]]:
    """The targets that requests and connections may go to: the healthy ones; if none is, the unhealthy ones."""
    targets = alb._targets.get(group, [])
    by_state: dict[str, list[dict[str, Any]]] = {"healthy": [], "unhealthy": [], "initial": []}
    for target in targets:
        by_state[health(group, *_place(target, record)).state].append(target)
    return by_state["healthy"] or by_state["unhealthy"]


def _place(target: dict[str, Any], group: dict[str, Any]) -> tuple[str, int]:
    return str(target["Id"]), int(target.get("Port") or group.get("Port") or 80)


def _replace_action(name: str, action: Any) -> None:
    for table in vars(alb).values():
        if isinstance(table, dict) and callable(table.get(name)):
            table[name] = action


def _describe(parameters: Any) -> Any:
    group = alb._p(parameters, "TargetGroupArn")
    record = alb._tgs.get(group)
    if record is None:
        return alb._error("TargetGroupNotFound", f"Target group '{group}' not found.")
    wanted = {target["Id"] for target in alb._parse_targets_param(parameters)}
    members = [
        _member(*_place(target, record), health(group, *_place(target, record)))
        for target in alb._targets.get(group, [])
        if not wanted or target["Id"] in wanted
    ]
    return alb._xml(
        200, "DescribeTargetHealth", f"<TargetHealthDescriptions>{''.join(members)}</TargetHealthDescriptions>"
    )


def _member(address: str, port: int, known: Health) -> str:
    why = f"<Reason>{known.reason}</Reason><Description>{known.description}</Description>" if known.reason else ""
    return (
        f"<member><Target><Id>{address}</Id><Port>{port}</Port></Target>"
        f"<TargetHealth><State>{known.state}</State>{why}</TargetHealth></member>"
    )


def _check_for_ever() -> None:
    with concurrent.futures.ThreadPoolExecutor(8, thread_name_prefix="target-health") as pool:
        while True:
            present: set[Target] = set()
            for (account, region, arn), group in list(alb._tgs.all_items()):
                if group.get("TargetType", "instance") not in ("instance", "ip"):
                    continue
                for registered in list(alb._targets.get_scoped(account, region, arn) or ()):
                    target = (arn, *_place(registered, group))
                    present.add(target)
                    known = _known.setdefault(target, Health())
                    if known.due <= time.monotonic():
                        known.due = float("inf")  # until this check has ended
                        pool.submit(_check, target, group, known)
            for gone in _known.keys() - present:
                _known.pop(gone, None)
            time.sleep(0.1)


def _check(target: Target, group: dict[str, Any], known: Health) -> None:
    reason, description = _ask(target, group)
    if not reason:
        known.passed, known.failed = known.passed + 1, 0
        if known.state == "initial" or known.passed >= int(group.get("HealthyThresholdCount", 5)):
            known.state, known.reason, known.description = "healthy", "", ""
    elif reason != "Target.Timeout" or known.state != "initial" or time.monotonic() - known.since > STARTUP_SECONDS:
        known.passed, known.failed = 0, known.failed + 1
        if known.failed >= int(group.get("UnhealthyThresholdCount", 2)):
            known.state, known.reason, known.description = "unhealthy", reason, description
    interval = float(group.get("HealthCheckIntervalSeconds", 30)) / SPEED
    known.due = time.monotonic() + (min(interval, 0.3) if known.state == "initial" else interval)


def _ask(target: Target, group: dict[str, Any]) -> tuple[str, str]:
    """Ask the target once; answers reason and description of a failure, both empty when it passed."""
    _arn, address, port = target
    asked = str(group.get("HealthCheckPort") or "traffic-port")
    timeout = float(group.get("HealthCheckTimeoutSeconds") or 5)
    if group.get("HealthCheckProtocol") == "TCP":
        return _connect(address, port if asked == "traffic-port" else int(asked), timeout)
    connection = http.client.HTTPConnection(address, port if asked == "traffic-port" else int(asked), timeout=timeout)
    try:
        connection.request(
            "GET", str(group.get("HealthCheckPath") or "/"), headers={"User-Agent": "ELB-HealthChecker/2.0"}
        )
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return "Target.Timeout", "Request timed out"
    finally:
        connection.close()
    if _matches(status, _matcher(group)):
        return "", ""
    return "Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{status}]"


def _connect(address: str, port: int, timeout: float) -> tuple[str, str]:
    try:
        socket.create_connection((address, port), timeout).close()
    except OSError:
        return "Target.Timeout", "Request timed out"
    return "", ""


def _matcher(group: dict[str, Any]) -> str:
    matcher = group.get("Matcher")
    return str(matcher.get("HttpCode", "200") if isinstance(matcher, dict) else matcher or "200")


def _matches(status: int, matcher: str) -> bool:
    """Whether `status` is in a matcher such as `200`, `200,202` or `200-299`."""
    for part in matcher.split(","):
        low, _, high = part.strip().partition("-")
        if int(low) <= status <= int(high or low):
            return True
    return False
