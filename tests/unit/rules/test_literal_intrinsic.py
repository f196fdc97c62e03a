import pytest

RULE = "literal-intrinsic"
PARAMETERS = {"Stage": {"Type": "String"}}
LOGS = {"Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Ref": "AWS::StackName"}}}}
NAMED = {"Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "Logs"}}}


def environment(value):
    return {"Environment": [{"Name": "A", "Value": value}]}


def log_group(name):
    return {"LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": name}}}


@pytest.mark.parametrize(
    ("container", "severity", "message"),
    [
        (environment("!Ref Stage"), "error", "`!Ref Stage` is a text here, no reference to `Stage`"),
        (environment("/ecs/!GetAtt Logs.Arn"), "error", "`!GetAtt Logs` is a text here, no reference to `Logs`"),
        (environment("!Ref AWS::Region"), "error", "`!Ref AWS::Region` is a text here, no reference to `AWS::Region`"),
        ({"Image": "api:${Stage}"}, "error", "`${Stage}` is a text here, no reference to `Stage`"),
        (
            {"Image": {"Fn::Join": ["", ["api:", "${Stage}"]]}},
            "error",
            "`${Stage}` is a text here, no reference to `Stage`",
        ),
        (environment("${Logs.Arn}"), "warning", "`${Logs.Arn}` is a text here, no reference to `Logs`"),
        (log_group("Logs"), "warning", "the log group is the text `Logs`, not the resource of that name"),
        (
            {"Command": ["curl http://localhost:!Ref Stage/"]},
            "error",
            "`!Ref Stage` is a text here, no reference to `Stage`",
        ),
    ],
)
def test_a_reference_that_is_a_text_is_reported(found, task, container, severity, message):
    assert found(RULE, {**LOGS, **task(**container)}, Parameters=PARAMETERS) == [(severity, message)]


@pytest.mark.parametrize(
    ("container", "resources"),
    [
        (environment({"Ref": "Stage"}), LOGS),
        (environment({"Fn::Sub": "${Stage}-${Logs.Arn}"}), LOGS),
        (environment({"Fn::Sub": ["${Stage}", {"Stage": "a"}]}), LOGS),
        (environment("${Other} and !Ref Other"), LOGS),
        (environment("Stage"), LOGS),
        ({"Command": ["sh", "-c", "echo ${Stage}"]}, LOGS),
        ({"HealthCheck": {"Command": ["CMD-SHELL", "test ${Stage}"]}}, LOGS),
        (log_group("Logs"), NAMED),
        (log_group({"Ref": "Logs"}), LOGS),
    ],
)
def test_references_and_other_texts_are_silent(found, task, container, resources):
    assert found(RULE, {**resources, **task(**container)}, Parameters=PARAMETERS) == []


def test_the_name_of_a_resource_where_an_arn_must_stand_is_an_error(found):
    entry = {"TargetGroupArn": "Group", "ContainerName": "api", "ContainerPort": 80}
    subnets = {"AwsvpcConfiguration": {"Subnets": ["Subnet", {"Fn::GetAtt": ["Group", "Id"]}]}}
    service = {"LoadBalancers": [entry], "NetworkConfiguration": subnets}
    resources = {
        "Group": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup"},
        "Subnet": {"Type": "AWS::EC2::Subnet"},
        "Service": {"Type": "AWS::ECS::Service", "Properties": service},
    }
    assert {message for _, message in found(RULE, resources)} == {
        "`Group` is a text here, no reference to `Group`",
        "`Subnet` is a text here, no reference to `Subnet`",
    }


def test_templates_of_cdk_are_left_alone(found, task):
    resources = task({"aws:cdk:path": "Shop/Task/Resource"}, **environment("!Ref Stage"))
    assert found(RULE, resources, Parameters=PARAMETERS) == []
