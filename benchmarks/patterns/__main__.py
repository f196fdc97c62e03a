"""Measure one system that was written in four ways: how long each is, and what the checks say of it."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.patterns import features, findings
from benchmarks.patterns.lines import length
from benchmarks.patterns.table import Row, markdown, written
from benchmarks.peers.peer import quiet

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
APPS = {
    "Roadworthy": "with_roadworthy",
    "aws_ecs_patterns": "with_ecs_patterns",
    "plain L2": "with_plain_l2",
    "plain L2, mended": "with_clean_l2",
}


def source(app: str) -> Path:
    """The file of an app."""
    return Path(__file__).with_name("apps") / f"{app}.py"


def compare(app: str, folder: Path) -> Row:
    """Measure one app; its cloud assembly is left in `folder`.

    Raises:
        SystemExit: it makes no template, or another system.
    """
    command = [sys.executable, "-m", "benchmarks.patterns.synthesize", app, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=quiet())
    if done.returncode:
        sys.exit(f"{app} makes no template: {done.stderr.strip()[-800:]}")
    template = json.loads(next(folder.glob("*.template.json")).read_text(encoding="utf-8"))
    if lacking := features.missing(template["Resources"]):
        sys.exit(f"{app} makes another system, without {'; '.join(lacking)}")
    text = source(app).read_text(encoding="utf-8")
    return Row(length(text), findings.of(folder), text.count(f'"{findings.NAG}-'))


def main() -> int:
    """Exit 1 when Roadworthy's app is not clean: a warning of CDK, of our rules or of cdk-nag."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.patterns", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"also write the table into {PAGE.relative_to(ROOT)}")
    parser.add_argument("--quick", action="store_true", help="the same: it takes a minute")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = {name: compare(app, Path(folder) / app) for name, app in APPS.items()}
    section = markdown(rows)
    print(section)
    if arguments.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), section), encoding="utf-8")
    ours = rows["Roadworthy"].findings
    return int(any(said.total() for said in (ours.cdk, ours.errors, ours.warnings, ours.nag)))


if __name__ == "__main__":
    sys.exit(main())
