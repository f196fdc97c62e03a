"""The whole template of each small example, so that a change of a pattern's default is seen before it is shipped.

`SNAPSHOT=write .venv/bin/pytest tests/synth/test_snapshots.py` writes it anew; the difference is reviewed like code.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import roadworthy

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]
SNAPSHOTS = Path(__file__).with_name("snapshots")


EXAMPLES = ["greeter", "nightly", "pooler", "singleton", "storefront", "worker"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_template_is_as_it_was_and_the_rules_find_nothing(tmp_path, example):
    environment = {**os.environ, "CDK_OUTDIR": str(tmp_path), "CDK_VALIDATION": "false"}
    subprocess.run([sys.executable, "app.py"], cwd=ROOT / "examples" / example, env=environment, check=True)
    template = json.loads((tmp_path / f"{example.title()}.template.json").read_text())
    snapshot = SNAPSHOTS / f"{example}.json"
    if os.environ.get("SNAPSHOT") == "write":
        snapshot.write_text(json.dumps(template, indent=1, sort_keys=True) + "\n")
    assert template == json.loads(snapshot.read_text())
    assert roadworthy.check(tmp_path).findings == []
