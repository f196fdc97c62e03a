"""Synthesize one of the apps with every check on: `python -m benchmarks.patterns.synthesize with_plain_l2 FOLDER`.

All run alike: with the feature flags of the repository's cdk.json, CDK's own validation, cdk-nag's AwsSolutions, and
Roadworthy's rules. What they say stands in FOLDER/validation-report.json.
"""

import contextlib
import importlib
import json
import sys
from pathlib import Path

from roadworthy.start import start_quickly

start_quickly()  # before aws_cdk

import aws_cdk as cdk  # noqa: E402
from cdk_nag import AwsSolutionsChecks  # noqa: E402

from roadworthy.plugin import RoadworthyPlugin  # noqa: E402

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Exit 1 where the app made no template."""
    name, folder = sys.argv[1:]
    flags = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    app = cdk.App(context=flags, outdir=folder)
    importlib.import_module(f"benchmarks.patterns.apps.{name}").build(app)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), RoadworthyPlugin())
    with contextlib.suppress(RuntimeError):  # errors of the checks, which stand in the report
        app.synth()
    return 0 if list(Path(folder).glob("*.template.json")) else 1


if __name__ == "__main__":
    sys.exit(main())
