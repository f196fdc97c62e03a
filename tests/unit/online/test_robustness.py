import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadworthy.online.engine.run import online_rules
from roadworthy.online.failures import Absent, Denied, Elsewhere, Unanswered
from roadworthy.template.document import TEMPLATE, Document

ACCOUNT = "123456789012"
TEXTS = st.sampled_from(
    [
        "",
        ":",
        "arn:",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a:b:c:d",
        "arn:aws:ssm:eu-west-1:123456789012:parameter/",
        "arn:aws:s3:::/",
        "arn:aws:acm:eu-west-1:123456789012:certificate/",
        f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/",
        f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/a:b",
        f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/ab@sha256:1",
        "subnet-01234567",
        "awslogs",
        "true",
        "\x00",
    ]
) | st.text(max_size=5)
INTRINSICS = st.sampled_from(["Ref", "Fn::Sub", "Fn::If", "Fn::GetAtt", "Fn::Join", "Fn::Select", "Fn::ImportValue"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 999) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(INTRINSICS | TEXTS, inner, max_size=2),
    max_leaves=6,
)


@st.composite
def templates(draw):
    """A template with something arbitrary wherever an online check looks."""
    value = lambda: draw(VALUES)  # noqa: E731
    options = {"awslogs-group": value(), "awslogs-region": value(), "awslogs-create-group": value()}
    container = {
        "Name": value(),
        "Image": value(),
        "Secrets": draw(st.one_of(VALUES, st.just([{"Name": "A", "ValueFrom": value()}]))),
        "RepositoryCredentials": {"CredentialsParameter": value()},
        "LogConfiguration": {"LogDriver": "awslogs", "Options": draw(st.one_of(VALUES, st.just(options)))},
        "EnvironmentFiles": [{"Value": value()}],
    }
    task = {"ContainerDefinitions": [container], "RuntimePlatform": value(), "RequiresCompatibilities": value()}
    service = {
        "TaskDefinition": {"Ref": "Task"},
        "DesiredCount": value(),
        "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": value()}},
        "DeploymentConfiguration": {"MaximumPercent": value(), "Alarms": {"AlarmNames": value(), "Enable": value()}},
    }
    return {
        "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": task},
        "Service": {"Type": "AWS::ECS::Service", "Properties": service},
        "Https": {
            "Type": "AWS::ElasticLoadBalancingV2::Listener",
            "Properties": {"Certificates": [value(), {"CertificateArn": value()}]},
        },
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": value()}},
    }


@pytest.mark.parametrize("failure", [Absent("x"), Elsewhere("x"), Denied("x:y", "arn"), Unanswered("x:y", "arn", "no")])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(resources=templates())
def test_no_template_and_no_refusal_is_a_crash(aws, failure, resources):
    def ask(operation, **_):
        raise failure if operation.absent or not isinstance(failure, Absent) else Elsewhere("x")

    aws.ask = ask
    tree = {"Resources": resources}
    document = Document(file="x.json", text=json.dumps(tree), syntax="json", kind=TEMPLATE, tree=tree)
    messages = [
        finding.message for rule in online_rules([document], aws, concurrency=1) for finding in rule.check(None)
    ]
    assert [message for message in messages if "could not finish" in message] == []
