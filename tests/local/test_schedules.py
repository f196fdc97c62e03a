"""Contract: EventBridge Scheduler starts ECS tasks; clusters have their capacity providers."""

import datetime
import sys
import time
from pathlib import Path

import pytest

from roadworthy.local.images import push
from tests.local.templates import REGION, att, ref, resource, role, whole_service

pytestmark = pytest.mark.e2e
REPOSITORY = f"000000000000.dkr.ecr.{REGION}.amazonaws.com/job"


def test_a_schedule_runs_its_task_when_it_is_due(aws, deploy):
    aws.client("ecr").create_repository(repositoryName="job")
    command = [sys.executable, "-c", "print('the job is done')"]
    push(aws.client("ecr"), "job", "1", argv=command, cwd=Path(__file__).parent)
    stack = deploy(job(when=datetime.datetime.now(datetime.UTC)), cluster=ref("Cluster"), logs=ref("Logs"))
    end = time.monotonic() + 30
    while not (events := aws.client("logs").filter_log_events(logGroupName=stack["logs"])["events"]):
        assert time.monotonic() < end, "no task was started"
        time.sleep(0.2)
    assert [event["message"] for event in events] == ["the job is done"]


def job(*, when):
    """A task that is due at once."""
    made = whole_service(f"{REPOSITORY}:1")
    network = {"AwsvpcConfiguration": {"Subnets": [ref("Subnet")], "SecurityGroups": [ref("Group")]}}
    task = {"TaskDefinitionArn": ref("Task"), "LaunchType": "FARGATE", "NetworkConfiguration": network}
    schedule = resource(
        "Scheduler::Schedule",
        Name="job", FlexibleTimeWindow={"Mode": "OFF"}, ScheduleExpression=f"at({when:%Y-%m-%dT%H:%M:%S})",
        ScheduleExpressionTimezone="UTC",
        Target={"Arn": att("Cluster", "Arn"), "RoleArn": att("TaskRole", "Arn"), "EcsParameters": task},
    )  # fmt: skip
    kept = ("Vpc", "Subnet", "Group", "Logs", "Cluster", "TaskRole", "Task")
    return {**{name: made[name] for name in kept}, "Schedule": schedule}


def test_a_schedule_keeps_its_time_zone(aws, deploy):
    deploy({
        "Role": role("scheduler"),
        "Nightly": resource(
            "Scheduler::Schedule",
            Name="nightly", FlexibleTimeWindow={"Mode": "OFF"}, ScheduleExpression="cron(0 3 * * ? *)",
            ScheduleExpressionTimezone="Asia/Singapore",
            Target={"Arn": f"arn:aws:sqs:{REGION}:000000000000:q", "RoleArn": att("Role", "Arn")},
        ),
    })  # fmt: skip
    assert aws.client("scheduler").get_schedule(Name="nightly")["ScheduleExpressionTimezone"] == "Asia/Singapore"


def test_a_cluster_has_its_capacity_providers(aws, deploy):
    providers = resource(
        "ECS::ClusterCapacityProviderAssociations",
        Cluster=ref("Cluster"), CapacityProviders=["FARGATE", "FARGATE_SPOT"],
        DefaultCapacityProviderStrategy=[{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}],
    )  # fmt: skip
    resources = {"Cluster": resource("ECS::Cluster", ClusterName="spot")}
    stack = deploy({**resources, "Providers": providers})
    (cluster,) = aws.client("ecs").describe_clusters(clusters=["spot"])["clusters"]
    assert cluster["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert cluster["defaultCapacityProviderStrategy"] == [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    stack.update(resources)
    assert aws.client("ecs").describe_clusters(clusters=["spot"])["clusters"][0]["capacityProviders"] == []
