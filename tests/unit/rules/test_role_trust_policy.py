import pytest

from tests.unit.rules.permissions import PARAMETERS, TASKS, on_fargate, role

RULE = "role-trust-policy"


def test_another_service_is_refused_for_either_role(found):
    resources = on_fargate(role(trust="ecs.amazonaws.com"), task_role=role(trust=["ec2.amazonaws.com"]))
    assert found(RULE, resources) == [
        ("error", "execution role `Role` lets `ecs.amazonaws.com` assume it, not `ecs-tasks.amazonaws.com`"),
        ("error", "task role `TaskRole` lets `ec2.amazonaws.com` assume it, not `ecs-tasks.amazonaws.com`"),
    ]


TRUSTED = {
    "among others": ["ec2.amazonaws.com", TASKS],
    "by suffix": {"Fn::Sub": "ecs-tasks.${AWS::URLSuffix}"},
    "in China": "ecs-tasks.amazonaws.com.cn",
    "unknown": {"Ref": "Open"},
    "either": {"Fn::If": ["A", "ec2.amazonaws.com", TASKS]},
}


@pytest.mark.parametrize("case", TRUSTED)
def test_what_may_be_trusted_is_silent(found, case):
    conditions = {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}
    resources = on_fargate(role(trust=TRUSTED[case]))
    assert found(RULE, resources, Parameters=PARAMETERS, Conditions=conditions) == []


@pytest.mark.parametrize("document", [None, {"Ref": "Open"}, {"Fn::Transform": {}}, "text", {"Statement": "x"}])
def test_an_unknown_trust_policy_is_silent(found, document):
    resources = on_fargate(role(AssumeRolePolicyDocument=document))
    assert found(RULE, resources, Parameters=PARAMETERS) == []
