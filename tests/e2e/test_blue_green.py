"""examples/blue_green, deployed to a local AWS: its functions are invoked by its deployments, and by hand."""

import datetime
import itertools
import json
import sys
import time
import uuid
from pathlib import Path

import pytest

pytest.importorskip("ministack")

from deployment_tick_guard.lease import Ticks

from roadworthy.local.app import App
from roadworthy.local.images import push
from roadworthy.local.session import LocalAws
from tests.e2e.blue_green import ENDED, Shop
from tests.e2e.conftest import ROOT, eventually
from tests.local.http_calls import call

pytestmark = pytest.mark.e2e

MIGRATE = (
    'import os\nprint("migrated to", os.environ.get("COLOUR"))\nraise SystemExit(int(os.environ.get("BROKEN", "0")))\n'
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The deployed example; its image serves HTTP, and migrates unless BROKEN is set."""
    folder = tmp_path_factory.mktemp("image")
    (folder / "shop").mkdir()
    (folder / "shop" / "migrate.py").write_text(MIGRATE)
    app = App(ROOT / "examples" / "blue_green", f"{sys.executable} app.py", "eu-west-1", stacks=("BlueGreen",))
    with LocalAws.start(tmp_path_factory.mktemp("blue-green"), port=0, region=app.region) as aws:
        server = Path(__file__).parents[1] / "local" / "task_app.py"
        aws.client("ecr").create_repository(repositoryName="shop")
        argv = [sys.executable, str(server), "{host}", "{port}"]
        push(aws.client("ecr"), "shop", "3f2a9c1d0b7e", argv=argv, cwd=folder)
        aws.deploy(app, tools=ROOT)
        yield Shop(aws)


@pytest.fixture(scope="module")
def green(shop):
    """The answers of production while a second version was rolled out, one after the other."""
    shop.update(COLOUR="green")
    url, answers = f"{shop.aws.url}/_alb/shop/environment", []
    while shop.deployment()["status"] not in ENDED:
        answers.append(call(url))
    return answers


def test_the_service_is_active_with_all_that_its_deployment_says(shop):
    (stack,) = shop.aws.client("cloudformation").describe_stacks(StackName="BlueGreen")["Stacks"]
    configuration = shop.service["deploymentConfiguration"]
    assert (stack["StackStatus"], shop.service["status"]) == ("CREATE_COMPLETE", "ACTIVE")
    assert (configuration["strategy"], configuration["bakeTimeInMinutes"]) == ("BLUE_GREEN", synthesized_bake(shop))
    assert {hook["hookTargetArn"].rpartition("-deployment-")[2]: hook["lifecycleStages"] for hook in
            configuration["lifecycleHooks"]} == {
        "migration": ["PRE_SCALE_UP"],
        "health-gate": ["POST_TEST_TRAFFIC_SHIFT"],
        "tick-guard": ["PRE_PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"],
    }  # fmt: skip
    watched = configuration["alarms"]["alarmNames"]
    alarms = shop.aws.client("cloudwatch").describe_alarms(AlarmNames=watched)
    assert [one["AlarmName"] for one in alarms["MetricAlarms"]] == watched != []


def test_its_first_version_went_through_the_functions(shop):
    (first,) = shop.deployments()
    asked = [(one["targetArn"].rpartition("-deployment-")[2], one["status"]) for one in first["lifecycleHookDetails"]]
    names = ["migration", "health-gate", "tick-guard", "tick-guard"]
    assert (first["status"], asked) == ("SUCCESSFUL", [(name, "SUCCEEDED") for name in names])
    assert logged(shop, "migrated to None")


def test_both_rules_lead_to_the_group_that_has_the_tasks(shop):
    blue, other = shop.groups()
    assert (shop.healthy(blue), shop.healthy(other)) == (2, 0)
    assert weights(shop, "production") == weights(shop, "test") == {blue: 100, other: 0}


def test_a_new_version_gets_the_traffic_and_no_request_is_lost(shop, green):
    assert shop.deployment()["status"] == "SUCCESSFUL"
    assert {status for status, _ in green} == {200}
    colours = [colour for colour, _ in itertools.groupby(seen.get("COLOUR") for _, seen in green)]
    assert colours == [None, "green"]


def test_the_target_groups_have_changed_their_parts(shop, green):
    old, new = shop.groups()
    assert (shop.healthy(old), shop.healthy(new)) == (0, 2)
    assert weights(shop, "production") == weights(shop, "test") == {old: 0, new: 100}


def test_a_migration_that_fails_keeps_the_new_version_from_starting(shop, green):
    before = set(tasks(shop))
    shop.update(BROKEN="3")
    eventually(lambda: shop.deployment()["status"] in ENDED, seconds=60)
    last = shop.deployment()
    assert last["status"] == "ROLLBACK_SUCCESSFUL"
    assert "PRE_SCALE_UP lifecycle hook(s) failed" in last["statusReason"]
    assert (set(tasks(shop)), last["lifecycleStage"]) == (before, "PRE_SCALE_UP")


def test_a_tick_that_goes_on_holds_the_switch_until_the_deadline_rolls_back(shop, green):
    worker = ticks(shop)
    assert worker.begin(seconds=120)
    shop.update({"maxWaitSeconds": 300}, COLOUR="held")
    eventually(lambda: shop.deployment().get("lifecycleStage") == "PRE_PRODUCTION_TRAFFIC_SHIFT", seconds=60)
    eventually(lambda: not may_tick(shop), seconds=20)
    expire(shop)
    eventually(lambda: shop.deployment()["status"] in ENDED, seconds=60)
    assert shop.deployment()["status"] == "ROLLBACK_SUCCESSFUL"
    assert shop.deployment()["statusReason"].endswith("because a rollback was requested.")
    eventually(lambda: may_tick(shop), seconds=20)  # the event has ended the pause
    worker.end()


def test_the_health_gate_opens_when_green_answers(shop, green):
    assert shop.call("health-gate", shop.event("POST_TEST_TRAFFIC_SHIFT")) == {"hookStatus": "SUCCEEDED"}


def test_the_health_gate_stays_shut_when_nothing_is_there(shop, green):
    empty, serving = shop.groups()
    elb, rule = shop.aws.client("elbv2"), shop.rule("test")["RuleArn"]
    elb.modify_rule(RuleArn=rule, Actions=[{"Type": "forward", "TargetGroupArn": empty}])
    event = shop.event("POST_TEST_TRAFFIC_SHIFT", tries=2, intervalSeconds=1)
    assert shop.call("health-gate", event) == {"hookStatus": "FAILED"}
    elb.modify_rule(RuleArn=rule, Actions=[{"Type": "forward", "TargetGroupArn": serving}])


def test_the_tick_guard_waits_for_a_tick_and_lets_none_begin(shop, green):
    worker = ticks(shop)
    assert worker.begin(seconds=60)
    held = shop.call("tick-guard", shop.event("PRE_PRODUCTION_TRAFFIC_SHIFT", minWaitSeconds=0))
    assert (held["hookStatus"], held["callBackDelay"]) == ("IN_PROGRESS", 5)
    assert not may_tick(shop)
    worker.end()
    again = shop.event("PRE_PRODUCTION_TRAFFIC_SHIFT", **held["hookDetails"])
    assert shop.call("tick-guard", again) == {"hookStatus": "SUCCEEDED"}
    assert shop.call("tick-guard", shop.event("POST_PRODUCTION_TRAFFIC_SHIFT")) == {"hookStatus": "SUCCEEDED"}
    assert may_tick(shop)


@pytest.mark.parametrize(("code", "status"), [(0, "SUCCEEDED"), (1, "FAILED")])
def test_the_migration_goes_by_the_exit_code_of_its_task(shop, green, code, status):
    command = [sys.executable, "-c", f"raise SystemExit({code})"]
    answer = shop.call("migration", shop.event("PRE_SCALE_UP", command=command))
    task = answer["hookDetails"]["taskArn"]
    while answer["hookStatus"] == "IN_PROGRESS":
        time.sleep(0.2)
        answer = shop.call("migration", shop.event("PRE_SCALE_UP", **answer["hookDetails"]))
    (found,) = shop.aws.client("ecs").describe_tasks(cluster=shop.cluster, tasks=[task])["tasks"]
    assert (answer, found["containers"][0]["exitCode"]) == ({"hookStatus": status}, code)


def synthesized_bake(shop):
    template = json.loads((shop.aws.state / "cdk.out" / "BlueGreen.template.json").read_text())
    (service,) = (one for one in template["Resources"].values() if one["Type"] == "AWS::ECS::Service")
    return service["Properties"]["DeploymentConfiguration"]["BakeTimeInMinutes"]


def ticks(shop, worker="a-worker"):
    """The worker's side of the lease table."""
    container = shop.aws.client("ecs").describe_task_definition(taskDefinition="shop")["taskDefinition"]
    variables = {one["name"]: one["value"] for one in container["containerDefinitions"][0]["environment"]}
    table, key = variables["TICK_LEASE_TABLE"], variables["TICK_LEASE_KEY"]
    return Ticks(shop.aws.client("dynamodb"), table, key, worker)


def may_tick(shop):
    """Whether a tick may begin; each time of a worker of its own, since a tick that has begun goes on."""
    return ticks(shop, str(uuid.uuid4())).begin(seconds=1)


def expire(shop):
    """Bring the deadline that the deployment's event has arranged forward to now."""
    scheduler = shop.aws.client("scheduler")
    (brief,) = (one for one in scheduler.list_schedules()["Schedules"] if one["Name"].startswith("deadline-shop-"))
    schedule = scheduler.get_schedule(Name=brief["Name"], GroupName=brief["GroupName"])
    began = shop.deployment()["createdAt"]
    due = datetime.datetime.strptime(schedule["ScheduleExpression"], "at(%Y-%m-%dT%H:%M:%S)").replace(
        tzinfo=datetime.UTC
    )
    assert abs((due - began).total_seconds() - 900) < 2
    now = f"at({datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%S})"
    names = ("Name", "GroupName", "ScheduleExpressionTimezone", "FlexibleTimeWindow", "Target", "ActionAfterCompletion")
    scheduler.update_schedule(**{name: schedule[name] for name in names}, ScheduleExpression=now)


def tasks(shop):
    return shop.aws.client("ecs").list_tasks(cluster=shop.cluster, serviceName="shop")["taskArns"]


def weights(shop, name):
    """The weights of a rule by target group; a rule of one group gives it all."""
    (action,) = shop.rule(name)["Actions"]
    return {one["TargetGroupArn"]: one["Weight"] for one in action["ForwardConfig"]["TargetGroups"]}


def logged(shop, line):
    logs = shop.aws.client("logs")
    groups = [one["logGroupName"] for one in logs.describe_log_groups()["logGroups"]]
    events = [event for group in groups for event in logs.filter_log_events(logGroupName=group)["events"]]
    return [event for event in events if line in event["message"]]
