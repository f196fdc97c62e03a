import json

import pytest
from moto import mock_aws

from roadworthy.cli import main
from roadworthy.online.engine.registry import described

GROUP = "log-group-missing"


@pytest.fixture
def arguments(task, tmp_path, monkeypatch):
    """Check a task definition whose log group does not exist."""
    monkeypatch.chdir(tmp_path)
    options = {"LogDriver": "awslogs", "Options": {"awslogs-group": "/ecs/api"}}
    (tmp_path / "t.json").write_text(json.dumps({"Resources": task(LogConfiguration=options)}))
    return ["check", "t.json", "--select", GROUP, "--online"]


@mock_aws
def test_an_online_error_is_exit_code_1(arguments, capsys):
    assert main([*arguments, "--region", "eu-central-1"]) == 1
    assert "`/ecs/api`, which does not exist in region eu-central-1" in capsys.readouterr().out


def test_no_region_is_one_line_and_exit_code_2(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", "roadworthy: no AWS region: pass --region, or set AWS_DEFAULT_REGION\n")


def test_no_credentials_are_one_line_and_exit_code_2(arguments, capsys, monkeypatch):
    monkeypatch.setattr("botocore.session.Session.get_credentials", lambda _: None)
    assert main([*arguments, "--region", "eu-west-1"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("roadworthy: no usable AWS credentials (")
    assert err.count("\n") == 1


@pytest.mark.parametrize("flag", ["--profile", "--region"])
def test_a_profile_or_a_region_without_online_is_wrong_use(arguments, capsys, flag):
    assert main([*arguments[:-1], flag, "x"]) == 2
    assert capsys.readouterr().err == "roadworthy: --profile and --region say whom --online asks: pass it as well\n"


@pytest.mark.parametrize("rule", [rule.id for rule in described()])
def test_every_check_is_explained(rule, capsys):
    assert main(["explain", rule]) == 0
    assert "## Why is this bad?" in capsys.readouterr().out
