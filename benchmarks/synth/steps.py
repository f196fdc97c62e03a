"""A synthesis up to a step: `python benchmarks/synth/steps.py FOLDER STEP`, where FOLDER has app.py and cdk.json."""

import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType

# Each goes on from the one before it; the difference of two is what a step costs.
STEPS = {
    "import": "importing aws_cdk, cdk-nag and the app, starting Node.js",
    "build": "making the constructs",
    "synth": "CDK's synthesis",
    "nag": "cdk-nag",
    "rules": "Roadworthy's rules",
    "validate": "the native CloudFormation engine",
}


def main(folder: Path, last: str, output: str) -> None:
    """Do the steps until `last`."""
    app_module = load(folder)
    import aws_cdk as cdk  # noqa: PLC0415 - the app's module has prepared it

    from roadworthy.plugin import add_rules  # noqa: PLC0415
    from roadworthy.synthesis import validation_report  # noqa: PLC0415

    done = list(STEPS)[: list(STEPS).index(last) + 1]
    if "nag" not in done:
        cdk.Validations.add_plugins = lambda self, *plugins: None  # type: ignore[method-assign]
    context = json.loads((folder / "cdk.json").read_text())["context"]
    app = cdk.App(outdir=output, context=context, builtin_cloud_formation_validation=False)
    if "build" in done:
        app_module.build(app)
    if "rules" in done:
        add_rules(app)
    if "synth" in done:
        app.synth()
    if "validate" in done:
        validation_report.validate(output, errors_fail=False)


def load(folder: Path) -> ModuleType:
    """The app's module, which finds its own beside itself, as when it is run."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    found = importlib.util.spec_from_file_location("synthesized_app", folder / "app.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        main(Path(sys.argv[1]).resolve(), sys.argv[2], scratch)
