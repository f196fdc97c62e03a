"""The whole template of the smallest example, so that a change of a pattern's default is seen before it is shipped.

`SNAPSHOT=write .venv/bin/pytest tests/synth/test_snapshots.py` writes it anew; the difference is reviewed like code.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]
SNAPSHOTS = Path(__file__).with_name("snapshots")


@pytest.mark.parametrize(("example", "stack"), [("greeter", "Greeter")])
def test_the_examples_template_is_as_it_was(tmp_path, example, stack):
    environment = {**os.environ, "CDK_OUTDIR": str(tmp_path), "CDK_VALIDATION": "false"}
    subprocess.run([sys.executable, "app.py"], cwd=ROOT / "examples" / example, env=environment, check=True)
    template = json.loads((tmp_path / f"{stack}.template.json").read_text())
    snapshot = SNAPSHOTS / f"{example}.json"
    if os.environ.get("SNAPSHOT") == "write":
        snapshot.write_text(json.dumps(template, indent=1, sort_keys=True) + "\n")
    assert template == json.loads(snapshot.read_text())
