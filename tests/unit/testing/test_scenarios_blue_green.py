"""A blue/green deployment with a migration, a health gate and a tick guard, as real functions behind its hooks."""

import pytest

from roadworthy.testing import faults
from tests.unit.testing.plane_lab import Lab

ENDED = "STOPPED"


class Shop(Lab):
    """A service whose three hooks ask the same fake AWS.

    `healthy_after` and `busy_until` are virtual seconds since the start: from when green answers, and until when the
    old version works on its tick.
    """

    def __init__(self, *given, healthy_after=0.0, busy_until=0.0, migration=None, **options):
        self.healthy_after, self.busy_until, self.calls = healthy_after, busy_until, []
        hooks = [
            hook("migration", "PRE_SCALE_UP", minutes=10),
            hook("health-gate", "POST_TEST_TRAFFIC_SHIFT", minutes=2),
            hook("tick-guard", "PRE_PRODUCTION_TRAFFIC_SHIFT", minutes=2),
            hook("witness", "PRODUCTION_TRAFFIC_SHIFT", minutes=1),
        ]
        super().__init__(*given, **{"strategy": "BLUE_GREEN", "alarms": ["red"], **options}, hooks=hooks)
        if migration:
            self.fake.script_task("api", migration)
        functions = {"migration": self.migrate, "health-gate": self.gate, "tick-guard": self.guard, "witness": self.see}
        for name, handler in functions.items():
            self.fake.add_function(name, handler)

    def migrate(self, event, _context):
        """Run the task of the new revision once for each deployment, and wait for its exit code."""
        details = event["hookDetails"]
        if "task" not in details:
            revision = event["executionDetails"]["targetServiceRevisionArn"]
            found = self.ecs.describe_service_revisions(serviceRevisionArns=[revision])["serviceRevisions"][0]
            asked = {"taskDefinition": found["taskDefinition"], "clientToken": event["resourceArn"][-64:]}
            task = self.ecs.run_task(cluster="shop", **asked)["tasks"][0]["taskArn"]
            return {"hookStatus": "IN_PROGRESS", "callBackDelay": 5, "hookDetails": {"task": task}}
        task = self.ecs.describe_tasks(cluster="shop", tasks=[details["task"]])["tasks"][0]
        if task["lastStatus"] != ENDED:
            return {"hookStatus": "IN_PROGRESS", "callBackDelay": 5}
        return {"hookStatus": "SUCCEEDED" if task["containers"][0]["exitCode"] == 0 else "FAILED"}

    def gate(self, _event, _context):
        """Ask green twelve times, every five seconds."""
        for _ in range(12):
            if self.elapsed >= self.healthy_after:
                return {"hookStatus": "SUCCEEDED"}
            self.sleep(5)
        return {"hookStatus": "FAILED"}

    def guard(self, _event, _context):
        """Wait until the old version has ended its tick."""
        return {"hookStatus": "IN_PROGRESS" if self.elapsed < self.busy_until else "SUCCEEDED", "callBackDelay": 5}

    def see(self, event, _context):
        details = event["executionDetails"]
        self.calls.append(details["productionTrafficWeights"][details["targetServiceRevisionArn"]])
        return {"hookStatus": "SUCCEEDED"}

    def roll_out(self, deadline=900):
        """Deploy; returns the deployment, and the seconds without traffic and with both versions."""
        arn, asked, down, both = self.update(), False, 0, 0
        while (status := (deployment := self.deployment(arn))["status"]) not in {"SUCCESSFUL", "STOPPED"}:
            if status.endswith(("SUCCESSFUL", "FAILED")):
                break
            if self.elapsed > deadline and not asked:
                asked = bool(self.ecs.stop_service_deployment(serviceDeploymentArn=arn))
            revisions = [deployment["targetServiceRevision"], *deployment["sourceServiceRevisions"]]
            down += 2 * (
                not any(one["runningTaskCount"] and one["requestedProductionTrafficWeight"] for one in revisions)
            )
            both += 2 * all(one["runningTaskCount"] for one in revisions)
            self.sleep(2)
        return deployment, down, both


def hook(name, stage, minutes):
    return {
        "hookTargetArn": f"arn:aws:lambda:eu-west-1:111122223333:function:{name}",
        "lifecycleStages": [stage],
        "timeoutConfiguration": {"timeoutInMinutes": minutes, "action": "ROLLBACK"},
    }


def test_success_without_downtime_and_with_a_short_overlap():
    shop = Shop(healthy_after=60, busy_until=90)
    deployment, down, both = shop.roll_out()
    assert (deployment["status"], down) == ("SUCCESSFUL", 0)
    assert 60 < both < 300


def test_a_failed_migration_keeps_green_from_starting():
    shop = Shop(migration=faults.crash_loop(1, logs=["no such column"]))
    deployment, down, both = shop.roll_out()
    assert deployment["statusReason"].startswith(
        "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s)"
    )
    assert (down, both) == (0, 0)
    assert [task for task in shop.tasks("STOPPED") if task["startedBy"].startswith("ecs-svc/")] == []


def test_a_migration_runs_once_however_often_it_is_asked_about():
    shop = Shop(migration=faults.crash_loop(0, after=45))
    deployment, *_ = shop.roll_out()
    runs = [call for call in shop.fake.calls if call.operation == "RunTask"]
    assert (deployment["status"], len(runs)) == ("SUCCESSFUL", 1)


def test_a_failing_health_gate_leaves_blue_in_place():
    shop = Shop(healthy_after=10_000)
    deployment, down, _ = shop.roll_out()
    assert "POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed." in deployment["statusReason"]
    assert (down, shop.calls) == (0, [])


def test_green_that_never_starts_meets_the_deadline():
    shop = Shop(faults.never_starts())
    deployment, down, both = shop.roll_out(deadline=600)
    assert (deployment["status"], down, both) == ("ROLLBACK_SUCCESSFUL", 0, 0)
    assert shop.elapsed == pytest.approx(610, abs=15)


def test_a_tick_is_waited_for():
    shop = Shop(busy_until=110)
    deployment, down, _ = shop.roll_out()
    assert (deployment["status"], down) == ("SUCCESSFUL", 0)
    guard = deployment["lifecycleHookDetails"][2]
    assert (guard["targetArn"].rpartition(":")[2], guard["status"]) == ("tick-guard", "SUCCEEDED")


def test_a_tick_that_never_ends_rolls_back():
    deployment, down, _ = Shop(busy_until=10_000).roll_out()
    assert deployment["statusReason"].endswith("function:tick-guard timed out.")
    assert down == 0


def test_an_alarm_during_the_bake_gives_the_traffic_back_and_tells_the_hooks():
    shop = Shop(faults.alarm_red(after=130), bake_minutes=3)
    deployment, down, _ = shop.roll_out()
    assert deployment["statusReason"] == "Service deployment rolled back because of one or more active alarms."
    assert (down, shop.calls) == (0, [100, 0])


@pytest.mark.parametrize(("strategy", "steps"), [("CANARY", [10, 100]), ("LINEAR", [50, 100])])
def test_the_traffic_goes_in_steps(strategy, steps):
    shop = Shop(strategy=strategy)
    deployment, down, _ = shop.roll_out()
    assert (deployment["status"], down, shop.calls) == ("SUCCESSFUL", 0, steps)


def test_a_second_deployment_during_the_first_replaces_it():
    shop = Shop(faults.replaced(after=70), bake_minutes=3)
    deployment, down, _ = shop.roll_out()
    assert (deployment["status"], deployment["statusReason"]) == ("STOPPED", "Replaced by a new service deployment.")
    assert down == 0
    assert shop.follow(shop.service()["currentServiceDeployment"])["status"] == "SUCCESSFUL"


def test_a_person_approves():
    shop = Shop(faults.paused_hook("POST_SCALE_UP"))
    arn = shop.update()
    shop.sleep(300)
    hook_id = next(
        one["hookId"] for one in shop.deployment(arn)["lifecycleHookDetails"] if one["status"] == "AWAITING_ACTION"
    )
    shop.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook_id)
    assert shop.follow(arn)["status"] == "SUCCESSFUL"


def test_a_first_deployment_has_no_blue_to_wait_for():
    shop = Shop(deployed=False, migration=faults.crash_loop(0))
    assert shop.follow(shop.service()["currentServiceDeployment"])["status"] == "SUCCESSFUL"
