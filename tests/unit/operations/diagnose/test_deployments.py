import pytest

from roadworthy.testing import faults

CASES = {
    "circuit breaker": (
        faults.crash_loop(1),
        "the last deployment was rolled back: ECS gave the deployment up because its tasks failed",
        "Look at why its tasks stopped",
    ),
    "rollback failed": (
        faults.crash_loop(1) & faults.rollback_fails(),
        "the last deployment failed, and ECS could not roll it back",
        "Look at why its tasks stopped, and deploy a revision that runs",
    ),
    "rolled back by somebody": (
        faults.rolled_back(30),
        "the last deployment was rolled back: somebody asked for that",
        "Ask who did, before you deploy again",
    ),
    "alarm": (
        faults.alarm_red(after=20),
        "the last deployment was rolled back: `api-5xx` went off during the deployment",
        "See why the alarm went off before you deploy again",
    ),
}


@pytest.mark.parametrize(("fault", "what", "next_step"), CASES.values(), ids=CASES)
def test_a_deployment_that_failed_says_why(account, found, fault, what, next_step):
    fake = account(alarms=["api-5xx"])
    fake.deploy(fault)
    (problem,) = found(fake, "last-deployment")
    assert (problem[0], *problem[2:]) == ("error", what, next_step)


def test_a_deployment_that_somebody_stopped_is_told_but_not_bad(account, found):
    fake = account()
    fake.deploy(faults.stopped(30))
    (problem,) = found(fake, "last-deployment")
    assert (problem[0], problem[2]) == ("warning", "the last deployment was stopped: somebody asked for that")


def test_a_deployment_that_another_replaced_is_nothing_wrong(account, found):
    fake = account()
    fake.deploy(faults.replaced(30))
    assert found(fake, "last-deployment") == []


def test_a_deployment_that_waits_for_an_approval_says_so(account, found):
    fake = account(strategy="BLUE_GREEN", load_balancer=True)
    fake.deploy(faults.paused_hook("POST_SCALE_UP"), seconds=120)
    (problem,) = found(fake, "last-deployment")
    assert problem[:2] == ("warning", "deployment-paused")


def test_a_hook_that_rejected_is_named(account, found):
    fake = account(strategy="BLUE_GREEN", load_balancer=True)
    fake.deploy(faults.hook_failure("POST_SCALE_UP"))
    (problem,) = found(fake, "last-deployment")
    assert problem[1] == "hook-failed"
    assert "`POST_SCALE_UP`" in problem[2]


def test_five_unfinished_deployments_are_a_pile_up(account, found):
    fake = account()
    fake.script("api", faults.five_active_deployments())
    assert found(fake, "deployments-in-progress") == [
        (
            "error",
            "deployment-pile-up",
            "5 deployments of the service are unfinished, and ECS starts no further one",
            "Wait until the older ones have stopped their tasks, or end the tasks' scale-in protection",
        )
    ]


def test_two_deployments_in_progress_are_named_by_their_task_definitions(account, found):
    fake = account()
    fake.deploy(faults.never_starts(), seconds=10)
    fake.deploy(faults.never_starts(), seconds=10)
    (problem,) = found(fake, "deployments-in-progress")
    assert problem[1:3] == (
        "several-deployments",
        "2 deployments are in progress at the same time, of `api:1`, `api:1`",
    )


def test_a_rollback_under_way_is_no_second_deployment(account, found):
    fake = account()
    fake.deploy(faults.rolled_back(30), seconds=35)
    assert found(fake, "deployments-in-progress") == []


def test_percentages_that_leave_no_room_are_told_of(account, found):
    fake = account(minimum_healthy_percent=100, maximum_percent=150, desired=1)
    fake.deploy()
    assert ("error", "rounding-deadlock") in [problem[:2] for problem in found(fake, "service-events")]


def test_a_service_that_codedeploy_deploys_is_told_as_that(account, diagnosed):
    fake = account()
    service = dict(fake.session().client("ecs").describe_services(cluster="shop", services=["api"])["services"][0])
    del service["taskDefinition"], service["deployments"]
    service["deploymentController"] = {"type": "CODE_DEPLOY"}
    fake.backend.register("ecs", "DescribeServices", lambda asked: {"services": [service]})
    why = {verdict.check.id: verdict.skips[0].why for verdict in diagnosed(fake).verdicts if verdict.skips}
    assert why["last-deployment"] == "CODE_DEPLOY deploys the service"
    assert why["definition-rules"] == "CODE_DEPLOY deploys the service: it has no task definition of its own"
