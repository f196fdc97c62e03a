"""Alarms and dashboard: row A10 of the requirements; of every kind of service."""

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_sns as sns

import roadworthy
from roadworthy.patterns import AlarmKind, InvalidAlarmError, ServiceAlarms, ServiceDashboard
from tests.synth.template import Template, reference, text

pytestmark = pytest.mark.synth

ABOVE = "GreaterThanThreshold"


def alarm(template: Template, name: str) -> dict:
    return template.only("AWS::CloudWatch::Alarm", AlarmName=f"query-service-{name}")


@pytest.mark.parametrize(
    ("name", "namespace", "metric", "statistic", "threshold"),
    [
        ("cpu", "AWS/ECS", "CPUUtilization", "Average", 70),
        ("memory", "AWS/ECS", "MemoryUtilization", "Average", 80),
        ("response-time", "AWS/ApplicationELB", "TargetResponseTime", "Average", 0.1),
        ("unhealthy-hosts", "AWS/ApplicationELB", "UnHealthyHostCount", "Maximum", 0),
    ],
)
def test_an_alarm_goes_off_after_two_periods_of_300_seconds_over_its_threshold(
    template, name, namespace, metric, statistic, threshold
):
    found = alarm(template, name)
    assert (found["Namespace"], found["MetricName"], found["Statistic"]) == (namespace, metric, statistic)
    assert (found["Threshold"], found["ComparisonOperator"]) == (threshold, ABOVE)
    assert (found["Period"], found["EvaluationPeriods"]) == (300, 2)


def test_the_error_rate_alarm_goes_off_above_one_percent_of_the_requests(template):
    found = alarm(template, "error-rate")
    (expression,) = [query["Expression"] for query in found["Metrics"] if "Expression" in query]
    periods = {query["MetricStat"]["Period"] for query in found["Metrics"] if "MetricStat" in query}
    assert (found["Threshold"], found["ComparisonOperator"], found["EvaluationPeriods"]) == (1, ABOVE, 2)
    assert expression == (
        "IF(FILL(requests, 0) + FILL(balancer, 0) > 0, "
        "100 * (FILL(target, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(balancer, 0)), 0)"
    )
    assert periods == {300}


def test_a_service_without_any_healthy_host_is_an_alarm_even_without_data(template):
    found = alarm(template, "no-healthy-host")
    assert (found["MetricName"], found["Statistic"], found["Threshold"]) == ("HealthyHostCount", "Maximum", 1)
    assert (found["ComparisonOperator"], found["TreatMissingData"]) == ("LessThanThreshold", "breaching")


def test_one_dead_letter_is_an_alarm_at_once(template):
    found = alarm(template, "dead-letters")
    assert (found["MetricName"], found["EvaluationPeriods"]) == ("ApproximateNumberOfMessagesVisible", 1)


def test_every_alarm_and_its_end_reach_the_topic(template):
    (topic,) = [name for name in template.of_type("AWS::SNS::Topic") if name.startswith("Alarms")]
    for found in template.of_type("AWS::CloudWatch::Alarm").values():
        assert found["AlarmActions"] == found["OKActions"] == [{"Ref": topic}]


def test_cloudwatch_may_publish_to_the_encrypted_topic(template):
    (policy,) = [each for name, each in template.of_type("AWS::SNS::TopicPolicy").items() if name.startswith("Alarms")]
    statements = policy["PolicyDocument"]["Statement"]
    allowed = [statement for statement in statements if statement["Effect"] == "Allow"]
    key_statements = template.only("AWS::KMS::Key")["KeyPolicy"]["Statement"]
    assert [statement["Principal"] for statement in allowed] == [{"Service": "cloudwatch.amazonaws.com"}]
    assert "cloudwatch.amazonaws.com" in text(key_statements)


def test_every_log_group_is_encrypted_and_expires(template):
    groups = template.of_type("AWS::Logs::LogGroup").values()
    for group in groups:
        assert group["RetentionInDays"] == 30
        assert reference(group["KmsKeyId"]) in template.of_type("AWS::KMS::Key")


def test_logs_are_kept_a_year_in_prod(synthesize):
    groups = synthesize(env="prod").of_type("AWS::Logs::LogGroup").values()
    assert {group["RetentionInDays"] for group in groups} == {365}


def test_the_dashboard_shows_the_service(template):
    body = text(template.only("AWS::CloudWatch::Dashboard", DashboardName="query-service")["DashboardBody"])
    for metric in ("CPUUtilization", "MemoryUtilization", "TargetResponseTime", "HealthyHostCount", "RequestCount"):
        assert metric in body


SNAPSHOT = Path(__file__).with_name("snapshots") / "alarms.json"


@dataclasses.dataclass
class Own:
    """A service of one's own: nothing of the patterns."""

    service: ecs.FargateService
    target_group: Any = None
    load_balancer: Any = None


def own(stack: cdk.Stack, name: str | None = "api", alarms: list[str] | None = None) -> Own:
    vpc = ec2.Vpc(stack, "Vpc", availability_zones=["eu-west-1a", "eu-west-1b"], nat_gateways=1)
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container(
        "api",
        image=ecs.ContainerImage.from_registry("public.ecr.aws/shop/api:1.2"),
        port_mappings=[ecs.PortMapping(container_port=80)],
    )
    service = ecs.FargateService(
        stack,
        "Service",
        service_name=name,
        cluster=ecs.Cluster(stack, "Cluster", vpc=vpc),
        task_definition=task,
        min_healthy_percent=100,
        circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
    )
    if alarms:
        service.enable_deployment_alarms(alarms)
    return Own(service)


def behind_http(stack: cdk.Stack, service: Own) -> Own:
    balancer = elbv2.ApplicationLoadBalancer(stack, "Balancer", vpc=service.service.cluster.vpc)
    listener = balancer.add_listener("Http", port=80, open=False)
    group = listener.add_targets("Tasks", port=80, targets=[service.service])
    return Own(service.service, group, balancer)


def behind_tcp(stack: cdk.Stack, service: Own) -> Own:
    balancer = elbv2.NetworkLoadBalancer(stack, "Balancer", vpc=service.service.cluster.vpc)
    group = balancer.add_listener("Tcp", port=80).add_targets("Tasks", port=80, targets=[service.service])
    return Own(service.service, group)


@pytest.fixture
def stack(tmp_path: Path) -> cdk.Stack:
    app = cdk.App(outdir=str(tmp_path))
    return cdk.Stack(app, "Shop", env=cdk.Environment(region="eu-west-1"))


def watch(stack: cdk.Stack, service: Own, name: str = "api", **thresholds: Any) -> ServiceAlarms:
    return ServiceAlarms(stack, "Alarms", service=service, name=name, topic=sns.Topic(stack, "Topic"), **thresholds)


def synthesized(stack: cdk.Stack) -> Template:
    app = stack.node.root
    assert isinstance(app, cdk.App)
    document = json.loads((Path(app.synth().directory) / "Shop.template.json").read_text())
    return Template(document["Resources"], {})


def findings(stack: cdk.Stack) -> set[str]:
    app = stack.node.root
    assert isinstance(app, cdk.App)
    return {finding.rule for finding in roadworthy.check(Path(app.synth().directory) / "Shop.template.json").findings}


def test_a_worker_has_the_alarms_of_its_tasks_alone(stack):
    assert list(watch(stack, own(stack)).alarms) == ["cpu", "memory", "running-tasks"]


def test_a_worker_that_lacks_tasks_for_two_periods_is_an_alarm(stack):
    watch(stack, own(stack))
    found = synthesized(stack).only("AWS::CloudWatch::Alarm", AlarmName="api-running-tasks")
    stats = {query["Id"]: query["MetricStat"] for query in found["Metrics"] if "MetricStat" in query}
    assert found["Metrics"][0]["Expression"] == "desired - FILL(running, 0)"
    assert (stats["running"]["Stat"], stats["desired"]["Stat"]) == ("Maximum", "Minimum")
    assert stats["running"]["Metric"]["Namespace"] == "ECS/ContainerInsights"
    assert (found["Threshold"], found["TreatMissingData"]) == (0, "notBreaching")


def test_behind_a_network_load_balancer_hosts_are_watched_and_requests_are_not(stack):
    alarms = watch(stack, behind_tcp(stack, own(stack))).alarms
    hosts = synthesized(stack).only("AWS::CloudWatch::Alarm", AlarmName="api-unhealthy-hosts")
    assert list(alarms) == ["cpu", "memory", "running-tasks", "unhealthy-hosts", "no-healthy-host"]
    assert (hosts["Namespace"], hosts["MetricName"]) == ("AWS/NetworkELB", "UnHealthyHostCount")


def test_the_errors_of_a_shared_load_balancer_are_not_blamed_on_one_service(stack):
    service = behind_http(stack, own(stack))
    service.load_balancer = None
    watch(stack, service)
    found = synthesized(stack).only("AWS::CloudWatch::Alarm", AlarmName="api-error-rate")
    metrics = [query["MetricStat"]["Metric"] for query in found["Metrics"] if "MetricStat" in query]
    assert {metric["MetricName"] for metric in metrics} == {"RequestCount", "HTTPCode_Target_5XX_Count"}
    assert all("TargetGroup" in {each["Name"] for each in metric["Dimensions"]} for metric in metrics)


def test_alarms_that_deployments_watch_are_made_before_the_service(stack):
    service = own(stack, alarms=ServiceAlarms.names_for("api", AlarmKind.CPU, AlarmKind.MEMORY))
    alarms = watch(stack, service).alarms
    template = synthesized(stack)
    waits_for = template.resource("AWS::ECS::Service", ServiceName="api")["DependsOn"]
    ids = {kind: stack.get_logical_id(alarm.node.default_child) for kind, alarm in alarms.items()}
    assert (ids["cpu"] in waits_for, ids["memory"] in waits_for) == (True, True)
    assert ids["running-tasks"] not in waits_for
    assert "Service" not in text(template.resources[ids["cpu"]]["Properties"]["Dimensions"][0])


def test_the_rules_are_silent_about_alarms_that_deployments_watch(stack):
    watch(stack, behind_http(stack, own(stack, alarms=ServiceAlarms.names_for("api"))))
    assert "deployment-alarm-unknown" not in findings(stack)


def test_without_service_alarms_the_rules_know_only_a_later_alarm(stack):
    own(stack, alarms=["api-cpu"])
    metric = cloudwatch.Metric(namespace="AWS/ECS", metric_name="CPUUtilization")
    cloudwatch.Alarm(stack, "Late", alarm_name="api-cpu", metric=metric, threshold=1, evaluation_periods=1)
    assert "deployment-alarm-unknown" in findings(stack)


def test_an_alarm_that_the_service_cannot_have_is_refused(stack):
    service = own(stack, alarms=ServiceAlarms.names_for("api"))
    with pytest.raises(InvalidAlarmError, match="watch alarm `api-response-time`, which this service cannot have"):
        watch(stack, service)


def test_a_service_that_cloudformation_names_cannot_watch_its_own_alarms(stack):
    service = own(stack, name=None, alarms=["api-cpu"])
    with pytest.raises(InvalidAlarmError, match="by a service without a name"):
        watch(stack, service)


def test_the_metrics_of_a_service_that_cloudformation_names_refer_to_it(stack):
    watch(stack, own(stack, name=None))
    found = synthesized(stack).only("AWS::CloudWatch::Alarm", AlarmName="api-cpu")
    assert "Fn::GetAtt" in found["Dimensions"][1]["Value"]


def test_alarms_of_another_stack_cannot_come_before_the_service(stack):
    service = own(stack, alarms=["api-cpu"])
    with pytest.raises(InvalidAlarmError, match="by a service of stack `Shop`"):
        watch(cdk.Stack(stack.node.root, "Monitoring"), service)


@pytest.mark.parametrize("kind", [AlarmKind.RUNNING_TASKS, AlarmKind.NO_HEALTHY_HOST])
def test_an_alarm_that_is_on_before_the_first_task_is_not_for_deployments(kind):
    with pytest.raises(InvalidAlarmError, match=f"`api-{kind.value}` is on while no task runs"):
        ServiceAlarms.names_for("api", kind)


@pytest.mark.parametrize(("argument", "value"), [("cpu_percent", 100), ("memory_percent", -1), ("error_percent", 250)])
def test_a_percentage_that_cannot_be_passed_is_refused(stack, argument, value):
    with pytest.raises(InvalidAlarmError, match=f"{argument} = {value} is not in 0..99"):
        watch(stack, own(stack), **{argument: value})


def test_a_name_and_thresholds_may_be_parameters(stack):
    name = cdk.CfnParameter(stack, "Name").value_as_string
    percent = cdk.CfnParameter(stack, "Percent", type="Number").value_as_number
    watch(stack, own(stack, name, ServiceAlarms.names_for(name, AlarmKind.CPU)), name, cpu_percent=percent)
    template = synthesized(stack)
    (cpu,) = [each for each in template.of_type("AWS::CloudWatch::Alarm") if each.startswith("AlarmsCpu")]
    assert template.resources[cpu]["Properties"]["Threshold"] == {"Ref": "Percent"}
    assert cpu in template.resource("AWS::ECS::Service", ServiceName={"Ref": "Name"})["DependsOn"]


def test_a_workers_dashboard_shows_tasks_and_no_requests(stack):
    ServiceDashboard(stack, "Dashboard", name="api", service=own(stack))
    body = text(synthesized(stack).only("AWS::CloudWatch::Dashboard")["DashboardBody"])
    assert "RunningTaskCount" in body
    assert "RequestCount" not in body


def test_the_alarms_are_as_they_were(stack):
    watch(stack, behind_http(stack, own(stack)))
    alarms = synthesized(stack).of_type("AWS::CloudWatch::Alarm")
    if os.environ.get("SNAPSHOT") == "write":
        SNAPSHOT.write_text(json.dumps(alarms, indent=1, sort_keys=True) + "\n")
    assert alarms == json.loads(SNAPSHOT.read_text())
