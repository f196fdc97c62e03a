"""`roadworthy synth` of apps that only copy an assembly: no CDK is needed to see what is made of it."""

import json

import pytest

from roadworthy.cli import main

BROKEN = {"Name": "api", "Image": "nginx:latest"}


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    """A folder with an app that copies `ready` to `cdk.out`: a stack with one mistake and one annotation."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    task = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [BROKEN]}}
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "S.json"}}
    stack["metadata"] = {"/S": [{"type": "aws:cdk:warning", "data": "mind the gap [ack: a:b]"}]}
    (tmp_path / "ready").mkdir()
    (tmp_path / "ready" / "manifest.json").write_text(json.dumps({"artifacts": {"S": stack}}))
    (tmp_path / "ready" / "S.json").write_text(json.dumps({"Resources": {"Task": task}}))
    (tmp_path / "roadworthy.toml").write_text('select = ["latest-image-tag"]')
    return tmp_path


def synth(*arguments, app="cp ready/* cdk.out"):
    return main(["synth", "--no-validation", "--app", app, *arguments])


def test_findings_and_annotations_are_printed(capsys):
    assert synth() == 1
    printed = capsys.readouterr().out
    assert printed.startswith(
        "warning  mind the gap [ack: a:b]  (Construct Annotations)\n  at S\n\nTask  (cdk.out/S.json)\n"
    )
    assert "acknowledge with" not in printed
    assert printed.endswith("\n1 file checked: 1 error\n")


@pytest.mark.parametrize(
    ("settings", "arguments", "code"),
    [
        ('ignore = ["latest-image-tag"]', [], 0),
        ('ignore = ["latest-image-tag"]', ["--strict"], 1),
        ('severity = {"*" = "warning"}', [], 0),
        ('severity = {"*" = "warning"}\nfail-on = "warning"', [], 1),
        ('fail-on = "never"', [], 0),
    ],
)
def test_the_projects_settings_hold(project, settings, arguments, code):
    (project / "roadworthy.toml").write_text(settings)
    assert synth(*arguments) == code


def test_the_validation_report_of_an_earlier_run_is_gone(project):
    (project / "cdk.out").mkdir()
    refused = {"pluginName": "Other", "conclusion": "failure", "violations": []}
    (project / "cdk.out" / "validation-report.json").write_text(json.dumps({"pluginReports": [refused]}))
    (project / "roadworthy.toml").write_text('ignore = ["*"]')
    assert synth() == 0


@pytest.mark.parametrize(
    ("app", "told"),
    [
        ("true", "roadworthy: the app `true` wrote no cloud assembly to "),
        ("exit 7", "roadworthy: the app `exit 7` ended with exit code 7"),
        (
            "python3 absent.py",
            "absent.py: no such file\nroadworthy: the app `python3 absent.py` ended with exit code 1",
        ),
    ],
)
def test_an_app_that_writes_nothing_is_told_without_a_traceback(capfd, app, told):
    assert synth(app=app) == 2
    assert capfd.readouterr().err.startswith(told)
