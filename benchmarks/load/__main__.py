"""Deploy the query service to the local AWS, fill it, load it with locust, and print latencies per path."""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.load import CAMPAIGNS, TRANSACTIONS, USERS
from roadworthy.local.errors import LocalError
from roadworthy.local.progress import Progress
from roadworthy.local.query_service import SERVICE_STACK, query_service
from roadworthy.local.session import LocalAws

ROOT = Path(__file__).parents[2]
_BATCH = 25  # DynamoDB's limit for one BatchWriteItem
_WARM_UP_SECONDS = 10


def main() -> int:
    """Exit 0 when every request succeeded, 1 when one failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--users", type=int, default=2, help="callers at the same time (default: 2)")
    parser.add_argument("--seconds", type=int, default=30, help="how long, after the warm-up (default: 30)")
    args = parser.parse_args()
    progress = Progress()
    app = query_service(ROOT)
    try:
        with LocalAws.start(ROOT / ".local" / "load", region=app.region, progress=progress) as aws:
            aws.deploy(app)
            _fill(aws, progress)
            _locust(aws, args.users, _WARM_UP_SECONDS)
            progress.say(f"warmed up for {_WARM_UP_SECONDS} s; now {args.users} users for {args.seconds} s")
            statistics = _locust(aws, args.users, args.seconds)
    except LocalError as error:
        sys.exit(f"load: {error}")
    except KeyboardInterrupt:
        return 130
    return _report(statistics)


def _fill(aws: LocalAws, progress: Progress) -> None:
    """Notifications as the stream processor writes them; the stream itself is not what is measured."""
    dynamodb, now = aws.client("dynamodb"), int(time.time() * 1000)
    table = aws.outputs[SERVICE_STACK]["NotificationTableName"]
    puts = [{"PutRequest": {"Item": _notification(number, now)}} for number in range(TRANSACTIONS)]
    for start in range(0, len(puts), _BATCH):
        dynamodb.batch_write_item(RequestItems={table: puts[start : start + _BATCH]})
    progress.say(f"wrote {TRANSACTIONS} notifications of {USERS} users")


def _notification(number: int, now: int) -> dict[str, dict[str, str]]:
    text = {
        "user_id": f"user-{number % USERS}",
        "transaction_id": f"tx-{number}",
        "marketing_id": f"campaign-{number % CAMPAIGNS}",
        "ap_id": "web-portal-001" if number % 2 else "mobile-app-001",
        "notification_title": f"Offer {number}",
        "status": "FAILED" if number % 3 == 0 else "SENT",
        "platform": "ANDROID",
    }
    return {"created_at": {"N": str(now + number)}, **{name: {"S": value} for name, value in text.items()}}


def _locust(aws: LocalAws, users: int, seconds: int) -> list[dict[str, Any]]:
    host = aws.local_url(aws.outputs[SERVICE_STACK]["PublicApiUrl"]).rstrip("/")
    command = [
        str(Path(sys.executable).with_name("locust")),
        "--locustfile",
        str(Path(__file__).with_name("locustfile.py")),
    ]
    command += ["--headless", "--users", str(users), "--spawn-rate", str(users), "--run-time", f"{seconds}s"]
    command += ["--host", host, "--json", "--only-summary", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
    done = subprocess.run(command, env=aws.environment(), capture_output=True, text=True, check=False, cwd=ROOT)
    try:
        answer: list[dict[str, Any]] = json.loads(done.stdout)
    except ValueError:
        raise LocalError(f"locust ended with {done.returncode}: {done.stderr.strip()[-500:]}") from None
    return answer


def _report(statistics: list[dict[str, Any]]) -> int:
    print(f"{'path':24}{'requests':>9}{'errors':>8}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}{'req/s':>7}")
    failures = 0
    for path in sorted(statistics, key=lambda each: str(each["name"])):
        failures += path["num_failures"]
        spent = path["last_request_timestamp"] - path["start_time"]
        numbers = [_percentile(path["response_times"], share) for share in (0.5, 0.95, 0.99)]
        print(
            f"{path['name']:24}{path['num_requests']:9}{path['num_failures']:8}"
            f"{numbers[0]:8.0f}{numbers[1]:8.0f}{numbers[2]:8.0f}{path['num_requests'] / max(spent, 1e-3):7.1f}"
        )
    total = sum(path["num_requests"] for path in statistics)
    print(f"{total} requests, {failures} errors. These are a laptop emulator's figures: see docs/load-test.md.")
    return 1 if failures or not total else 0


def _percentile(histogram: dict[str, int], share: float) -> float:
    """Of locust's histogram: response time in ms (as text) -> how many requests."""
    times = sorted((float(time), count) for time, count in histogram.items())
    wanted = share * sum(count for _, count in times)
    seen = 0
    for time_ms, count in times:
        seen += count
        if seen >= wanted:
            return time_ms
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
