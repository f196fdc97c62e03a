import argparse
import contextlib
import io
import json
import subprocess
import sys

import pytest

from roadworthy.cli.operate import permissions
from roadworthy.operations.permissions import VERBS, On, Target, UnknownVerbError, statements

TARGET = Target(
    region="eu-west-1",
    account="111122223333",
    cluster="shop-stage-cluster",
    service="api-stage",
    log_groups=["/ecs/api"],
    repositories=["arn:aws:ecr:eu-west-1:111122223333:repository/api"],
    roles=["arn:aws:iam::111122223333:role/task"],
)
ECS = "arn:aws:ecs:eu-west-1:111122223333"
READING = {"list", "status", "watch", "logs", "events", "history", "show", "diagnose"}
WRITES = ("Update", "Register", "Stop", "Pass", "Put", "Delete", "Create")


def allowed(verb: str, target: Target = TARGET) -> dict[str, set[str]]:
    """Action -> on which resources."""
    found: dict[str, set[str]] = {}
    for statement in statements([verb], target):
        for action in statement["Action"]:
            found.setdefault(action, set()).update(statement["Resource"])
    return found


def test_restart_updates_this_service_and_no_other():
    assert allowed("restart")["ecs:UpdateService"] == {f"{ECS}:service/shop-stage-cluster/api-stage"}


def test_a_rollback_stops_the_deployments_of_this_service_alone():
    found = allowed("rollback")["ecs:StopServiceDeployment"]
    assert found == {f"{ECS}:service-deployment/shop-stage-cluster/api-stage/*"}


def test_events_need_one_action():
    assert allowed("events") == {"ecs:DescribeServices": {f"{ECS}:service/shop-stage-cluster/api-stage"}}


def test_actions_that_take_no_resource_are_bound_to_the_cluster():
    (statement,) = [found for found in statements(["list"], TARGET) if "ecs:ListServices" in found["Action"]]
    assert statement["Resource"] == ["*"]
    assert statement["Condition"] == {"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/shop-stage-cluster"}}


def test_a_deployment_passes_the_services_own_roles_to_ecs_tasks_alone():
    (statement,) = [found for found in statements(["deploy"], TARGET) if found["Action"] == ["iam:PassRole"]]
    assert statement["Resource"] == list(TARGET.roles)
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


@pytest.mark.parametrize("verb", sorted(READING))
def test_a_verb_that_reads_may_change_nothing(verb):
    assert not [action for action in allowed(verb) if action.split(":")[1].startswith(WRITES)]


@pytest.mark.parametrize("verb", sorted(set(VERBS) - READING))
def test_a_verb_that_writes_may_change_something(verb):
    assert [action for action in allowed(verb) if action.split(":")[1].startswith(WRITES)]


def test_what_the_target_does_not_name_is_not_allowed():
    bare = Target(region="eu-west-1", account="111122223333", cluster="c", service="s")
    assert "ecr:DescribeImages" not in allowed("deploy", bare)
    assert "iam:PassRole" not in allowed("deploy", bare)


def test_verbs_together_allow_what_each_allows_once():
    both = statements(["logs", "events"], TARGET)
    assert [statement["Sid"] for statement in both] == ["Service", "LogGroups", "Anything"]


def test_an_unknown_verb_is_refused_with_those_that_there_are():
    with pytest.raises(UnknownVerbError, match="'restrat' is none of list, status, watch"):
        statements(["restrat"], TARGET)


def test_only_what_iam_cannot_narrow_is_allowed_on_everything():
    free = {action for permissions in VERBS.values() for action, on in permissions if on is On.ANYTHING}
    assert free == {
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ecr:DescribePullThroughCacheRules",
        "ecr:GetAuthorizationToken",
        "ecs:DeregisterTaskDefinition",
        "ecs:DescribeTaskDefinition",
        "ecs:RegisterTaskDefinition",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "servicequotas:GetServiceQuota",
    }


def policy(*arguments: str) -> dict[str, object]:
    """Sid -> resources, of what `roadworthy permissions` prints."""
    parser = argparse.ArgumentParser()
    permissions.configure(parser)
    where = ("--cluster", "c", "--region", "eu-west-1")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        permissions.run(parser.parse_args([*arguments, *where]))
    return {each["Sid"]: each["Resource"] for each in json.loads(out.getvalue())["Statement"]}


def test_the_command_takes_secrets_and_parameters():
    found = policy("deploy", "--secret", "arn:one", "--secret", "arn:two", "--parameter", "arn:three")
    assert (found["Secrets"], found["Parameters"]) == (["arn:one", "arn:two"], ["arn:three"])


def test_what_the_command_was_not_told_is_written_in_capitals():
    found = policy("deploy")
    assert (found["Secrets"], found["Parameters"], found["Roles"]) == (["SECRET_ARN"], ["PARAMETER_ARN"], ["ROLE_ARN"])


def test_the_table_imports_neither_cdk_nor_boto3():
    code = "import roadworthy.operations.permissions, sys; print({'aws_cdk', 'boto3'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "set()"
