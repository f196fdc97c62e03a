"""Lifecycle hooks: the contract with a function, and pauses."""

import pytest
from botocore.exceptions import ClientError

from roadworthy.errors import RoadworthyError
from roadworthy.testing import faults
from tests.unit.testing.plane_lab import Lab

STAGE = "POST_TEST_TRAFFIC_SHIFT"
TARGET = "arn:aws:lambda:eu-west-1:111122223333:function:gate"
REFUSED = f"Service deployment rolled back because {STAGE} lifecycle hook(s) failed. "


def lab_with(handler, stages=(STAGE,), **hook):
    """A blue/green service with one function."""
    lab = Lab(strategy="BLUE_GREEN", hooks=[{"hookTargetArn": TARGET, "lifecycleStages": list(stages), **hook}])
    lab.fake.add_function("gate", handler)
    return lab


def always(answer):
    return lambda _event, _context: answer


def test_a_function_is_told_what_it_needs():
    told = []
    lab = lab_with(lambda event, _context: told.append(event) or {"hookStatus": "SUCCEEDED"}, hookDetails={"tries": 12})
    ended = lab.deploy()
    assert told[0] == {
        "executionId": told[0]["executionId"],
        "lifecycleStage": STAGE,
        "resourceArn": ended["serviceDeploymentArn"],
        "executionDetails": {
            "serviceArn": ended["serviceArn"],
            "targetServiceRevisionArn": ended["targetServiceRevision"]["arn"],
            "testTrafficWeights": shares(ended, 100.0, 0.0),
            "productionTrafficWeights": shares(ended, 0.0, 100.0),
        },
        "hookDetails": {"tries": 12},
    }


def shares(deployment, target, source):
    arn = deployment["sourceServiceRevisions"][0]["arn"]
    return {deployment["targetServiceRevision"]["arn"]: target, arn: source}


def test_a_function_gets_the_context_of_lambda():
    seen = []
    lab = lab_with(lambda _event, context: seen.append(context) or {"hookStatus": "SUCCEEDED"})
    lab.deploy()
    assert (seen[0].function_name, seen[0].log_group_name) == ("gate", "/aws/lambda/gate")
    assert (seen[0].invoked_function_arn, seen[0].get_remaining_time_in_millis()) == (TARGET, 900_000)


def test_a_function_that_refuses_rolls_back():
    lab = lab_with(always({"hookStatus": "FAILED"}))
    assert lab.deploy()["statusReason"] == f"{REFUSED}Lifecycle hook target {TARGET} returned FAILED status."


@pytest.mark.parametrize("answer", [None, {}, "SUCCEEDED", {"status": "SUCCEEDED"}, [1]])
def test_an_answer_without_a_status_rolls_back(answer):
    why = f"ECS was unable to parse the response from {TARGET} due to HookStatus must not be null"
    assert lab_with(always(answer)).deploy()["statusReason"] == f"{REFUSED}{why}"


def test_a_function_that_raises_rolls_back_and_the_test_can_see_why():
    def crash(_event, _context):
        raise LookupError("no such table")

    lab = lab_with(crash)
    assert lab.deploy()["status"] == "ROLLBACK_SUCCESSFUL"
    assert [repr(error) for error in lab.fake.hook_errors] == ["LookupError('no such table')"]


def test_an_answer_that_is_not_json_rolls_back():
    lab = lab_with(always({"hookStatus": "SUCCEEDED", "hookDetails": {"at": object()}}))
    assert lab.deploy()["status"] == "ROLLBACK_SUCCESSFUL"


def test_a_function_that_does_not_exist_rolls_back():
    lab = Lab(strategy="BLUE_GREEN", hooks=[{"hookTargetArn": TARGET, "lifecycleStages": [STAGE]}])
    why = f"ECS was unable to invoke hook target {TARGET} due to Function not found: {TARGET}"
    assert lab.deploy()["statusReason"] == f"{REFUSED}{why}"


def test_a_function_is_called_again_until_it_is_done_and_gets_back_what_it_said():
    told = []

    def count(event, _context):
        told.append((lab.elapsed, event["hookDetails"]))
        tries = event["hookDetails"].get("tries", 0)
        return {"hookStatus": "SUCCEEDED" if tries == 2 else "IN_PROGRESS", "hookDetails": {"tries": tries + 1}}

    lab = lab_with(count, hookDetails={"table": "jobs"})
    assert lab.deploy()["status"] == "SUCCESSFUL"
    start = told[0][0]
    assert [at - start for at, _ in told] == [0, 30, 60]
    assert told[2][1] == {"table": "jobs", "tries": 2}


def test_a_function_says_when_it_is_to_be_called_again():
    told = []

    def soon(_event, _context):
        told.append(lab.elapsed)
        return {"hookStatus": "SUCCEEDED" if len(told) == 3 else "IN_PROGRESS", "callBackDelay": 5}

    lab = lab_with(soon)
    lab.deploy()
    assert [at - told[0] for at in told] == [0, 5, 10]


def test_a_function_may_take_its_time():
    def slow(_event, _context):
        lab.sleep(55)  # as a health gate of 12 tries every 5 seconds
        return {"hookStatus": "SUCCEEDED"}

    lab = lab_with(slow)
    assert lab.deploy()["status"] == "SUCCESSFUL"
    assert lab.elapsed > 55 + 60


def test_a_function_may_ask_aws():
    counts = []

    def look(event, _context):
        revision = event["executionDetails"]["targetServiceRevisionArn"]
        counts.append(lab.ecs.describe_service_revisions(serviceRevisionArns=[revision])["serviceRevisions"][0])
        return {"hookStatus": "SUCCEEDED"}

    lab = lab_with(look)
    lab.deploy()
    assert counts[0]["taskDefinition"].endswith("task-definition/api:1")


def test_a_function_that_stops_its_own_deployment_rolls_it_back():
    def stop(event, _context):
        if event["executionDetails"]["productionTrafficWeights"]:
            lab.ecs.stop_service_deployment(serviceDeploymentArn=event["resourceArn"])
        return {"hookStatus": "SUCCEEDED"}

    lab = lab_with(stop)
    assert lab.deploy()["status"] == "ROLLBACK_SUCCESSFUL"


def test_a_function_that_is_never_done_times_out():
    timeout = {"timeoutInMinutes": 2, "action": "ROLLBACK"}
    lab = lab_with(always({"hookStatus": "IN_PROGRESS"}), timeoutConfiguration=timeout)
    ended = lab.deploy()
    assert ended["statusReason"] == f"{REFUSED}Lifecycle hook target {TARGET} timed out."
    assert ended["lifecycleHookDetails"][0]["status"] == "TIMED_OUT"


def test_a_time_out_can_mean_to_go_on():
    timeout = {"timeoutInMinutes": 2, "action": "CONTINUE"}
    lab = lab_with(always({"hookStatus": "IN_PROGRESS"}), timeoutConfiguration=timeout)
    assert lab.deploy()["status"] == "SUCCESSFUL"


def test_all_hooks_of_a_stage_run_at_the_same_time():
    called = []
    waits = {"one": 40, "two": 50}

    def waiting(name):
        def handler(_event, _context):
            called.append((name, lab.elapsed))
            done = len([one for one, _ in called if one == name]) == 2
            return {"hookStatus": "SUCCEEDED" if done else "IN_PROGRESS", "callBackDelay": waits[name]}

        return handler

    targets = [f"arn:aws:lambda:eu-west-1:111122223333:function:{name}" for name in waits]
    lab = Lab(strategy="BLUE_GREEN", hooks=[{"hookTargetArn": one, "lifecycleStages": [STAGE]} for one in targets])
    lab.fake.hooks.update({name: waiting(name) for name in waits})
    assert lab.deploy()["status"] == "SUCCESSFUL"
    start = called[0][1]
    assert [(name, at - start) for name, at in called] == [("one", 0), ("two", 0), ("one", 40), ("two", 50)]


def test_one_failed_hook_is_enough():
    failing = {"hookTargetArn": TARGET.replace("gate", "fails"), "lifecycleStages": [STAGE]}
    lab = Lab(strategy="BLUE_GREEN", hooks=[{"hookTargetArn": TARGET, "lifecycleStages": [STAGE]}, failing])
    lab.fake.hooks.update({"gate": always({"hookStatus": "SUCCEEDED"}), "fails": always({"hookStatus": "FAILED"})})
    assert [one["status"] for one in lab.deploy()["lifecycleHookDetails"]] == ["SUCCEEDED", "FAILED"]


def test_a_scripted_hook_failure_names_its_stage():
    lab = Lab(faults.hook_failure("PRE_SCALE_UP"), strategy="BLUE_GREEN")
    ended = lab.deploy()
    assert ended["statusReason"].startswith(
        "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) fail"
    )
    assert ended["targetServiceRevision"]["runningTaskCount"] == 0


# Pauses -------------------------------------------------------------------------------------------------------------


def paused(**timeout):
    """A blue/green service whose deployment has paused: the lab, its ARN and the hook."""
    lab = Lab(faults.paused_hook("PRE_PRODUCTION_TRAFFIC_SHIFT", **timeout), strategy="BLUE_GREEN")
    arn = lab.update()
    lab.sleep(60)
    return lab, arn, lab.deployment(arn)["lifecycleHookDetails"][0]


def test_a_pause_waits_for_somebody():
    lab, arn, hook = paused(timeout_minutes=30)
    lab.sleep(600)
    assert (hook["status"], hook["targetType"], hook["timeoutAction"]) == ("AWAITING_ACTION", "PAUSE", "ROLLBACK")
    assert hook["expiresAt"].timestamp() - lab.start == pytest.approx(30 * 60 + 45, abs=5)
    assert lab.deployment(arn)["lifecycleStage"] == "PRE_PRODUCTION_TRAFFIC_SHIFT"


def test_a_pause_is_continued():
    lab, arn, hook = paused()
    lab.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"], action="CONTINUE")
    ended = lab.follow(arn)
    assert (ended["status"], ended["lifecycleHookDetails"][0]["status"]) == ("SUCCESSFUL", "SUCCEEDED")


def test_a_pause_is_rejected():
    lab, arn, hook = paused()
    lab.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"], action="ROLLBACK")
    assert lab.follow(arn)["status"] == "ROLLBACK_SUCCESSFUL"


def test_a_pause_that_nobody_ends_times_out():
    lab, arn, _hook = paused(timeout_minutes=2)
    ended = lab.follow(arn)
    assert ended["statusReason"] == (
        "Service deployment rolled back because PRE_PRODUCTION_TRAFFIC_SHIFT pause hook timed out."
    )


def test_a_linear_deployment_pauses_before_each_step():
    lab = Lab(faults.paused_hook("PRE_PRODUCTION_TRAFFIC_SHIFT"), strategy="LINEAR", step_percent=50)
    arn, pauses = lab.update(), 0
    while lab.deployment(arn)["status"] in {"PENDING", "IN_PROGRESS"}:
        lab.sleep(30)
        for hook in lab.deployment(arn)["lifecycleHookDetails"]:
            if hook["status"] == "AWAITING_ACTION":
                pauses += 1
                lab.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"])
    assert pauses == 2


@pytest.mark.parametrize(
    ("hook", "message"),
    [
        ("pause-1", "Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}"),
        ("ecs-pause-1", "Provided hookId is either completed, unavailable, or not associated with the given Resource"),
    ],
)
def test_continuing_with_a_wrong_hook_is_refused(hook, message):
    lab, arn, _hook = paused()
    with pytest.raises(ClientError, match="InvalidParameterException") as refused:
        lab.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook)
    assert message in str(refused.value)


def test_continuing_what_has_ended_is_refused():
    lab, arn, hook = paused(timeout_minutes=1)
    lab.follow(arn)
    with pytest.raises(ClientError, match="is not allowed for service deployment in terminal states"):
        lab.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"])


def test_a_rolling_service_has_no_hooks_to_script():
    with pytest.raises(RoadworthyError, match="`api` is rolling, and a rolling deployment has no lifecycle hooks"):
        Lab(faults.paused_hook("PRE_SCALE_UP"))
