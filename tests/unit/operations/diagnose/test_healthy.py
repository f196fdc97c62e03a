from roadworthy.operations.diagnose.verdict import Status
from roadworthy.testing import faults


def test_a_healthy_service_passes_every_check(account, diagnosed):
    diagnosis = diagnosed(account(alarms=["api-5xx"]))
    assert {verdict.check.id: verdict.status for verdict in diagnosis.verdicts if verdict.status is not Status.OK} == {}
    assert diagnosis.well


def test_a_deployment_under_way_is_nothing_wrong(account, diagnosed):
    fake = account()
    fake.deploy(seconds=25)
    assert diagnosed(fake).well


def test_what_failed_before_the_last_success_is_over(account, diagnosed):
    fake = account()
    fake.deploy(faults.crash_loop())
    fake.deploy()
    assert diagnosed(fake).well


def test_a_worker_has_no_targets_to_look_at(account, diagnosed):
    diagnosis = diagnosed(account(load_balancer=False, port=None))
    skips = {verdict.check.id: verdict.skips[0].why for verdict in diagnosis.verdicts if verdict.skips}
    assert skips["targets-healthy"] == skips["network-path"] == "it has no load balancer"
    assert diagnosis.well


def test_a_task_that_was_scaled_in_is_no_failure(account, diagnosed):
    fake = account(desired=3)
    fake.session().client("ecs").update_service(cluster="shop", service="api", desiredCount=1)
    fake.clock.sleep(120)
    assert diagnosed(fake).well
