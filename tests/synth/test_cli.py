"""The app as people run it: by the plain CDK CLI and by python, CDK's own validation left on."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from roadworthy.node import pinned_node

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]
TRACEBACKS = ("Traceback (most recent call last)", "JavaScriptError", "at process.processImmediate")


def run(*command: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    node = pinned_node()
    assert node is not None
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    environment |= {"PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}", "JSII_NODE": str(node), **variables}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def cdk(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [str(pinned_node()), str(ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk")]
    app = f"{sys.executable} app.py"
    return run(*command, "--app", app, "--no-notices", *arguments, cwd=cwd)


def test_synth_of_the_query_service_prints_no_warning(tmp_path):
    done = cdk("synth", "QueryServiceStack", "--quiet", "--output", str(tmp_path / "out"))
    assert (done.returncode, done.stdout, done.stderr.strip()) == (0, "", "")


def test_a_broken_stack_is_refused_by_the_cdk_cli_with_a_readable_report(tmp_path):
    done = cdk("synth", "--quiet", "--output", str(tmp_path / "out"), cwd=ROOT / "examples" / "broken_query_service")
    assert done.returncode == 1
    for text in (
        "defines `REQUEST_TIMEOUT` in both environment and secrets",
        "NameInBoth/Handler/TaskDefinition/Resource",
        "Acknowledge with 'roadworthy::env-secret-collision'",
        "Acknowledge with 'roadworthy::health-check-path-mismatch'",
        "Acknowledge with 'roadworthy::latest-image-tag'",
        "Suggested fix: ",
    ):
        assert text in done.stderr
    assert not any(trace in done.stdout + done.stderr for trace in TRACEBACKS)


STAGED = """
import sys
from roadworthy.node import use_pinned_node
use_pinned_node()
import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from roadworthy.plugin import synth
app = cdk.App()
stack = cdk.Stack(cdk.Stage(app, "Prod"), "Api")
task = ecs.FargateTaskDefinition(stack, "Task")
task.add_container("api", image=ecs.ContainerImage.from_registry("api:latest"))
sys.exit(synth(app))
"""


def test_a_broken_stack_in_a_stage_is_refused_by_the_cdk_cli_too(tmp_path):
    (tmp_path / "app.py").write_text(STAGED)
    done = cdk("synth", "--quiet", "--no-validation", "--output", str(tmp_path / "out"), cwd=tmp_path)
    assert done.returncode == 1
    assert "container `api` uses image `api:latest`" in done.stderr
    assert not any(trace in done.stdout + done.stderr for trace in TRACEBACKS)


def test_a_broken_stack_is_refused_by_python_alone_likewise(tmp_path):
    example = ROOT / "examples" / "broken_query_service"
    done = run(sys.executable, "app.py", cwd=example, CDK_OUTDIR=str(tmp_path / "out"), CDK_VALIDATION="false")
    assert done.returncode == 1
    rules = re.findall(r"Acknowledge with 'roadworthy::(.*)'", done.stderr)
    assert rules == ["env-secret-collision", "health-check-path-mismatch", "latest-image-tag"]
    assert not any(trace in done.stdout + done.stderr for trace in TRACEBACKS)


def test_the_smallest_example_synthesizes(tmp_path):
    example = ROOT / "examples" / "greeter"
    done = run(sys.executable, "app.py", cwd=example, CDK_OUTDIR=str(tmp_path / "out"), CDK_VALIDATION="false")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("context", "told"),
    [
        ({"env": "prd"}, "no environment `prd`; did you mean `prod`?"),
        ({"image_tag": "latest"}, "image tag `latest` is moved with every push"),
        ({"image_digest": "sha256:12"}, "image reference 'sha256:12' is neither a tag nor a digest"),
        ({"image_digest": "abc"}, "image_digest=abc: a digest is sha256: and 64 hex digits"),
        ({"image_tag": "a", "image_digest": "sha256:12"}, "name one of the two"),
        ({"image_tag": ""}, "image reference '' is neither a tag nor a digest"),
        ({"env": ""}, "the environment's name is empty"),
    ],
)
def test_a_mistake_in_the_context_is_one_line(tmp_path, context, told):
    done = run(sys.executable, "app.py", CDK_OUTDIR=str(tmp_path / "out"), CDK_CONTEXT_JSON=json.dumps(context))
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
