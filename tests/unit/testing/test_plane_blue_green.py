"""Blue/green, canary and linear deployments: stages, traffic, rollback."""

import pytest

from roadworthy.testing import faults
from tests.unit.testing.plane_lab import Lab

STAGES = [
    "PRE_SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
]


class Shifting(Lab):
    """A service with a hook at every stage that writes down what it is told."""

    def __init__(self, *given, strategy="BLUE_GREEN", **options):
        self.told = []
        arn = "arn:aws:lambda:eu-west-1:111122223333:function:witness"
        hook = {"hookTargetArn": arn, "lifecycleStages": ["RECONCILE_SERVICE", *STAGES]}
        super().__init__(*given, strategy=strategy, hooks=[hook], **options)
        self.fake.hooks["witness"] = self._witness

    def _witness(self, event, _context):
        self.told.append(event)
        return {"hookStatus": "SUCCEEDED"}

    def stages(self):
        return [event["lifecycleStage"] for event in self.told]

    def production(self):
        """The share of production traffic of green, at each stage."""
        details = [event["executionDetails"] for event in self.told]
        return [one["productionTrafficWeights"][one["targetServiceRevisionArn"]] for one in details]


def weights(deployment):
    """The production traffic of the target and of the source."""
    revisions = [deployment["targetServiceRevision"], *deployment["sourceServiceRevisions"]]
    return [one["requestedProductionTrafficWeight"] for one in revisions]


def test_green_gets_the_traffic_at_once_and_blue_goes():
    lab = Shifting()
    assert lab.deploy()["status"] == "SUCCESSFUL"
    assert lab.stages() == STAGES
    assert lab.production() == [0, 0, 0, 0, 0, 100, 100]


def test_every_stage_is_shown():
    lab, seen = Shifting(), []
    arn = lab.update()
    while lab.deployment(arn)["status"] in {"PENDING", "IN_PROGRESS"}:
        seen.append(lab.deployment(arn).get("lifecycleStage"))
        lab.sleep(0.5)
    first, *_ = STAGES
    stages = [first, "SCALE_UP", *STAGES[1:], "BAKE_TIME", "CLEAN_UP"]
    assert list(dict.fromkeys(stage for stage in seen if stage)) == stages


def test_during_the_bake_time_both_run_and_blue_has_no_traffic():
    lab = Shifting(bake_minutes=5)
    arn = lab.update()
    lab.sleep(120)
    deployment = lab.deployment(arn)
    assert (deployment["lifecycleStage"], weights(deployment)) == ("BAKE_TIME", [100.0, 0.0])
    assert deployment["sourceServiceRevisions"][0]["runningTaskCount"] == 2


def test_a_canary_gets_its_share_first_and_waits():
    lab = Shifting(strategy="CANARY", canary_percent=10, step_bake_minutes=10)
    arn = lab.update()
    lab.sleep(300)
    assert weights(lab.deployment(arn)) == [10.0, 90.0]
    assert lab.follow(arn)["status"] == "SUCCESSFUL"
    assert lab.production()[-5:] == [0, 10, 10, 100, 100]
    assert lab.elapsed > 600


def test_linear_steps_are_equal_and_each_has_its_hooks():
    lab = Shifting(strategy="LINEAR", step_percent=40, step_bake_minutes=1)
    assert lab.deploy()["status"] == "SUCCESSFUL"
    shifted = [weight for stage, weight in zip(lab.stages(), lab.production(), strict=True) if stage.startswith("PROD")]
    assert shifted == [40, 80, 100]
    assert lab.stages().count("PRE_PRODUCTION_TRAFFIC_SHIFT") == 3


def test_the_target_groups_alternate():
    lab = Shifting()
    groups = []
    for _ in range(3):
        arn = lab.service()["currentServiceRevisions"][0]["arn"]
        revision = lab.ecs.describe_service_revisions(serviceRevisionArns=[arn])["serviceRevisions"][0]
        groups.append(revision["resolvedConfiguration"]["loadBalancers"][0]["targetGroupArn"].split("/")[1])
        lab.deploy()
    assert groups == ["api", "api-green", "api"]


def test_the_test_traffic_is_told_only_while_it_is_tested():
    lab = Shifting()
    lab.deploy()
    tested = [event["lifecycleStage"] for event in lab.told if event["executionDetails"]["testTrafficWeights"]]
    assert tested == ["TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"]


def test_green_that_never_gets_healthy_is_rolled_back_by_the_circuit_breaker():
    lab = Shifting(faults.crash_loop())
    ended = lab.deploy()
    assert ended["statusReason"] == "Service deployment rolled back because the circuit breaker threshold was exceeded."
    assert (ended["lifecycleStage"], weights(ended)) == ("SCALE_UP", [0.0, 100.0])


def test_green_that_never_starts_waits_for_a_day_at_most():
    lab = Shifting(faults.never_starts(), circuit_breaker=False)
    arn = lab.update()
    lab.sleep(23 * 3600)
    assert lab.deployment(arn)["status"] == "IN_PROGRESS"
    lab.sleep(3600)
    assert lab.follow(arn)["status"] == "ROLLBACK_SUCCESSFUL"


def test_an_alarm_while_it_bakes_gives_the_traffic_back():
    lab = Shifting(alarms=["red"], bake_minutes=5)
    arn = lab.update()
    lab.sleep(120)
    lab.fake.set_alarm("red")
    ended = lab.follow(arn)
    assert ended["statusReason"] == "Service deployment rolled back because of one or more active alarms."
    assert weights(ended) == [0.0, 100.0]


def test_a_rollback_calls_the_hooks_of_both_shifts_again_with_the_weights_reversed():
    lab = Shifting(alarms=["red"], bake_minutes=5)
    arn = lab.update()
    lab.sleep(120)
    before = len(lab.told)
    lab.fake.set_alarm("red")
    lab.follow(arn)
    assert lab.stages()[before:] == ["PRODUCTION_TRAFFIC_SHIFT", "TEST_TRAFFIC_SHIFT"]
    assert lab.production()[before:] == [0, 0]


def test_a_rollback_before_any_traffic_has_shifted_calls_no_hook_again():
    lab = Shifting(faults.rolled_back(after=20))
    lab.deploy()
    assert lab.stages() == ["PRE_SCALE_UP"]


def test_a_second_deployment_replaces_the_first():
    lab = Shifting()
    first = lab.update()
    lab.sleep(20)
    second = lab.update()
    assert lab.deployment(first)["statusReason"] == "Replaced by a new service deployment."
    assert lab.follow(second)["status"] == "SUCCESSFUL"


def test_a_deployment_that_replaces_one_reconciles_first():
    lab = Shifting()
    lab.update()
    lab.sleep(70)
    before = len(lab.told)
    lab.deploy()
    assert lab.stages()[before:] == ["RECONCILE_SERVICE", *STAGES]


def test_after_a_replaced_deployment_the_revision_with_the_traffic_is_the_blue_one():
    lab = Shifting(faults.none(), faults.crash_loop(), bake_minutes=5)
    lab.update()
    lab.sleep(120)
    serving = lab.service()["currentServiceRevisions"][0]["arn"]
    ended = lab.deploy()
    assert ended["rollback"]["serviceRevisionArn"] == serving
    assert lab.fake.plane.clusters["shop"].services["api"].production[serving] == 100.0


def test_without_a_load_balancer_the_stages_pass_and_no_traffic_shifts():
    lab = Shifting(load_balancer=False)
    ended = lab.deploy()
    assert ended["status"] == "SUCCESSFUL"
    assert ended["targetServiceRevision"]["requestedProductionTrafficWeight"] == 0.0


def test_the_first_deployment_has_no_blue():
    lab = Shifting(deployed=False)
    first = lab.service()["currentServiceDeployment"]
    ended = lab.follow(first)
    assert (ended["status"], ended["sourceServiceRevisions"]) == ("SUCCESSFUL", [])
    assert lab.told[0]["executionDetails"]["productionTrafficWeights"].keys() == {ended["targetServiceRevision"]["arn"]}


def test_scaling_changes_both_versions():
    lab = Shifting(bake_minutes=5)
    arn = lab.update()
    lab.sleep(120)
    lab.ecs.update_service(cluster="shop", service="api", desiredCount=3)
    lab.sleep(60)
    assert [one["runningCount"] for one in lab.service()["deployments"]] == [3, 3]
    assert lab.follow(arn)["status"] == "SUCCESSFUL"


def test_a_service_that_is_scaled_from_nothing_while_it_is_deployed_gets_there():
    lab = Shifting(faults.paused_hook("POST_SCALE_UP", timeout_minutes=5, on_timeout="CONTINUE"), desired=0)
    arn = lab.update()
    lab.sleep(60)
    lab.ecs.update_service(cluster="shop", service="api", desiredCount=2)
    assert lab.follow(arn)["status"] == "SUCCESSFUL"
    assert lab.service()["runningCount"] == 2


def test_without_blue_there_are_no_steps():
    lab = Shifting(deployed=False, strategy="CANARY")
    assert lab.follow(lab.service()["currentServiceDeployment"])["status"] == "SUCCESSFUL"
    assert lab.production() == [0, 0, 0, 0, 0, 100, 100]


def test_blue_without_tasks_is_gone_back_to_all_the_same():
    lab = Shifting(desired=0)
    arn = lab.update()
    lab.sleep(30)
    lab.ecs.stop_service_deployment(serviceDeploymentArn=arn)
    assert lab.follow(arn)["status"] == "ROLLBACK_SUCCESSFUL"


@pytest.mark.parametrize("strategy", ["BLUE_GREEN", "CANARY", "LINEAR"])
def test_one_version_overlaps_the_other_by_what_the_stages_take(strategy):
    lab = Shifting(strategy=strategy, step_bake_minutes=1)
    both = 0
    arn = lab.update()
    while lab.deployment(arn)["status"] != "SUCCESSFUL":
        both += 5 * (lab.service()["runningCount"] == 4)
        lab.sleep(5)
    assert 60 < both < 180


def test_a_failed_rollback_of_traffic_is_the_end():
    lab = Shifting(bake_minutes=5)
    arn = lab.update()
    lab.sleep(120)
    lab.fake.hooks["witness"] = lambda _event, _context: {"hookStatus": "FAILED"}
    lab.ecs.stop_service_deployment(serviceDeploymentArn=arn)
    ended = lab.follow(arn)
    assert ended["status"] == "ROLLBACK_FAILED"
    assert "PRODUCTION_TRAFFIC_SHIFT lifecycle hook(s) failed." in ended["statusReason"]


def cleaning_up(lab):
    """A deployment whose blue tasks are about to stop."""
    arn = lab.update()
    while lab.deployment(arn).get("lifecycleStage") != "CLEAN_UP":
        lab.sleep(1)
    return arn


def test_an_alarm_after_the_bake_time_comes_too_late():
    lab = Shifting(alarms=["red"], stop_seconds=60)
    arn = cleaning_up(lab)
    lab.fake.set_alarm("red")
    assert lab.follow(arn)["status"] == "SUCCESSFUL"


@pytest.mark.parametrize("later", [0, 30])
def test_a_rollback_that_is_asked_for_while_blue_goes_starts_it_again_before_it_gets_the_traffic(later):
    lab = Shifting(stop_seconds=60)
    arn = cleaning_up(lab)
    lab.sleep(later)
    lab.ecs.stop_service_deployment(serviceDeploymentArn=arn)
    (service,) = lab.fake.plane.services_named("api")
    serving = []
    while lab.deployment(arn)["status"] not in {"ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"}:
        lab.sleep(1)
        healthy = {one.revision.arn: len(one.healthy) for one in service.deployments}
        serving.append(all(healthy.get(arn, 0) > 0 for arn, share in service.production.items() if share))
    assert (lab.deployment(arn)["status"], all(serving)) == ("ROLLBACK_SUCCESSFUL", True)
    assert [one["status"] for one in lab.service()["deployments"]] == ["PRIMARY"]
