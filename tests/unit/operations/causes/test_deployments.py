import pytest

from roadworthy.operations.causes import cause_of_deployment
from roadworthy.operations.ecs.service_deployment import ServiceDeployment

ROLLED_BACK = "Service deployment rolled back because "


def cause(status="ROLLBACK_SUCCESSFUL", reason="", **raw):
    found = cause_of_deployment(ServiceDeployment.parse({"status": status, "statusReason": reason, **raw}))
    return found and (found.kind, found.what, found.next_step)


CASES = {
    "the circuit breaker": (
        f"{ROLLED_BACK}the circuit breaker threshold was exceeded.",
        "circuit-breaker",
        "ECS gave the deployment up because its tasks failed",
        "Look at why its tasks stopped",
    ),
    "a hook that said no": (
        f"{ROLLED_BACK}PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target "
        "arn:aws:lambda:us-west-2:111122223333:function:migrate returned FAILED status.",
        "hook-failed",
        "a lifecycle hook (function `migrate`) rejected the deployment at `PRE_SCALE_UP`",
        "Read the log of function `migrate`",
    ),
    "a hook that nobody may invoke": (
        f"{ROLLED_BACK}TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ECS was unable to invoke hook target x due to "
        "User: arn:aws:sts::111122223333:assumed-role/hooks/ECS is not authorized to perform: lambda:InvokeFunction on "
        "resource: arn:aws:lambda:us-west-2:111122223333:function:migrate because no identity-based policy allows it",
        "permission-missing",
        "role `hooks` lacks lambda:InvokeFunction on `arn:aws:lambda:us-west-2:111122223333:function:migrate`",
        "Allow lambda:InvokeFunction on `arn:aws:lambda:us-west-2:111122223333:function:migrate` to role `hooks`",
    ),
    "a hook's role": (
        f"{ROLLED_BACK}TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ECS was unable to assume role "
        "arn:aws:iam::111122223333:role/hooks",
        "role-not-assumable",
        "ECS cannot assume role `hooks` of a lifecycle hook",
        "Let `ecs.amazonaws.com` assume role `hooks`: correct its trust policy",
    ),
    "target groups that no rule names": (
        f"{ROLLED_BACK}of invalid networking configuration. Both targetGroup and alternateTargetGroup must be "
        "associated with the productionListenerRule or testListenerRule.",
        "listener-misconfigured",
        "the service's listener rules and target groups do not fit together",
        "Attach both target groups to the production or the test listener rule, and no other",
    ),
}


@pytest.mark.parametrize(("reason", "kind", "what", "next_step"), CASES.values(), ids=CASES)
def test_why_a_deployment_was_rolled_back(reason, kind, what, next_step):
    assert cause(reason=reason) == (kind, what, next_step)


def test_the_alarms_that_went_off_are_named():
    reason = f"{ROLLED_BACK}of one or more active alarms."
    found = cause(reason=reason, alarms={"triggeredAlarmNames": ["api-5xx", "api-latency"]})
    assert found[:2] == ("deployment-alarm", "`api-5xx`, `api-latency` went off during the deployment")


def test_one_that_another_replaced_is_told_as_that():
    assert cause("STOPPED", "Replaced by a new service deployment.")[0] == "replaced"


@pytest.mark.parametrize("status", ["SUCCESSFUL", "PENDING", "IN_PROGRESS"])
def test_one_that_succeeded_or_goes_forward_has_no_cause(status):
    assert cause(status, "whatever ECS says") is None


def test_what_nobody_knows_is_told_in_the_words_of_ecs():
    assert cause("ROLLBACK_FAILED", "The moon is full.")[:2] == ("other", "The moon is full")


def test_the_sixth_deployment_is_told_of_by_its_event(event):
    found = event("5 active deployments exist, unable to create new deployment.")
    assert found == (
        "deployment-pile-up",
        "5 deployments of the service are unfinished, and ECS starts no further one",
        "Wait until the older ones have stopped their tasks, or end the tasks' scale-in protection",
    )


def test_percentages_without_room_are_told_of_by_their_event(event):
    message = (
        "(service api) was unable to stop or start tasks during a deployment because of the service deployment "
        "configuration. Update the minimumHealthyPercent or maximumPercent value and try again."
    )
    assert event(message)[:2] == (
        "rounding-deadlock",
        "minimumHealthyPercent and maximumPercent leave no room to start or stop a task",
    )


def test_protected_tasks_that_keep_a_deployment_from_ending_are_told_of(event):
    message = (
        "(service api) was unable to reach steady state because task set (ecs-svc/01) was unable to scale in. Reason: "
        "The number of protected tasks are more than the desired count of tasks"
    )
    assert event(message) == (
        "protected-tasks",
        "tasks with scale-in protection keep the deployment from ending",
        "Wait until the protection is over, or end it: UpdateTaskProtection",
    )
