"""Rolling deployments: how they succeed, and how each fault shows."""

from itertools import pairwise

import pytest

from roadworthy.testing import faults
from tests.unit.testing.plane_lab import HOUR, IMAGE, Lab

BREAKER = "Service deployment rolled back because the circuit breaker threshold was exceeded."


def test_a_deployment_succeeds_and_says_so():
    lab = Lab()
    arn = lab.update()
    assert lab.deployment(arn)["status"] == "PENDING"
    lab.sleep(5)
    assert lab.deployment(arn)["status"] == "IN_PROGRESS"
    assert lab.follow(arn)["status"] == "SUCCESSFUL"
    assert lab.events()[-2:] == [f"(deployment {lab.service()['deployments'][0]['id']}) deployment completed.", STEADY]


STEADY = "has reached a steady state."


def test_while_it_goes_on_the_new_deployment_is_primary_and_the_old_one_active():
    lab = Lab()
    lab.update()
    lab.sleep(25)
    seen = [(one["status"], one["rolloutState"], one["runningCount"]) for one in lab.service()["deployments"]]
    assert seen == [("PRIMARY", "IN_PROGRESS", 2), ("ACTIVE", "COMPLETED", 2)]


def test_old_tasks_stop_only_when_new_ones_are_healthy():
    lab = Lab(start_seconds=20, healthy_seconds=30)
    lab.update()
    lab.sleep(50)
    assert lab.service()["runningCount"] == 4
    lab.sleep(2)
    assert lab.service()["runningCount"] == 2


def test_the_percentages_bound_how_many_tasks_there_are():
    lab = Lab(desired=4, minimum_healthy_percent=50, maximum_percent=100)
    arn, most, least = lab.update(), 0, 4
    while lab.deployment(arn)["status"] != "SUCCESSFUL":
        service = lab.service()
        most, least = max(most, service["runningCount"] + service["pendingCount"]), min(least, service["runningCount"])
        lab.sleep(1)
    assert (least, most) == (2, 4)


def test_percentages_that_leave_no_room_block_for_ever():
    lab = Lab(desired=1, minimum_healthy_percent=100, maximum_percent=150)
    assert lab.deploy()["status"] == "IN_PROGRESS"
    blocked = [event for event in lab.events() if event.startswith("was unable to stop or start tasks")]
    assert blocked == [
        "was unable to stop or start tasks during a deployment because of the service deployment configuration. "
        "Update the minimumHealthyPercent or maximumPercent value and try again."
    ]


@pytest.mark.parametrize(
    ("fault", "stop_code", "reason", "exit_code"),
    [
        (faults.pull_error(), "TaskFailedToStart", f"failed to resolve ref {IMAGE}: {IMAGE}: not found", None),
        (faults.crash_loop(3), "EssentialContainerExited", "Essential container in task exited", 3),
        (faults.out_of_memory(), "EssentialContainerExited", "Essential container in task exited", 137),
        (faults.failed_health_checks(), "ServiceSchedulerInitiated", "Task failed container health checks", 137),
        (
            faults.failed_health_checks("Target.Timeout"),
            "ServiceSchedulerInitiated",
            "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:111122223333:"
            "targetgroup/api/0000000000000001)",
            137,
        ),
        (
            faults.secret_missing(),
            "TaskFailedToStart",
            "not authorized to perform: secretsmanager:GetSecretValue",
            None,
        ),
        (faults.secret_missing(denied=False), "TaskFailedToStart", "can't find the specified secret.", None),
        (faults.log_group_missing(), "TaskFailedToStart", "The specified log group does not exist.", None),
        (faults.no_addresses(), "TaskFailedToStart", "InsufficientFreeAddressesInSubnet", None),
    ],
)
def test_a_fault_stops_the_tasks_and_the_circuit_breaker_rolls_back(fault, stop_code, reason, exit_code):
    lab = Lab(fault)
    ended = lab.deploy()
    task = lab.failed()[0]
    assert (ended["status"], ended["statusReason"]) == ("ROLLBACK_SUCCESSFUL", BREAKER)
    assert (task["stopCode"], task["containers"][0].get("exitCode")) == (stop_code, exit_code)
    assert reason in task["stoppedReason"]
    assert "{" not in task["stoppedReason"]


def test_out_of_memory_is_told_by_the_container():
    lab = Lab(faults.out_of_memory())
    lab.deploy()
    reason = lab.failed()[0]["containers"][0]["reason"]
    assert reason == "OutOfMemoryError: Container killed due to memory usage"


def test_a_secret_is_named_as_the_task_definition_has_it():
    secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
    lab = Lab(faults.secret_missing(), container={"secrets": [{"name": "PASSWORD", "valueFrom": secret}]})
    lab.deploy()
    reason = lab.failed()[0]["stoppedReason"]
    assert f"on resource: {secret} because" in reason
    assert "assumed-role/api-execution/" in reason


def test_a_crashing_container_leaves_its_last_lines():
    lab = Lab(faults.crash_loop(1, logs=["starting", "KeyError: 'DB_HOST'"]))
    lab.deploy()
    task = lab.failed()[0]["taskArn"].rpartition("/")[2]
    lines = lab.fake.logs.groups["/ecs/api"][f"ecs/api/{task}"]
    assert [line.message for line in lines] == ["starting", "KeyError: 'DB_HOST'"]


def test_a_target_is_seen_to_be_unhealthy_before_its_task_is_stopped():
    lab = Lab(faults.failed_health_checks("Target.ResponseCodeMismatch", after=30))
    lab.update()
    lab.sleep(1 + 20 + 20)
    task = lab.tasks()[0]["taskArn"].rpartition("/")[2]
    group = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/api/0000000000000001"
    why = "Health checks failed with these codes: [404]"
    assert f"(task {task}) (port 8080) is unhealthy in (target-group {group}) due to (reason {why})." in lab.events()


def test_without_capacity_no_task_is_placed_and_the_events_say_why():
    lab = Lab(faults.no_capacity())
    assert lab.deploy()["statusReason"] == BREAKER
    text = "Capacity is unavailable at this time. Please try again later or in a different availability zone."
    assert f"was unable to place a task. Reason: {text}" in lab.events()
    assert lab.failed() == []


def test_a_slow_start_takes_its_time_and_succeeds():
    lab = Lab(faults.slow_start(300))
    assert lab.deploy()["status"] == "SUCCESSFUL"
    assert lab.elapsed > 300


def test_tasks_that_never_start_fail_nothing_and_end_nothing():
    lab = Lab(faults.never_starts())
    ended = lab.deploy()
    assert (ended["status"], ended["deploymentCircuitBreaker"]["failureCount"]) == ("IN_PROGRESS", 0)
    assert lab.service()["deployments"][0]["pendingCount"] == 2


def test_the_rollback_is_told_as_ecs_tells_it():
    lab = Lab(faults.crash_loop())
    old = lab.service()["deployments"][0]["id"]
    arn = lab.update()
    new = lab.service()["deployments"][0]["id"]
    lab.follow(arn)
    events = lab.events()
    failed = events.index(f"(deployment {new}) deployment failed: tasks failed to start.")
    assert events[failed + 1] == f"rolling back to deployment {old}."
    assert events[-1] == "has reached a steady state."


def test_during_the_rollback_the_old_revision_is_primary_again_and_the_failed_one_says_why():
    lab = Lab(faults.crash_loop())
    old, arn = lab.service()["deployments"][0], lab.update()
    while lab.deployment(arn)["status"] != "ROLLBACK_IN_PROGRESS":
        lab.sleep(1)
    back, failed = lab.service()["deployments"]
    assert back["rolloutStateReason"] == f"ECS deployment circuit breaker: rolling back to deploymentId {old['id']}."
    assert (back["taskDefinition"], back["runningCount"]) == (old["taskDefinition"], 2)
    assert failed["rolloutStateReason"] == "ECS deployment circuit breaker: tasks failed to start."
    assert failed["rolloutState"] == "FAILED"


def test_a_rollback_names_the_revision_that_it_brings_back():
    lab = Lab(faults.crash_loop())
    former = lab.service()["currentServiceRevisions"][0]["arn"]
    ended = lab.deploy(taskDefinition=lab.register("api:broken"))
    assert ended["rollback"]["serviceRevisionArn"] == former
    assert ended["rollback"]["reason"] == BREAKER
    assert lab.service()["taskDefinition"].endswith("task-definition/api:1")


def test_the_next_deployment_meets_the_next_fault():
    lab = Lab(faults.crash_loop(), faults.none(), faults.pull_error())
    statuses = [lab.deploy()["status"] for _ in range(4)]
    assert statuses == ["ROLLBACK_SUCCESSFUL", "SUCCESSFUL", "ROLLBACK_SUCCESSFUL", "SUCCESSFUL"]


def test_one_failed_task_is_replaced_and_does_not_fail_the_deployment():
    lab = Lab(faults.crash_loop(tasks=1))
    assert lab.deploy()["status"] == "SUCCESSFUL"
    assert len(lab.failed()) == 1


def test_without_a_circuit_breaker_a_failing_deployment_goes_on():
    lab = Lab(faults.crash_loop() & faults.no_circuit_breaker())
    ended = lab.deploy()
    assert (ended["status"], ended["deploymentCircuitBreaker"]["status"]) == ("IN_PROGRESS", "DISABLED")
    assert lab.service()["deployments"][0]["failedTasks"] > 100


def test_tasks_that_never_run_are_tried_again_less_and_less_often():
    lab = Lab(faults.pull_error(), desired=1, circuit_breaker=False)
    lab.deploy()
    starts = sorted(task["createdAt"].timestamp() for task in lab.failed())
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > 600


def test_a_failed_rollback_is_the_end():
    lab = Lab(faults.pull_error() & faults.rollback_fails())
    ended = lab.deploy()
    assert (ended["status"], ended["statusReason"]) == (
        "ROLLBACK_FAILED",
        "The rollback failed: tasks failed to start.",
    )


def test_a_rollback_that_protected_tasks_hold_up_fails_after_a_day():
    lab = Lab(faults.five_active_deployments())
    arn = lab.service()["currentServiceDeployment"]
    lab.ecs.stop_service_deployment(serviceDeploymentArn=arn)
    lab.sleep(23 * HOUR)
    assert lab.deployment(arn)["status"] == "ROLLBACK_IN_PROGRESS"
    lab.sleep(2 * HOUR)
    assert lab.deployment(arn)["status"] == "ROLLBACK_FAILED"


def test_a_first_deployment_has_nothing_to_go_back_to():
    lab = Lab(deployed=False)
    first = lab.service()["currentServiceDeployment"]
    lab.ecs.stop_service_deployment(serviceDeploymentArn=first)
    ended = lab.follow(first)
    assert (ended["status"], ended["sourceServiceRevisions"]) == ("ROLLBACK_FAILED", [])
    assert ended["statusReason"] == "No rollback candidate was found to run the rollback."


def test_an_alarm_rolls_back():
    lab = Lab(faults.alarm_red("api-5xx", after=20), alarms=["api-5xx"])
    ended = lab.deploy()
    assert ended["statusReason"] == "Service deployment rolled back because of one or more active alarms."
    assert ended["alarms"] == {"status": "TRIGGERED", "alarmNames": ["api-5xx"], "triggeredAlarmNames": ["api-5xx"]}


def test_an_alarm_that_is_red_at_the_start_is_ignored():
    lab = Lab(faults.alarm_red(at_start=True), alarms=["api-5xx"])
    assert lab.deploy()["status"] == "SUCCESSFUL"
    assert lab.fake.plane.alarms == {"api-5xx": "ALARM"}


def test_an_alarm_during_the_bake_time_rolls_back():
    lab = Lab(alarms=["api-5xx"], bake_minutes=5)
    arn = lab.update()
    lab.sleep(120)
    assert lab.service()["runningCount"] == 2
    lab.fake.set_alarm("api-5xx")
    assert lab.follow(arn)["status"] == "ROLLBACK_SUCCESSFUL"


def test_somebody_else_replaces_it():
    lab = Lab(faults.replaced(after=15))
    ended = lab.deploy()
    assert (ended["status"], ended["statusReason"]) == ("STOPPED", "Replaced by a new service deployment.")
    assert lab.service()["currentServiceDeployment"] != ended["serviceDeploymentArn"]


def test_somebody_else_who_is_refused_changes_nothing():
    lab = Lab(faults.replaced(after=15))
    arn = lab.update()
    lab.fake.script("api", faults.five_active_deployments())
    former = lab.service()["currentServiceDeployment"]
    lab.sleep(60)
    assert former != arn
    assert lab.service()["currentServiceDeployment"] == former


def test_somebody_else_rolls_it_back():
    lab = Lab(faults.rolled_back(after=15))
    assert lab.deploy()["status"] == "ROLLBACK_SUCCESSFUL"


def test_somebody_else_stops_it_without_a_rollback():
    lab = Lab(faults.stopped(after=15))
    ended = lab.deploy()
    assert ended["status"] == "STOPPED"
    assert ended["stoppedAt"] == ended["finishedAt"]


def test_a_stop_is_requested_then_done():
    lab = Lab()
    arn = lab.update()
    lab.sleep(10)
    lab.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    assert lab.deployment(arn)["status"] == "ROLLBACK_REQUESTED"
    lab.sleep(2)
    assert lab.deployment(arn)["status"] == "ROLLBACK_IN_PROGRESS"
    assert lab.follow(arn)["status"] == "ROLLBACK_SUCCESSFUL"


def test_a_circuit_breaker_without_rollback_stops():
    lab = Lab(faults.crash_loop())
    breaker = {"enable": True, "rollback": False}
    lab.ecs.update_service(cluster="shop", service="api", deploymentConfiguration={"deploymentCircuitBreaker": breaker})
    assert lab.deploy()["status"] == "STOPPED"
    assert lab.service()["deployments"][0]["rolloutState"] == "FAILED"


@pytest.mark.parametrize(
    ("threshold", "desired", "expected"),
    [
        (None, 1, 3),
        (None, 10, 5),
        (None, 1000, 200),
        ({"type": "COUNT", "value": 2}, 10, 2),
        ({"type": "BOUNDED_PERCENT", "value": 10}, 10, 3),
        ({"type": "UNBOUNDED_PERCENT", "value": 10}, 10, 1),
    ],
)
def test_the_threshold_is_that_of_ecs(threshold, desired, expected):
    lab = Lab(faults.never_starts(), desired=desired)
    breaker = {"enable": True, "rollback": True} | ({"thresholdConfiguration": threshold} if threshold else {})
    arn = lab.update(forceNewDeployment=True, deploymentConfiguration={"deploymentCircuitBreaker": breaker})
    assert lab.deployment(arn)["deploymentCircuitBreaker"]["threshold"] == expected


def test_a_sixth_active_deployment_is_refused():
    lab = Lab(faults.five_active_deployments())
    statuses = [one["status"] for one in lab.service()["deployments"]]
    assert statuses == ["PRIMARY", *["ACTIVE"] * 4]
    with pytest.raises(lab.ecs.exceptions.InvalidParameterException) as refused:
        lab.update()
    assert "5 active deployments exist, unable to create new deployment." in str(refused.value)


def test_active_deployments_end_when_their_tasks_are_no_longer_protected():
    lab = Lab(faults.five_active_deployments(released_after=600))
    ended = lab.follow(lab.service()["currentServiceDeployment"], limit=2 * HOUR)
    assert ended["status"] == "SUCCESSFUL"
    assert lab.elapsed > 600
    assert len(lab.service()["deployments"]) == 1


def test_a_fifth_deployment_is_still_accepted():
    lab = Lab(faults.five_active_deployments(count=4))
    lab.update()
    assert len(lab.service()["deployments"]) == 5


def test_the_pointer_to_the_current_deployment_can_be_stale():
    lab = Lab(faults.stale_pointer(10))
    former = lab.service()["currentServiceDeployment"]
    assert lab.update() == former
    lab.sleep(10)
    assert lab.service()["currentServiceDeployment"] != former


def test_two_faults_befall_one_deployment_together():
    both = faults.slow_start(100) & faults.replaced(after=50)
    assert (both.start, both.replaced_after) == (100, 50)


def test_the_same_script_gives_the_same_answers():
    def run() -> list[str]:
        lab = Lab(faults.crash_loop(), faults.pull_error(tasks=1))
        return [lab.deploy()["serviceDeploymentArn"], lab.deploy()["status"], *lab.events()]

    assert run() == run()
