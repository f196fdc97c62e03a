"""Tasks: their lives, those of services, those on their own, and their protection."""

import pytest

from roadworthy.testing import faults
from tests.unit.testing.plane_lab import HOUR, Lab


def test_a_task_goes_through_its_life():
    lab = Lab(desired=1, start_seconds=30, stop_seconds=30)
    lab.update()
    task, seen = None, []
    while (status := status_of(lab, task)) != "STOPPED":
        seen.append(status)
        lab.sleep(1)
        new = [one["taskArn"] for one in lab.tasks() if one["startedBy"] == lab.service()["deployments"][0]["id"]]
        task = task or (new[0] if new else None)
        if status == "RUNNING" and task:
            lab.ecs.stop_task(cluster="shop", task=task)
    order = ["", "PROVISIONING", "PENDING", "ACTIVATING", "RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING"]
    assert list(dict.fromkeys(seen)) == order


def status_of(lab, arn):
    return lab.ecs.describe_tasks(cluster="shop", tasks=[arn])["tasks"][0]["lastStatus"] if arn else ""


def test_a_running_task_has_its_times_and_its_address():
    lab = Lab(desired=1)
    task = lab.tasks()[0]
    assert task["createdAt"] < task["startedAt"]
    assert task["attachments"][0]["details"] == [{"name": "privateIPv4Address", "value": "10.0.0.5"}]
    assert (task["group"], task["lastStatus"], task["launchType"]) == ("service:api", "RUNNING", "FARGATE")


def test_a_container_with_a_health_check_is_healthy():
    check = {"command": ["CMD-SHELL", "curl -f http://localhost:8080/health"]}
    lab = Lab(desired=1, container={"healthCheck": check})
    assert lab.tasks()[0]["healthStatus"] == "HEALTHY"
    assert Lab(desired=1).tasks()[0]["healthStatus"] == "UNKNOWN"


def test_a_container_that_fails_its_check_is_unhealthy_until_it_stops():
    lab = Lab(faults.failed_health_checks(after=30), desired=1)
    lab.update()
    lab.sleep(1 + 20 + 20)
    assert lab.tasks()[0]["containers"][0]["healthStatus"] == "UNHEALTHY"
    lab.sleep(10)
    assert lab.failed()[0]["stoppedReason"] == "Task failed container health checks"


def test_a_stopped_task_is_replaced():
    lab = Lab()
    victim = lab.tasks()[0]["taskArn"]
    stopped = lab.ecs.stop_task(cluster="shop", task=victim, reason="too hot")["task"]
    assert (stopped["stopCode"], stopped["stoppedReason"]) == ("UserInitiated", "too hot")
    lab.sleep(60)
    assert lab.service()["runningCount"] == 2
    assert victim not in [task["taskArn"] for task in lab.tasks()]
    assert lab.events()[-1] == "has reached a steady state."


def test_a_stopped_task_is_known_for_an_hour():
    lab = Lab()
    victim = lab.tasks()[0]["taskArn"]
    lab.ecs.stop_task(cluster="shop", task=victim)
    lab.sleep(HOUR)
    assert [task["taskArn"] for task in lab.tasks("STOPPED")] == [victim]
    lab.sleep(60)
    assert lab.tasks("STOPPED") == []
    failures = lab.ecs.describe_tasks(cluster="shop", tasks=[victim])["failures"]
    assert failures == [{"arn": victim, "reason": "MISSING"}]


def test_tasks_are_listed_by_who_started_them():
    lab = Lab()
    lab.update()
    lab.sleep(25)
    new, old = (one["id"] for one in lab.service()["deployments"])
    assert len(lab.tasks(startedBy=new)) == len(lab.tasks(startedBy=old)) == 2
    assert lab.tasks(family="other") == []


def test_a_hundred_and_one_tasks_are_too_many():
    lab = Lab()
    with pytest.raises(lab.ecs.exceptions.InvalidParameterException):
        lab.ecs.describe_tasks(cluster="shop", tasks=["x"] * 101)


# On their own ---------------------------------------------------------------------------------------------------------


def test_a_task_on_its_own_runs_and_exits_with_0():
    lab = Lab()
    task = lab.ecs.run_task(cluster="shop", taskDefinition="api", startedBy="migration")["tasks"][0]
    assert (task["lastStatus"], task["startedBy"], task["group"]) == ("PROVISIONING", "migration", "family:api")
    lab.sleep(60)
    ended = lab.ecs.describe_tasks(cluster="shop", tasks=[task["taskArn"]])["tasks"][0]
    assert (ended["lastStatus"], ended["stopCode"]) == ("STOPPED", "EssentialContainerExited")
    assert ended["containers"][0]["exitCode"] == 0


def test_a_task_on_its_own_ends_as_it_is_scripted():
    lab = Lab()
    lab.fake.script_task("api", faults.crash_loop(3, logs=["migration 7 failed"]))
    task = lab.ecs.run_task(cluster="shop", taskDefinition="api")["tasks"][0]["taskArn"]
    lab.sleep(60)
    assert lab.ecs.describe_tasks(cluster="shop", tasks=[task])["tasks"][0]["containers"][0]["exitCode"] == 3
    messages = [line.message for stream in lab.fake.logs.groups["/ecs/api"].values() for line in stream]
    assert messages == ["migration 7 failed"]


def test_a_client_token_starts_a_task_once():
    lab = Lab()
    asked = {"cluster": "shop", "taskDefinition": "api", "clientToken": "sha256"}
    arns = {lab.ecs.run_task(**asked)["tasks"][0]["taskArn"] for _ in range(3)}
    assert len(arns) == 1


def test_without_capacity_a_task_on_its_own_is_a_failure():
    lab = Lab()
    lab.fake.script_task("api", faults.no_capacity())
    answer = lab.ecs.run_task(cluster="shop", taskDefinition="api")
    assert answer["tasks"] == []
    assert answer["failures"][0]["reason"].startswith("Capacity is unavailable at this time.")


def test_a_task_keeps_the_overrides_that_it_was_run_with():
    lab = Lab()
    overrides = {"containerOverrides": [{"name": "api", "command": ["migrate"]}]}
    task = lab.ecs.run_task(cluster="shop", taskDefinition="api", overrides=overrides)["tasks"][0]
    assert task["overrides"]["containerOverrides"][0]["command"] == ["migrate"]


def test_a_task_on_its_own_is_no_task_of_a_service():
    lab = Lab()
    lab.ecs.run_task(cluster="shop", taskDefinition="api", count=3)
    assert len(lab.tasks()) == 2
    assert len(lab.ecs.list_tasks(cluster="shop")["taskArns"]) == 5


# Protection -----------------------------------------------------------------------------------------------------------


def protect(lab, minutes=10):
    task = lab.tasks()[0]["taskArn"]
    return lab.ecs.update_task_protection(
        cluster="shop", tasks=[task], protectionEnabled=True, expiresInMinutes=minutes
    )["protectedTasks"][0]


def test_a_protected_task_holds_the_deployment_up_until_the_protection_expires():
    lab = Lab()
    protection = protect(lab)
    arn = lab.update()
    lab.sleep(500)
    assert lab.deployment(arn)["status"] == "IN_PROGRESS"
    assert protection["expirationDate"].timestamp() - lab.start == 600
    assert lab.follow(arn)["status"] == "SUCCESSFUL"


def test_a_deployment_goes_on_when_the_protection_is_ended():
    lab = Lab()
    task = protect(lab)["taskArn"]
    arn = lab.update()
    lab.sleep(120)
    lab.ecs.update_task_protection(cluster="shop", tasks=[task], protectionEnabled=False)
    lab.sleep(15)
    assert lab.deployment(arn)["status"] == "SUCCESSFUL"


def test_the_protection_of_all_tasks_is_told():
    lab = Lab()
    protected = protect(lab)["taskArn"]
    told = lab.ecs.get_task_protection(cluster="shop")["protectedTasks"]
    assert {one["taskArn"]: one["protectionEnabled"] for one in told}[protected] is True
    assert len(told) == 2


def test_a_task_on_its_own_cannot_be_protected():
    lab = Lab()
    task = lab.ecs.run_task(cluster="shop", taskDefinition="api")["tasks"][0]["taskArn"]
    answer = lab.ecs.update_task_protection(cluster="shop", tasks=[task], protectionEnabled=True)
    assert answer["failures"] == [{"arn": task, "reason": "TASK_NOT_VALID"}]


@pytest.mark.parametrize("minutes", [0, 2881])
def test_a_protection_lasts_a_minute_to_two_days(minutes):
    lab = Lab()
    with pytest.raises(lab.ecs.exceptions.InvalidParameterException):
        protect(lab, minutes)


def test_four_blocked_deployments_pile_up_to_five():
    lab = Lab(maximum_percent=400)
    for _ in range(4):
        protect(lab, 60)
        lab.update()
        lab.sleep(60)
    assert len(lab.service()["deployments"]) == 5
    with pytest.raises(lab.ecs.exceptions.InvalidParameterException):
        lab.update()


# Tags -----------------------------------------------------------------------------------------------------------------


def test_tags_are_added_changed_and_removed():
    lab = Lab(tags={"team": "a"})
    arn = lab.service()["serviceArn"]
    lab.ecs.tag_resource(resourceArn=arn, tags=[{"key": "team", "value": "b"}, {"key": "cost", "value": "1"}])
    lab.ecs.untag_resource(resourceArn=arn, tagKeys=["cost", "absent"])
    assert lab.ecs.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "team", "value": "b"}]
