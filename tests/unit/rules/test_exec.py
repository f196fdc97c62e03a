import pytest

from tests.unit.rules.permissions import PARAMETERS, allow, on_fargate, role

ACTIONS = [f"ssmmessages:{name}Channel" for name in ("CreateControl", "CreateData", "OpenControl", "OpenData")]


def serving(task_role, enabled=True):
    service = {"TaskDefinition": {"Ref": "Task"}, "EnableExecuteCommand": enabled}
    return on_fargate(role(), {"Service": {"Type": "AWS::ECS::Service", "Properties": service}}, task_role)


@pytest.mark.parametrize("enabled", [True, "true"])
def test_exec_needs_a_task_role(found, enabled):
    message = "service `Service` enables ECS Exec, but task definition `Task` has no task role"
    assert found("exec-needs-task-role", serving(None, enabled)) == [("error", message)]


@pytest.mark.parametrize("enabled", [False, "false", {"Ref": "Open"}])
def test_without_exec_none_is_needed(found, enabled):
    assert found("exec-needs-task-role", serving(None, enabled), Parameters=PARAMETERS) == []


def test_a_role_that_is_not_known_is_one(found):
    resources = serving(None)
    resources["Task"]["Properties"]["TaskRoleArn"] = {"Ref": "Open"}
    assert found("exec-needs-task-role", resources, Parameters=PARAMETERS) == []


def test_exec_and_role_under_one_condition_go_together(found):
    nothing = {"Ref": "AWS::NoValue"}
    resources = serving(None, {"Fn::If": ["A", True, nothing]})
    resources["Task"]["Properties"]["TaskRoleArn"] = {"Fn::If": ["A", "arn:aws:iam::1:role/x", nothing]}
    conditions = {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}
    assert found("exec-needs-task-role", resources, Parameters=PARAMETERS, Conditions=conditions) == []


def test_the_missing_permissions_are_named(found):
    message = (
        "service `Service` enables ECS Exec, but its task role `TaskRole` has no permission "
        "`ssmmessages:CreateDataChannel` and `ssmmessages:OpenDataChannel`"
    )
    half = role(allow("ssmmessages:*ControlChannel"))
    assert found("exec-permissions", serving(half)) == [("warning", message)]


ENOUGH = {
    "all": role(allow(ACTIONS)),
    "wildcard": role(allow("ssmmessages:*")),
    "managed": role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]),
    "unknown": role(ManagedPolicyArns=[{"Ref": "Open"}]),
}


@pytest.mark.parametrize("case", ENOUGH)
def test_what_may_be_enough_is_silent(found, case):
    assert found("exec-permissions", serving(ENOUGH[case]), Parameters=PARAMETERS) == []


def test_nothing_is_needed_without_exec(found):
    assert found("exec-permissions", serving(role(), enabled=False)) == []
