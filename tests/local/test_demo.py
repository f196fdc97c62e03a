"""`make demo`, as it is typed."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]


# What a user's shell may hold, and what none of it may change.
USERS_SETTINGS = {
    "AWS_PROFILE": "nobody",
    "AWS_ENDPOINT_URL": "http://192.0.2.1",
    "AWS_ACCESS_KEY_ID": "AKIAUSERSOWNKEY00000",
    "AWS_REGION": "eu-central-1",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "CDK_DEFAULT_ACCOUNT": "111122223333",
    "HTTP_PROXY": "http://127.0.0.1:1",
}


def commands_running() -> str:
    """The command lines of all processes; empty where there is no /proc."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has just ended
            found.append(process.read_text(errors="replace"))
    return "\n".join(found)


def test_whatever_the_users_settings_the_demo_deploys_queries_refuses_and_leaves_no_process(tmp_path):
    command = [Path(sys.executable).with_name("roadworthy"), "local", "demo", "--state", tmp_path, "--port", "0"]
    environment = {**os.environ, **USERS_SETTINGS}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for line in (
        "deployed QueryServiceStack",
        "the stream made 6 notifications",
        "POST /query/user {'user_id': 'alice', 'limit': 2} -> 200 2 items, more to come",
        "POST /query/marketing {'marketing_id': 'spring-sale'} -> 200 6 items",
        "POST /query/fail {'transaction_id': 'tx-0003'} -> 200 1 items",
        "-> 400 ",
        "dynamodb ",
        "refused at synthesis (exit code 1)",
        "roadworthy::env-secret-collision",
        "roadworthy::health-check-path-mismatch",
        "roadworthy::latest-image-tag",
        "torn down",
    ):
        assert line in done.stderr
    assert str(tmp_path) not in commands_running()
