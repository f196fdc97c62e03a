"""ECS's operations: what they answer, and how they refuse."""

import datetime as dt
import importlib
import sys

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from roadworthy.errors import RoadworthyError
from roadworthy.testing import FakeEcs, faults
from roadworthy.testing.plane.api.table import OPERATIONS
from tests.unit.testing.plane_lab import IMAGE, Lab


@pytest.fixture(scope="module")
def ecs():
    """A client of a cluster with 25 services."""
    fake = FakeEcs()
    for number in range(25):
        fake.add_service("shop", f"svc-{number:02}", image=IMAGE, desired=1)
    fake.add_cluster("empty")
    return fake.session().client("ecs")


def code_of(refused):
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def test_the_operations_that_a_pipeline_needs_are_played():
    assert sorted(OPERATIONS) == [
        "ContinueServiceDeployment",
        "DeregisterTaskDefinition",
        "DescribeClusters",
        "DescribeServiceDeployments",
        "DescribeServiceRevisions",
        "DescribeServices",
        "DescribeTaskDefinition",
        "DescribeTasks",
        "GetTaskProtection",
        "ListClusters",
        "ListServiceDeployments",
        "ListServices",
        "ListTagsForResource",
        "ListTaskDefinitions",
        "ListTasks",
        "RegisterTaskDefinition",
        "RunTask",
        "StopServiceDeployment",
        "StopTask",
        "TagResource",
        "UntagResource",
        "UpdateService",
        "UpdateTaskProtection",
    ]


# Clusters and services ------------------------------------------------------------------------------------------------


def test_clusters_are_listed_and_described(ecs):
    arns = ecs.list_clusters()["clusterArns"]
    described = ecs.describe_clusters(clusters=[*arns, "other"])
    assert [one["activeServicesCount"] for one in described["clusters"]] == [25, 0]
    assert described["failures"] == [{"arn": "arn:aws:ecs:eu-west-1:111122223333:cluster/other", "reason": "MISSING"}]


def test_services_come_in_pages_of_ten(ecs):
    first = ecs.list_services(cluster="shop")
    assert len(first["serviceArns"]) == 10
    pages = ecs.get_paginator("list_services").paginate(cluster="shop", PaginationConfig={"PageSize": 7})
    names = [arn.rpartition("/")[2] for page in pages for arn in page["serviceArns"]]
    assert names == [f"svc-{number:02}" for number in range(25)]


def test_ten_services_are_described_at_once_and_eleven_are_refused(ecs):
    names = [f"svc-{number:02}" for number in range(11)]
    assert len(ecs.describe_services(cluster="shop", services=names[:10])["services"]) == 10
    with pytest.raises(ClientError) as refused:
        ecs.describe_services(cluster="shop", services=names)
    assert code_of(refused) == ("InvalidParameterException", "services can have at most 10 items.")


def test_a_service_that_does_not_exist_is_a_failure_of_the_batch(ecs):
    answer = ecs.describe_services(cluster="shop", services=["svc-00", "typo"])
    assert [one["serviceName"] for one in answer["services"]] == ["svc-00"]
    arn = "arn:aws:ecs:eu-west-1:111122223333:service/shop/typo"
    assert answer["failures"] == [{"arn": arn, "reason": "MISSING"}]


def test_a_service_is_found_by_its_arn(ecs):
    arn = ecs.list_services(cluster="shop")["serviceArns"][0]
    cluster = "arn:aws:ecs:eu-west-1:111122223333:cluster/shop"
    assert ecs.describe_services(cluster=cluster, services=[arn])["services"][0]["serviceArn"] == arn


def test_tags_are_shown_when_they_are_asked_for():
    lab = Lab(tags={"team": "checkout"})
    shown = lab.ecs.describe_services(cluster="shop", services=["api"], include=["TAGS"])["services"][0]
    assert shown["tags"] == [{"key": "team", "value": "checkout"}]
    assert "tags" not in lab.service()


@pytest.mark.parametrize("size", [-1, 101])
def test_a_page_has_1_to_100_items(ecs, size):
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ecs.list_services(cluster="shop", maxResults=size)


def test_an_unknown_token_is_refused(ecs):
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ecs.list_services(cluster="shop", nextToken="nonsense")


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        ("list_services", {"cluster": "typo"}, ("ClusterNotFoundException", "Cluster not found.")),
        ("describe_services", {"services": ["svc-00"]}, ("ClusterNotFoundException", "Cluster not found.")),
        ("update_service", {"cluster": "shop", "service": "typo"}, ("ServiceNotFoundException", "Service not found.")),
        ("list_tasks", {"cluster": "shop", "serviceName": "typo"}, ("ServiceNotFoundException", "Service not found.")),
        (
            "list_service_deployments",
            {"cluster": "shop", "service": "typo"},
            ("ServiceNotFoundException", "Service not found."),
        ),
        (
            "update_service",
            {"cluster": "shop", "service": "svc-00", "taskDefinition": "svc-00:99"},
            ("ClientException", "TaskDefinition not found."),
        ),
        (
            "describe_task_definition",
            {"taskDefinition": "svc-00:one"},
            ("ClientException", "Unable to describe task definition."),
        ),
        (
            "stop_service_deployment",
            {"serviceDeploymentArn": "arn:aws:ecs:eu-west-1:111122223333:service-deployment/shop/svc-00/no"},
            ("ServiceDeploymentNotFoundException", "The service deployment does not exist."),
        ),
        (
            "stop_task",
            {"cluster": "shop", "task": "typo"},
            ("InvalidParameterException", "The referenced task was not found."),
        ),
        ("describe_tasks", {"cluster": "shop", "tasks": []}, ("InvalidParameterException", "Tasks cannot be empty.")),
        (
            "list_tags_for_resource",
            {"resourceArn": "arn:aws:ecs:eu-west-1:111122223333:service/shop/typo"},
            ("InvalidParameterException", "The specified resource is not found."),
        ),
    ],
)
def test_what_does_not_exist_is_refused_as_ecs_refuses_it(ecs, operation, parameters, expected):
    with pytest.raises(ClientError) as refused:
        getattr(ecs, operation)(**parameters)
    assert code_of(refused) == expected


def test_the_exceptions_are_typed(ecs):
    with pytest.raises(ecs.exceptions.ServiceNotFoundException):
        ecs.update_service(cluster="shop", service="typo")


def test_botocore_checks_the_parameters(ecs):
    with pytest.raises(ParamValidationError, match="serviceDeploymentArn"):
        ecs.stop_service_deployment(stopType="ROLLBACK")


def test_a_service_that_is_not_active_is_refused():
    lab = Lab()
    lab.fake.plane.clusters["shop"].services["api"].status = "DRAINING"
    with pytest.raises(lab.ecs.exceptions.ServiceNotActiveException):
        lab.update()


# UpdateService --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"desiredCount": 3},
        {"healthCheckGracePeriodSeconds": 90},
        {"deploymentConfiguration": {"maximumPercent": 150}},
        {"enableExecuteCommand": True},
        {"taskDefinition": "api"},
    ],
)
def test_some_changes_start_no_deployment(changes):
    lab = Lab()
    former = lab.service()["currentServiceDeployment"]
    assert lab.update(**changes) == former


@pytest.mark.parametrize(
    "changes",
    [
        {"forceNewDeployment": True},
        {"platformVersion": "1.4.0"},
        {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-0cccccccccccccccc"]}}},
    ],
)
def test_other_changes_do(changes):
    lab = Lab()
    former = lab.service()["currentServiceDeployment"]
    arn = lab.update(**changes)
    assert arn != former
    assert lab.follow(arn)["status"] == "SUCCESSFUL"


def test_a_family_means_its_newest_active_revision():
    lab = Lab()
    second, third = lab.register("api:2"), lab.register("api:3")
    lab.ecs.deregister_task_definition(taskDefinition=third)
    lab.deploy(taskDefinition="api")
    assert lab.service()["taskDefinition"] == second


def test_an_inactive_revision_is_refused():
    lab = Lab()
    second = lab.register()
    lab.ecs.deregister_task_definition(taskDefinition=second)
    with pytest.raises(lab.ecs.exceptions.ClientException, match="TaskDefinition is inactive"):
        lab.update(taskDefinition=second)


def test_a_refused_update_changes_nothing():
    lab = Lab(faults.five_active_deployments())
    before = lab.service()
    with pytest.raises(lab.ecs.exceptions.InvalidParameterException):
        lab.update(forceNewDeployment=True, platformVersion="1.4.0", desiredCount=7)
    assert lab.service() == before


def test_scaling_out_and_in_needs_no_deployment():
    lab = Lab()
    lab.update(desiredCount=4)
    lab.sleep(60)
    assert (lab.service()["runningCount"], len(lab.service()["deployments"])) == (4, 1)
    lab.update(desiredCount=1)
    lab.sleep(30)
    assert (lab.service()["runningCount"], lab.service()["pendingCount"]) == (1, 0)


# Task definitions -----------------------------------------------------------------------------------------------------


def test_a_registered_task_definition_is_described_as_it_was_given():
    lab = Lab()
    arn = lab.register("api:2")
    shown = lab.ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
    assert (shown["family"], shown["revision"], shown["status"]) == ("api", 2, "ACTIVE")
    assert shown["containerDefinitions"][0]["image"] == "api:2"


def test_what_was_described_can_be_registered_again():
    lab = Lab()
    shown = lab.ecs.describe_task_definition(taskDefinition="api")["taskDefinition"]
    answered = {"taskDefinitionArn", "revision", "status", "registeredAt", "registeredBy", "compatibilities"}
    again = {name: value for name, value in shown.items() if name not in answered}
    assert lab.ecs.register_task_definition(**again)["taskDefinition"]["revision"] == 2


def test_task_definitions_are_listed_by_family_and_status():
    lab = Lab()
    arns = [lab.register(), lab.register()]
    lab.ecs.deregister_task_definition(taskDefinition=arns[0])
    listed = lab.ecs.list_task_definitions(familyPrefix="api", sort="DESC")["taskDefinitionArns"]
    assert [arn.rpartition(":")[2] for arn in listed] == ["3", "1"]
    assert lab.ecs.list_task_definitions(status="INACTIVE")["taskDefinitionArns"] == [arns[0]]
    assert lab.ecs.list_task_definitions(familyPrefix="other")["taskDefinitionArns"] == []


# Service deployments --------------------------------------------------------------------------------------------------


def test_deployments_are_listed_the_newest_first_and_by_status():
    lab = Lab(faults.crash_loop())
    failed, good = lab.deploy()["serviceDeploymentArn"], lab.deploy()["serviceDeploymentArn"]

    def listed(**asked):
        answer = lab.ecs.list_service_deployments(cluster="shop", service="api", **asked)
        return [one["serviceDeploymentArn"] for one in answer["serviceDeployments"]]

    assert listed()[:2] == [good, failed]
    assert listed(status=["ROLLBACK_SUCCESSFUL"]) == [failed]
    assert listed(status=["IN_PROGRESS", "PENDING"]) == []


def test_deployments_are_listed_by_the_time_of_their_creation():
    lab = Lab()
    lab.sleep(3600)
    arn = lab.update()
    moment = dt.datetime.fromtimestamp(lab.start + 1800, dt.UTC)
    answer = lab.ecs.list_service_deployments(cluster="shop", service="api", createdAt={"after": moment})
    assert [one["serviceDeploymentArn"] for one in answer["serviceDeployments"]] == [arn]
    before = lab.ecs.list_service_deployments(cluster="shop", service="api", createdAt={"before": moment})
    assert [one["status"] for one in before["serviceDeployments"]] == ["SUCCESSFUL"]


def test_unknown_deployments_and_revisions_are_failures_of_the_batch():
    lab = Lab()
    unknown = "arn:aws:ecs:eu-west-1:111122223333:service-deployment/shop/api/no"
    answer = lab.ecs.describe_service_deployments(serviceDeploymentArns=[unknown])
    assert answer["failures"] == [{"arn": unknown, "reason": "MISSING"}]
    assert lab.ecs.describe_service_revisions(serviceRevisionArns=[unknown])["failures"][0]["reason"] == "MISSING"


def test_twenty_one_deployments_are_too_many():
    lab = Lab()
    with pytest.raises(ClientError, match="InvalidParameterException"):
        lab.ecs.describe_service_deployments(serviceDeploymentArns=["arn"] * 21)


def test_what_has_ended_cannot_be_stopped():
    lab = Lab()
    arn = lab.deploy()["serviceDeploymentArn"]
    with pytest.raises(lab.ecs.exceptions.ConflictException):
        lab.ecs.stop_service_deployment(serviceDeploymentArn=arn)


def test_what_rolls_back_already_goes_on_when_it_is_stopped_again():
    lab = Lab()
    arn = lab.update()
    lab.sleep(25)
    for _ in range(3):
        lab.ecs.stop_service_deployment(serviceDeploymentArn=arn)
        lab.sleep(0.6)
    assert lab.follow(arn)["status"] == "ROLLBACK_SUCCESSFUL"


def test_aborting_stops_without_a_rollback():
    lab = Lab()
    arn = lab.update()
    lab.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ABORT")
    assert lab.follow(arn)["status"] == "STOPPED"


# What a test sets up --------------------------------------------------------------------------------------------------


def test_a_service_is_added_once():
    lab = Lab()
    with pytest.raises(RoadworthyError, match="cluster `shop` has a service `api` already"):
        lab.fake.add_service("shop", "api", image=IMAGE)


def test_an_unknown_strategy_is_refused_with_those_that_there_are():
    with pytest.raises(RoadworthyError, match="`CANARI` of `api` is none of ROLLING, BLUE_GREEN, CANARY, LINEAR"):
        Lab(strategy="CANARI")


def test_scripting_an_unknown_service_names_the_nearest():
    with pytest.raises(RoadworthyError, match="no service `apu` to script; did you mean `api`"):
        Lab().fake.script("apu", faults.none())


def test_without_boto3_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.delitem(sys.modules, "roadworthy.testing")
    with pytest.raises(ModuleNotFoundError, match=r"roadworthy.testing needs boto3: pip install 'roadworthy\[aws\]'"):
        importlib.import_module("roadworthy.testing")


def test_what_aws_was_asked_is_kept():
    lab = Lab()
    arn = lab.update()
    call = lab.fake.calls[-1]
    assert (call.service, call.operation, call.action) == ("ecs", "UpdateService", "ecs:UpdateService")
    assert call.parameters == {"cluster": "shop", "service": "api", "forceNewDeployment": True}
    assert arn.startswith("arn:aws:ecs:eu-west-1:111122223333:service-deployment/shop/api/")


def test_another_partition_has_its_own_arns():
    fake = FakeEcs(region="cn-north-1", account="444455556666")
    assert fake.add_service("shop", "api", image=IMAGE) == "arn:aws-cn:ecs:cn-north-1:444455556666:service/shop/api"


def test_a_capacity_provider_strategy_takes_the_place_of_the_launch_type():
    lab = Lab()
    lab.update(capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}])
    assert ("launchType" in lab.service(), lab.service()["capacityProviderStrategy"][0]["weight"]) == (False, 1)
    lab.update(capacityProviderStrategy=[], forceNewDeployment=True)
    assert lab.service()["launchType"] == "FARGATE"
