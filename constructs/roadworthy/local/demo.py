"""`roadworthy local demo`: the service deployed, written to, queried through every hop, and three mistakes refused."""

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from roadworthy.local import isolation
from roadworthy.local.errors import LocalError
from roadworthy.local.progress import Progress
from roadworthy.local.query_service import SERVICE_STACK
from roadworthy.local.session import LocalAws
from roadworthy.local.signed_http import Answer, post

_USER, _CAMPAIGN = "alice", "spring-sale"
EXAMPLE_BODY = json.dumps({"user_id": _USER})
_FAILED = "tx-0003"
_COUNT = 6
_STREAM_SECONDS = 90.0
_SYNTH_SECONDS = 300.0


def show(aws: LocalAws, progress: Progress) -> None:
    """Use the deployed query service: write commands, wait for the stream, query, and look at the hops.

    Raises:
        LocalError: something did not behave as it must.
    """
    outputs = aws.outputs[SERVICE_STACK]
    _write_commands(aws, outputs, progress)
    url = query_url(aws)
    asked = [
        ("user", {"user_id": _USER, "limit": 2}, 200),
        ("marketing", {"marketing_id": _CAMPAIGN}, 200),
        ("fail", {"transaction_id": _FAILED}, 200),
        ("user", {"user_id": _USER, "limit": 1000}, 400),
    ]
    for kind, body, expected in asked:
        answer = post(f"{url}/{kind}", body, region=aws.region)
        progress.say(f"POST /query/{kind} {body} -> {answer.status} {_short(answer.body)}")
        if answer.status != expected:
            raise LocalError(f"POST /query/{kind} answered {answer.status}, not {expected}: {_short(answer.body)}")
    _show_hops(post(f"{url}/user", {"user_id": _USER}, region=aws.region), progress)


def query_url(aws: LocalAws) -> str:
    """The local URL of the public API's `/query`.

    Raises:
        LocalError: the query service is not deployed.
    """
    outputs = aws.outputs.get(SERVICE_STACK)
    if not outputs:
        raise LocalError(
            f"{SERVICE_STACK} is not deployed here: run `roadworthy local down`, then `roadworthy local up`"
        )
    return aws.local_url(outputs["PublicApiUrl"]).rstrip("/") + "/query"


def health_url(aws: LocalAws) -> str:
    """The local URL of the handler's health check, through the load balancer."""
    return f"{aws.url}/_alb/{aws.outputs[SERVICE_STACK]['ServiceName']}/health"


def curl(aws: LocalAws) -> str:
    """A command line that queries."""
    return (
        f"curl --aws-sigv4 aws:amz:{aws.region}:execute-api --user {isolation.ACCESS_KEY}:{isolation.SECRET_KEY} "
        f"-H 'content-type: application/json' -d '{EXAMPLE_BODY}' {query_url(aws)}/user"
    )


def _write_commands(aws: LocalAws, outputs: dict[str, str], progress: Progress) -> None:
    dynamodb, now = aws.client("dynamodb"), int(time.time() * 1000)
    for number in range(_COUNT):
        item = {
            "transaction_id": f"tx-{number:04}",
            "user_id": _USER,
            "marketing_id": _CAMPAIGN,
            "ap_id": "mobile-app-001",
            "notification_title": f"Offer {number}",
            "status": "FAILED" if f"tx-{number:04}" == _FAILED else "SENT",
            "platform": "IOS",
        }
        attributes = {name: {"S": value} for name, value in item.items()}
        dynamodb.put_item(
            TableName=outputs["CommandTableName"], Item={**attributes, "created_at": {"N": str(now + number)}}
        )
    start = time.monotonic()
    _wait_for_stream(dynamodb, outputs["NotificationTableName"])
    took = time.monotonic() - start
    progress.say(f"wrote {_COUNT} commands; the stream made {_COUNT} notifications of them in {took:.1f} s")


def _wait_for_stream(dynamodb: Any, table: str) -> None:
    end = time.monotonic() + _STREAM_SECONDS
    while time.monotonic() < end:
        if dynamodb.scan(TableName=table, Select="COUNT")["Count"] >= _COUNT:
            return
        time.sleep(0.1)
    raise LocalError(
        f"the stream did not make {_COUNT} notifications in {_STREAM_SECONDS:.0f} s: see `roadworthy local logs`"
    )


def _show_hops(answer: Answer, progress: Progress) -> None:
    hops = " < ".join(f"{name} {milliseconds:.0f} ms" for name, milliseconds in answer.hops)
    progress.say(f"one request: {answer.seconds * 1000:.0f} ms in all; its hops from the inside: {hops or 'not told'}")


def _short(body: Any) -> str:
    if isinstance(body, dict) and "items" in body:
        more = ", more to come" if body.get("next_token") else ""
        return f"{body.get('count')} items{more}"
    return str(body)[:200]


def show_refusal(root: Path, state: Path, progress: Progress) -> None:
    """Synthesize examples/broken_query_service, which must be refused, and show why.

    Raises:
        LocalError: it was not refused.
    """
    example = root / "examples" / "broken_query_service"
    code, output = _synthesize(example, state / "cdk.out-broken")
    if code != 1:
        raise LocalError(f"{example.name} was not refused: its synthesis ended with {code}", detail=output[-2000:])
    progress.say(f"{example.name}: refused at synthesis (exit code 1), before anything is deployed:")
    for line in output.splitlines():
        sys.stderr.write(f"    {line}\n")


def _synthesize(example: Path, out: Path) -> tuple[int, str]:
    """Run the example's app as `cdk synth` runs it; its own rules are what it is about, so CDK's stay off."""
    if not (example / "app.py").is_file():
        raise LocalError(f"{example}/app.py does not exist")
    environment = {**isolation.clean(proxies=True), "CDK_VALIDATION": "false", "CDK_OUTDIR": str(out)}
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=example,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=_SYNTH_SECONDS)
    except subprocess.TimeoutExpired:
        raise LocalError(f"the synthesis of {example.name} took more than {_SYNTH_SECONDS:.0f} s") from None
    finally:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, 9)
    return process.returncode, output.decode(errors="replace")
