"""`roadworthy synth` against the CDK CLI: the same templates, the same verdicts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.synth.test_cli import ROOT, TRACEBACKS, cdk, run

pytestmark = pytest.mark.synth

APP = """
import sys
from roadworthy.node import use_pinned_node
use_pinned_node()
import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2, aws_s3 as s3
from roadworthy.plugin import run_app

def build(app):
    stack = cdk.Stack(app, "Api", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    bucket = s3.Bucket(stack, "Bucket", versioned=app.node.try_get_context("versioned") == "true")
    if app.node.try_get_context("broken"):
        bucket.node.default_child.add_property_override("Colour", "red")
    if app.node.try_get_context("annotated"):
        cdk.Annotations.of(bucket).add_error("too small")
    if app.node.try_get_context("lookup"):
        ec2.Vpc.from_lookup(stack, "Vpc", vpc_id="vpc-1")

sys.exit(run_app(build))
"""
CONTEXT = {"@aws-cdk/core:validateAgainstDefaultRules": True}


@pytest.fixture
def project(tmp_path):
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "cdk.json").write_text(json.dumps({"app": f"{sys.executable} app.py", "context": CONTEXT}))
    return tmp_path


def synth(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(str(Path(sys.executable).with_name("roadworthy")), "synth", *arguments, cwd=folder)


def test_the_templates_of_the_query_service_are_byte_for_byte_those_of_the_cdk_cli(tmp_path):
    assert cdk("synth", "--quiet", "--output", str(tmp_path / "cli")).returncode == 0
    done = synth(ROOT, "--output", str(tmp_path / "ours"))
    assert (done.returncode, done.stderr) == (0, "")
    for template in (tmp_path / "cli").glob("*.template.json"):
        assert (tmp_path / "ours" / template.name).read_bytes() == template.read_bytes()


def test_context_reaches_the_app(project):
    assert synth(project, "-c", "versioned=true").returncode == 0
    assert "VersioningConfiguration" in (project / "cdk.out" / "Api.template.json").read_text()


def test_what_the_cloudformation_engine_refuses_fails(project):
    done = synth(project, "-c", "broken=1")
    assert done.returncode == 1
    assert "Colour" in done.stdout
    assert "at Api/Bucket/Resource  (Bucket" in done.stdout


def test_the_cdk_cli_sees_what_the_native_engine_refuses(project):
    done = cdk("synth", "--quiet", "-c", "broken=1", cwd=project)
    assert done.returncode == 1
    assert "Colour" in done.stderr


def test_an_error_annotation_fails(project):
    done = synth(project, "-c", "annotated=1")
    assert (done.returncode, "too small" in done.stdout) == (1, True)


def test_context_that_would_have_to_be_looked_up_is_named(project):
    done = synth(project, "-c", "lookup=1")
    assert done.returncode == 2
    assert "context is missing: vpc-provider:account=111122223333" in done.stderr


def test_an_app_that_fails_ends_in_one_line_of_ours(project):
    done = synth(project, "--app", f"{sys.executable} nowhere.py")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"roadworthy: the app `{sys.executable} nowhere.py` ended with exit code 1"


def test_a_folder_without_an_app_is_told_so(tmp_path):
    done = synth(tmp_path)
    assert (done.returncode, "names no app" in done.stderr) == (2, True)
    assert not any(trace in done.stderr for trace in TRACEBACKS)
