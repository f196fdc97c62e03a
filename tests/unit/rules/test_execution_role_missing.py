import copy

import pytest

from tests.unit.rules.permissions import ECR, PARAMETERS, SECRETS, on_fargate, role

RULE = "execution-role-missing"
LOGS = {"LogDriver": "awslogs", "Options": {"awslogs-group": "g", "awslogs-region": "r", "awslogs-stream-prefix": "p"}}
FAILING = {
    "a secret": ({"Secrets": SECRETS}, "container `api` has the secret `TOKEN`"),
    "an image in ECR": ({"Image": ECR}, "the image of container `api` is in ECR"),
    "awslogs": ({"LogConfiguration": LOGS}, "container `api` logs with `awslogs`"),
}


@pytest.mark.parametrize("case", FAILING)
def test_what_needs_the_role_is_named(found, case):
    container, what = FAILING[case]
    resources = on_fargate(role(), **container)
    del resources["Task"]["Properties"]["ExecutionRoleArn"]
    assert found(RULE, resources) == [("error", f"{what}, but the task definition has no execution role")]


@pytest.mark.parametrize(
    "given",
    [{"Ref": "Open"}, {"Fn::ImportValue": "role"}, "arn:aws:iam::1:role/x"],
    ids=["parameter", "import", "text"],
)
def test_any_role_will_do(found, given):
    resources = on_fargate(role(), Secrets=SECRETS)
    resources["Task"]["Properties"]["ExecutionRoleArn"] = given
    assert found(RULE, resources, Parameters=PARAMETERS) == []


def test_images_and_logs_need_none_on_instances(found, task):
    assert found(RULE, task(Image=ECR, LogConfiguration=LOGS)) == []


def test_public_images_without_logs_need_none(found):
    resources = on_fargate(role(), Image="nginx:1.27")
    del resources["Task"]["Properties"]["ExecutionRoleArn"]
    assert found(RULE, resources) == []


def test_a_role_under_the_same_condition_as_the_secret_is_enough(found, task):
    only = {"Fn::If": ["A", [{"Name": "TOKEN", "ValueFrom": "/t"}], {"Ref": "AWS::NoValue"}]}
    resources = copy.deepcopy(task(Secrets=only))
    resources["Task"]["Properties"]["ExecutionRoleArn"] = {"Fn::If": ["A", "arn", {"Ref": "AWS::NoValue"}]}
    conditions = {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}
    assert found(RULE, resources, Parameters=PARAMETERS, Conditions=conditions) == []


def test_a_bare_list_of_containers_is_silent(report_of):
    findings = report_of([{"name": "api", "image": "api:1", "secrets": [{"name": "A", "valueFrom": "/a"}]}]).findings
    assert RULE not in {finding.rule for finding in findings}
