import json
import runpy
import sys
from pathlib import Path

import pytest

from roadworthy.online import operations
from roadworthy.online.engine.registry import described
from roadworthy.online.failures import Absent
from roadworthy.online.operations import LogGroups, Operation, Secret
from roadworthy.online.policy import LIST_BUCKET, policy

HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
ARN = "arn:aws:{}:eu-west-1:123456789012:{}"
DOCS = Path(__file__).parents[3] / "docs" / "online-checks.md"


def actions():
    return {action for statement in policy()["Statement"] for action in statement["Action"]}


@pytest.fixture
def everything(task, service):
    """A template that gives every check something to ask about."""
    secrets = [
        {"Name": "A", "ValueFrom": ARN.format("secretsmanager", "secret:db-AbCdEf") + ":password::"},
        {"Name": "B", "ValueFrom": "/app/token"},
    ]
    there = {
        "Name": "api",
        "Image": f"{HOST}/shop:there",
        "Secrets": secrets,
        "LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": "/ecs/api"}},
        "EnvironmentFiles": [{"Type": "s3", "Value": "arn:aws:s3:::settings/api.env"}],
    }
    gone = {"Name": "side", "Image": f"{HOST}/shop:gone"}
    alarms = {"AlarmNames": ["cpu"], "Enable": True, "Rollback": True}
    network = {"AwsvpcConfiguration": {"Subnets": ["subnet-0123456789abcdef0"]}}
    certificate = {"CertificateArn": ARN.format("acm", "certificate/1")}
    return {
        **task({"ContainerDefinitions": [there, gone]}),
        **service(DesiredCount=1, NetworkConfiguration=network, DeploymentConfiguration={"Alarms": alarms}),
        "Https": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": {"Certificates": [certificate]}},
    }


@pytest.fixture
def asked(aws, found, everything, monkeypatch):
    """The actions that the checks use, with answers that lead them on."""
    answers = {
        "acm:DescribeCertificate": "ISSUED",
        "cloudwatch:DescribeAlarms": {"cpu": "OK"},
        "ec2:DescribeSubnets": {"subnet-0123456789abcdef0": 9},
        "ecr:BatchGetImage": {"config": {"digest": "sha256:1"}},
        "ecr:DescribeImages": True,
        "ecr:DescribePullThroughCacheRules": ["shop"],
        "ecr:GetDownloadUrlForLayer": "https://layers.example",
        "logs:DescribeLogGroups": LogGroups(frozenset({"/ecs/api"}), complete=True),
        "s3:GetObject": True,
        "secretsmanager:DescribeSecret": Secret(deleted=False, stages=frozenset({"AWSCURRENT"})),
        "secretsmanager:GetSecretValue": frozenset({"password"}),
        "ssm:GetParameters": frozenset(),
    }
    used = set()

    def ask(operation, **question):
        used.add(operation.action)
        if question.get("imageIds") == [{"imageTag": "gone"}]:
            raise Absent("RepositoryNotFoundException")
        return answers[operation.action]

    monkeypatch.setattr(aws, "ask", ask)
    aws.download = lambda _: b"{}"
    found(everything)
    return used


def test_the_policy_names_exactly_what_the_checks_ask(asked):
    assert actions() == asked | {LIST_BUCKET}


def test_the_policy_names_every_question_that_there_is():
    there_is = {value.action for value in vars(operations).values() if isinstance(value, Operation)}
    assert actions() == (there_is | {LIST_BUCKET}) - {"sts:GetCallerIdentity"}


def test_every_question_only_reads():
    for action in actions():
        assert action.partition(":")[2].startswith(("Describe", "Get", "BatchGet", "List"))


def test_the_policy_is_printed_as_json(capsys, monkeypatch):
    monkeypatch.delitem(sys.modules, "roadworthy.online.policy")
    runpy.run_module("roadworthy.online.policy", run_name="__main__")
    assert json.loads(capsys.readouterr().out) == policy()


def test_the_documentation_has_the_policy():
    assert json.dumps(policy(), indent=2) in DOCS.read_text(encoding="utf-8")


def test_the_documentation_lists_every_check():
    text = DOCS.read_text(encoding="utf-8")
    assert [rule.id for rule in described() if f"`{rule.id}`" not in text] == []
