"""The GitHub Action and the pre-commit hook: what their hosts require, and that our command takes what they type."""

import argparse
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from roadworthy.cli import check

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEMPLATE = """\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Metadata: {"aws:cdk:path": Stack/Task/Resource}
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: nginx}
"""


@pytest.fixture
def parser():
    made = argparse.ArgumentParser()
    check.configure(made)
    return made


def test_the_action_has_what_github_requires():
    assert {"name", "description", "runs"} <= set(ACTION)
    assert ACTION["runs"]["using"] == "composite"
    assert all("uses" in step or {"run", "shell"} <= set(step) for step in ACTION["runs"]["steps"])
    assert all("description" in each for each in [*ACTION["inputs"].values(), *ACTION["outputs"].values()])


def test_no_input_is_pasted_into_a_script():
    assert not any("${{" in step.get("run", "") for step in ACTION["runs"]["steps"])


@pytest.fixture
def action(tmp_path):
    """Run the action's last step as GitHub does; -> (exit code, output, job summary)."""
    (tmp_path / "my templates").mkdir()
    (tmp_path / "my templates" / "t.yaml").write_text(TEMPLATE)
    scripts = tmp_path / "roadworthy" / "bin"
    scripts.mkdir(parents=True)
    command = scripts / "roadworthy"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m roadworthy.cli "$@"\n')
    command.chmod(0o755)

    def run(**inputs):
        step = ACTION["runs"]["steps"][-1]
        defaults = {name: value.get("default", "") for name, value in ACTION["inputs"].items()}
        given = defaults | {name.replace("_", "-"): value for name, value in inputs.items()}
        variables = {name: given[text.split("inputs.")[1].rstrip(" }")] for name, text in step["env"].items()}
        place = {"RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=tmp_path,
            env={**os.environ, **variables, **place},
            capture_output=True,
            text=True,
            check=False,
        )
        summary = tmp_path / "summary.md"
        return done.returncode, done.stdout + done.stderr, summary.read_text() if summary.exists() else ""

    return run


def test_the_action_annotates_summarizes_and_writes_sarif(action, tmp_path):
    code, output, summary = action(paths="my templates\n", select="latest-image-tag")
    assert code == 1
    assert output.startswith("::error file=my templates/t.yaml,line=7,col=30,title=latest-image-tag::")
    assert summary.startswith("### Roadworthy: 1 file checked: 1 error")
    (run,) = json.loads((tmp_path / "roadworthy.sarif").read_text())["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["latest-image-tag"]


def test_the_actions_inputs_are_the_flags(action, tmp_path):
    (tmp_path / "r.toml").write_text("severity = {'latest-*' = 'warning'}")
    assert action(select="latest-*", config="r.toml")[0] == 0
    assert action(select="latest-*", config="r.toml", fail_on="warning")[0] == 1
    assert action(select="latest-*", ignore="latest-image-tag")[0] == 0
    assert action(baseline="absent.json")[0] == 2


def test_wrong_use_of_the_action_writes_nothing_and_ends_with_2(action, tmp_path):
    code, output, summary = action(paths="absent", sarif_file="r.sarif")
    assert (code, summary) == (2, "")
    assert output == "roadworthy: absent: no such file or directory\n"
    assert not (tmp_path / "r.sarif").exists()


def test_an_input_that_looks_like_a_flag_or_a_command_is_a_path(action):
    assert action(paths="--help")[1] == "roadworthy: --help: no such file or directory\n"
    assert action(paths="$(id)")[1] == "roadworthy: $(id): no such file or directory\n"


def test_the_hook_has_what_pre_commit_requires(parser):
    (hook,) = HOOKS
    assert {"id", "name", "entry", "language"} <= set(hook)
    assert hook["language"] == "python"
    program, verb, *arguments = shlex.split(hook["entry"])
    assert (program, verb) == ("roadworthy", "check")
    assert parser.parse_args([*arguments, *hook["args"]]).paths == ["."]


def test_pre_commit_itself_takes_the_hook(tmp_path):
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "HOME": str(tmp_path)}
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_names_only_inputs_that_the_action_has(workflow):
    jobs = yaml.safe_load(workflow.read_text())["jobs"].values()
    ours = [step for job in jobs for step in job["steps"] if step.get("uses") == "./"]
    assert ours
    assert all(set(step.get("with", {})) <= set(ACTION["inputs"]) for step in ours)
