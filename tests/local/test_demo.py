"""`make demo`, as it is typed."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]


def commands_running() -> str:
    """The command lines of all processes; empty where there is no /proc."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has just ended
            found.append(process.read_text(errors="replace"))
    return "\n".join(found)


def test_the_demo_deploys_queries_refuses_tears_down_and_leaves_no_process(tmp_path):
    command = [Path(sys.executable).with_name("roadworthy"), "local", "demo", "--state", tmp_path, "--port", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
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
