"""Elastic Load Balancing follows ECS's tasks and deployments."""

import pytest

from roadworthy.testing import FakeEcs, faults

BALANCING = "arn:aws:elasticloadbalancing:eu-west-1:111122223333"
API = f"{BALANCING}:targetgroup/api/0000000000000001"
BLUE, GREEN = f"{BALANCING}:targetgroup/web/0000000000000001", f"{BALANCING}:targetgroup/web-green/0000000000000002"

NO_BALANCER = "One or more load balancers not found"


@pytest.fixture
def fake():
    fake = FakeEcs()
    fake.add_service("shop", "api", image="api:1")
    return fake


@pytest.fixture
def elbv2(fake):
    return fake.session().client("elbv2")


def deploy(fake, service, seconds):
    fake.session().client("ecs").update_service(cluster="shop", service=service, forceNewDeployment=True)
    fake.clock.sleep(seconds)


def health(elbv2, group=API, **parameters):
    found = elbv2.describe_target_health(TargetGroupArn=group, **parameters)["TargetHealthDescriptions"]
    return [(target["TargetHealth"]["State"], target["TargetHealth"].get("Reason")) for target in found]


def weights(elbv2, rule):
    (action,) = rule["Actions"]
    return {group["TargetGroupArn"]: group["Weight"] for group in action["ForwardConfig"]["TargetGroups"]}


def test_tasks_that_run_and_are_healthy_are_healthy_targets(elbv2):
    assert health(elbv2) == [("healthy", None), ("healthy", None)]


def test_a_new_task_is_checked_first_and_an_old_one_drains(fake, elbv2):
    deploy(fake, "api", 21)
    assert health(elbv2)[2:] == [("initial", "Elb.InitialHealthChecking")] * 2
    fake.clock.sleep(16)
    assert health(elbv2) == [("draining", "Target.DeregistrationInProgress")] * 2 + [("healthy", None)] * 2
    fake.clock.sleep(60)
    assert health(elbv2) == [("healthy", None)] * 2


@pytest.mark.parametrize("reason", ["Target.ResponseCodeMismatch", "Target.Timeout", "Target.FailedHealthChecks"])
def test_a_failed_health_check_has_its_reason(fake, elbv2, reason):
    fake.script("api", faults.failed_health_checks(reason))
    deploy(fake, "api", 45)
    assert health(elbv2) == [("healthy", None)] * 2 + [("unhealthy", reason)] * 2


def test_a_target_can_be_asked_for_by_its_address(elbv2):
    (first, _) = elbv2.describe_target_health(TargetGroupArn=API)["TargetHealthDescriptions"]
    asked = [{"Id": first["Target"]["Id"]}, {"Id": "10.9.9.9"}]
    assert health(elbv2, Targets=asked) == [("healthy", None), ("unused", "Target.NotRegistered")]


def test_a_service_has_a_load_balancer_a_listener_and_a_rule(elbv2):
    (balancer,) = elbv2.describe_load_balancers()["LoadBalancers"]
    (listener,) = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    (rule,) = elbv2.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
    (group,) = elbv2.describe_target_groups(LoadBalancerArn=balancer["LoadBalancerArn"])["TargetGroups"]
    assert (balancer["LoadBalancerName"], listener["Port"], group["TargetGroupArn"]) == ("api", 80, API)
    assert rule["Actions"][0]["TargetGroupArn"] == API
    assert (group["Port"], group["HealthCheckPath"], group["Matcher"]) == (8080, "/", {"HttpCode": "200"})


def test_a_blue_green_deployment_moves_the_weights_of_its_rules(fake, elbv2):
    fake.add_service("shop", "web", image="web:1", strategy="BLUE_GREEN")
    (service,) = fake.session().client("ecs").describe_services(cluster="shop", services=["web"])["services"]
    rule = service["loadBalancers"][0]["advancedConfiguration"]["productionListenerRule"]
    before = elbv2.describe_rules(RuleArns=[rule])["Rules"][0]
    assert weights(elbv2, before) == {BLUE: 100, GREEN: 0}
    deploy(fake, "web", 600)
    assert weights(elbv2, elbv2.describe_rules(RuleArns=[rule])["Rules"][0]) == {BLUE: 0, GREEN: 100}
    assert health(elbv2, BLUE) == []
    assert health(elbv2, GREEN) == [("healthy", None)] * 2


def test_what_a_test_says_of_a_target_group_is_answered(fake, elbv2):
    fake.neighbours.elbv2.describe_target_group(API, HealthCheckPath="/health", Matcher={"HttpCode": "200-299"})
    (group,) = elbv2.describe_target_groups(TargetGroupArns=[API])["TargetGroups"]
    assert (group["HealthCheckPath"], group["Matcher"], group["Port"]) == ("/health", {"HttpCode": "200-299"}, 8080)


def test_what_a_test_adds_is_answered(fake, elbv2):
    added = fake.neighbours.elbv2
    balancer = added.add_load_balancer("edge", security_groups=["sg-1"])
    group = added.add_target_group("old", port=9000, path="/up")
    listener = added.add_listener(balancer, 443, {}, protocol="HTTPS")
    rule = added.add_rule(listener, 5, {group: 1}, path="/old/*")
    found = elbv2.describe_rules(ListenerArn=listener)["Rules"]
    assert [one["Priority"] for one in found] == ["default", "5"]
    assert (found[1]["RuleArn"], found[1]["Conditions"][0]["Values"]) == (rule, ["/old/*"])
    assert elbv2.describe_target_groups(Names=["old"])["TargetGroups"][0]["LoadBalancerArns"] == [balancer]
    assert elbv2.describe_load_balancers(Names=["edge"])["LoadBalancers"][0]["SecurityGroups"] == ["sg-1"]
    assert health(elbv2, group) == []


def test_services_of_one_name_in_two_clusters_share_no_target_group(fake, elbv2):
    fake.add_service("stage", "api", image="api:1", desired=1)
    ecs = fake.session().client("ecs")
    (service,) = ecs.describe_services(cluster="stage", services=["api"])["services"]
    group = service["loadBalancers"][0]["targetGroupArn"]
    assert (len(health(elbv2)), len(health(elbv2, group))) == (2, 1)
    assert len(elbv2.describe_target_groups(Names=["api"])["TargetGroups"]) == 1
    assert len(elbv2.describe_load_balancers()["LoadBalancers"]) == 2


def test_answers_come_in_pages(fake, elbv2):
    for number in range(5):
        fake.neighbours.elbv2.add_target_group(f"group-{number}")
    pages = elbv2.get_paginator("describe_target_groups").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["TargetGroups"]) for page in pages] == [2, 2, 2]


@pytest.mark.parametrize(
    ("method", "parameters", "error", "message"),
    [
        (
            "describe_target_health",
            {"TargetGroupArn": "arn"},
            "TargetGroupNotFound",
            "Target groups 'arn' not found",
        ),
        ("describe_target_groups", {"Names": ["x"]}, "TargetGroupNotFound", "One or more target groups not found"),
        ("describe_rules", {"RuleArns": ["arn"]}, "RuleNotFound", "One or more rules not found"),
        ("describe_rules", {"ListenerArn": "arn"}, "ListenerNotFound", "One or more listeners not found"),
        (
            "describe_listeners",
            {"LoadBalancerArn": "x"},
            "LoadBalancerNotFound",
            "One or more load balancers not found",
        ),
        ("describe_load_balancers", {"Names": ["x"]}, "LoadBalancerNotFound", "One or more load balancers not found"),
    ],
)
def test_what_does_not_exist_is_refused_as_aws_does(elbv2, method, parameters, error, message):
    with pytest.raises(getattr(elbv2.exceptions, f"{error}Exception")) as refused:
        getattr(elbv2, method)(**parameters)
    assert refused.value.response["Error"]["Message"] == message
