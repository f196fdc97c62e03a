import pytest

from roadworthy.testing import faults

ACTIONS = {
    "ecs:DescribeTaskDefinition": "definition-rules",
    "ecs:ListTasks": "image-pulled",
    "ecs:ListServiceDeployments": "last-deployment",
    "elasticloadbalancing:DescribeTargetGroups": "health-checks-agree",
    "elasticloadbalancing:DescribeTargetHealth": "targets-healthy",
    "elasticloadbalancing:DescribeLoadBalancers": "network-path",
    "ec2:DescribeSecurityGroups": "network-path",
    "ec2:DescribeSubnets": "subnet-addresses",
    "ecr:DescribeImages": "image-in-registry",
    "logs:DescribeLogGroups": "log-groups-exist",
    "servicequotas:GetServiceQuota": "vcpu-quota",
    "cloudwatch:DescribeAlarms": "deployment-alarms",
}


@pytest.mark.parametrize(("action", "check"), ACTIONS.items())
def test_a_check_that_may_not_ask_is_skipped_and_names_the_iam_action(account, diagnosed, action, check):
    fake = account(alarms=["api-5xx"])
    fake.aws.deny(action)
    (verdict,) = diagnosed(fake, check).verdicts
    assert (verdict.status.value, verdict.skips[-1].action) == ("skipped", action)


def test_a_log_that_may_not_be_read_is_a_note(account, diagnosed):
    fake = account()
    fake.aws.deny("logs:GetLogEvents")
    fake.deploy(faults.crash_loop())
    (verdict,) = diagnosed(fake, "application-started").verdicts
    assert verdict.problems[0].note == "its log cannot be read: the credentials lack logs:GetLogEvents"


def test_without_deployments_what_the_service_itself_tells_is_enough(account, diagnosed):
    fake = account()
    fake.deploy(faults.crash_loop() & faults.no_circuit_breaker(), seconds=90)
    fake.aws.deny("ecs:ListServiceDeployments")
    assert diagnosed(fake).root_cause.problem.kind == "container-exited"


def test_a_check_that_breaks_is_skipped_and_ends_nothing(account, diagnosed, monkeypatch):
    monkeypatch.setattr("roadworthy.operations.diagnose.live.Live.deployment", property(lambda live: 1 / 0))
    (verdict,) = diagnosed(account(), "last-deployment").verdicts
    assert verdict.skips[0].why == "the check could not finish: ZeroDivisionError"
