"""boto3's own clients, answered in this process."""

import socket
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError
from botocore.handlers import BUILTIN_HANDLERS

from roadworthy.testing.wire.backend import AwsError, Backend
from roadworthy.testing.wire.errors import NotPlayedError, ShapeError
from roadworthy.testing.wire.session import session

ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("the wire touches the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def backend():
    return Backend(now=lambda: 7.0, region="eu-west-1", account="111122223333")


@pytest.fixture
def client(backend):
    own = session(backend)
    return lambda service: own.client(service, config=ONCE)


def refuse(code, message, **fields):
    def handler(_):
        raise AwsError(code, message, fields=fields)

    return handler


def test_what_was_asked_is_listed_with_its_time_and_its_permission(backend, client):
    backend.register("elbv2", "DescribeRules", lambda _: {"Rules": []})
    client("elbv2").describe_rules(RuleArns=["arn:rule"])
    (call,) = backend.calls
    assert (call.service, call.operation, call.parameters, call.at) == (
        "elbv2", "DescribeRules", {"RuleArns": ["arn:rule"]}, 7.0
    )  # fmt: skip
    assert call.action == "elasticloadbalancing:DescribeRules"


def test_a_call_tells_what_it_must_be_allowed_and_on_what(backend, client):
    backend.register("ecs", "RegisterTaskDefinition", lambda _: {})
    role = "arn:aws:iam::111122223333:role/api"
    client("ecs").register_task_definition(family="api", containerDefinitions=[], taskRoleArn=role)
    assert backend.calls[0].permissions == (("ecs:RegisterTaskDefinition", "*"), ("iam:PassRole", role))


def test_the_list_of_calls_can_be_emptied_while_one_is_answered(backend, client):
    def handler(_):
        backend.calls.clear()
        raise AwsError("ServerException", "broken")

    backend.register("ecs", "ListClusters", handler)
    with pytest.raises(ClientError, match="broken"):
        client("ecs").list_clusters()
    assert backend.calls == []


@pytest.mark.parametrize(
    ("service", "operation", "method", "code", "exception"),
    [
        ("ecs", "ListServices", "list_services", "ClusterNotFoundException", "ClusterNotFoundException"),
        ("elbv2", "DescribeRules", "describe_rules", "RuleNotFound", "RuleNotFoundException"),
        ("cloudwatch", "DescribeAlarms", "describe_alarms", "InvalidNextToken", "InvalidNextToken"),
        ("iam", "GetUser", "get_user", "NoSuchEntity", "NoSuchEntityException"),
        ("lambda", "ListFunctions", "list_functions", "TooManyRequestsException", "TooManyRequestsException"),
    ],
)
def test_an_error_is_the_typed_exception_of_its_service(backend, client, service, operation, method, code, exception):
    backend.register(service, operation, refuse(code, "no such thing"))
    asked = client(service)
    with pytest.raises(getattr(asked.exceptions, exception)) as error:
        getattr(asked, method)()
    assert error.value.response["Error"]["Code"] == code
    assert error.value.response["Error"]["Message"] == "no such thing"
    assert backend.calls[-1].error == code


@pytest.mark.parametrize(("service", "method"), [("ec2", "describe_subnets"), ("s3", "list_buckets")])
def test_an_error_without_a_type_has_its_code_and_message(backend, client, service, method):
    operation = {"ec2": "DescribeSubnets", "s3": "ListBuckets"}[service]
    backend.register(service, operation, refuse("InvalidSubnetID.NotFound", "The subnet ID 's' does not exist"))
    with pytest.raises(ClientError) as error:
        getattr(client(service), method)()
    assert error.value.response["Error"]["Code"] == "InvalidSubnetID.NotFound"
    assert error.value.response["Error"]["Message"] == "The subnet ID 's' does not exist"


def test_the_fields_of_a_modelled_error_arrive(backend, client):
    backend.register("ecs", "UpdateService", refuse("ConflictException", "busy", resourceIds=["arn:deployment"]))
    with pytest.raises(ClientError) as error:
        client("ecs").update_service(service="api")
    assert error.value.response["resourceIds"] == ["arn:deployment"]


def test_a_field_that_the_error_does_not_have_fails_the_test(backend, client):
    backend.register("ecs", "ListClusters", refuse("ServerException", "broken", hint="none"))
    with pytest.raises(ShapeError, match="ecs ServerException has no member hint"):
        client("ecs").list_clusters()


def test_an_answer_that_aws_cannot_give_fails_the_test(backend, client):
    backend.register("ecs", "ListClusters", lambda _: {"clusters": []})
    with pytest.raises(ShapeError, match="ecs ListClusters: ListClustersResponse has no member clusters"):
        client("ecs").list_clusters()


def test_a_wrong_parameter_is_refused_by_botocore(backend, client):
    backend.register("ecs", "UpdateService", lambda _: {})
    with pytest.raises(ParamValidationError, match="Invalid type for parameter desiredCount"):
        client("ecs").update_service(service="api", desiredCount="2")
    assert backend.calls == []


def test_a_client_that_does_not_validate_is_refused_as_aws_does(backend):
    backend.register("ecs", "UpdateService", lambda _: {})
    careless = session(backend).client("ecs", config=Config(parameter_validation=False))
    with pytest.raises(ClientError, match=r"(?s)ValidationException.*Missing required parameter.*service"):
        careless.update_service(cluster="shop")


def test_an_operation_that_nobody_plays_is_named(backend, client):
    backend.register("ecs", "ListClusters", lambda _: {})
    with pytest.raises(NotPlayedError, match=r"nobody plays ecs ListTasks.*played are ListClusters"):
        client("ecs").list_tasks()


def test_a_service_that_nobody_plays_is_named(backend, client):
    with pytest.raises(AssertionError, match="nobody plays sqs ListQueues"):
        client("sqs").list_queues()


@pytest.mark.parametrize(("service", "operation"), [("ecs", "DeployService"), ("ecsv2", "ListClusters")])
def test_what_boto3_does_not_know_cannot_be_played(backend, service, operation):
    with pytest.raises(NotPlayedError, match=f"boto3 has no operation `{operation}` of `{service}`"):
        backend.register(service, operation, lambda _: {})


def test_the_users_profile_credentials_and_endpoint_are_not_read(backend, monkeypatch, tmp_path):
    backend.register("sts", "GetCallerIdentity", lambda _: {"Account": backend.account})
    (tmp_path / "config").write_text("[profile mine]\nregion = us-east-1\nretry_mode = broken\n")
    settings = {"AWS_PROFILE": "absent", "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_RETRY_MODE": "broken"}
    for name, value in {**settings, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    client = session(backend).client("sts")
    assert client.get_caller_identity()["Account"] == "111122223333"
    assert client.meta.region_name == "eu-west-1"
    assert client.meta.endpoint_url == "https://sts.eu-west-1.amazonaws.com"


def test_other_sessions_are_left_alone(backend):
    session(backend)
    with pytest.raises(EndpointConnectionError):
        boto3.Session("key", "secret", region_name="eu-west-1").client("ecs", config=ONCE).list_clusters()


def test_what_moto_adds_to_every_session_is_not_asked_as_well(backend):
    def moto(**_):
        raise AssertionError("moto is asked")

    backend.register("ecs", "ListClusters", lambda _: {"clusterArns": ["arn:cluster"]})
    BUILTIN_HANDLERS.append(("before-send", moto))
    try:
        assert session(backend).client("ecs").list_clusters()["clusterArns"] == ["arn:cluster"]
    finally:
        BUILTIN_HANDLERS.remove(("before-send", moto))


def test_a_streamed_body_can_be_read(backend, client):
    backend.register("s3", "GetObject", lambda _: {"Body": b"A=1\n", "ContentLength": 4})
    assert client("s3").get_object(Bucket="settings", Key="api/.env")["Body"].read() == b"A=1\n"
    assert backend.calls[-1].parameters["Bucket"] == "settings"
    assert backend.calls[-1].parameters["Key"] == "api/.env"


def test_sixteen_threads_are_answered_one_by_one(backend, client):
    seen = []

    def handler(parameters):
        seen.append(parameters["cluster"])
        return {"taskArns": [parameters["cluster"]], "nextToken": str(len(seen))}

    backend.register("ecs", "ListTasks", handler)
    ecs = client("ecs")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: ecs.list_tasks(cluster=f"c{number}"), range(64)))
    assert [answer["taskArns"] for answer in answers] == [[f"c{number}"] for number in range(64)]
    assert sorted(int(answer["nextToken"]) for answer in answers) == list(range(1, 65))
    assert [call.parameters["cluster"] for call in backend.calls] == seen


def test_paginators_and_waiters_of_boto3_work(backend, client):
    pages = {None: {"taskArns": ["a"], "nextToken": "2"}, "2": {"taskArns": ["b"]}}
    backend.register("ecs", "ListTasks", lambda asked: pages[asked.get("nextToken")])
    assert list(client("ecs").get_paginator("list_tasks").paginate().search("taskArns")) == ["a", "b"]


@pytest.mark.parametrize(("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
def test_other_partitions_have_their_own_arns_and_endpoints(region, partition):
    backend = Backend(now=lambda: 0.0, region=region, account="111122223333")
    backend.register("ecs", "ListClusters", lambda _: {"clusterArns": [backend.arn("ecs", "cluster/shop")]})
    answer = session(backend).client("ecs").list_clusters()
    assert answer["clusterArns"] == [f"arn:{partition}:ecs:{region}:111122223333:cluster/shop"]


def test_the_same_calls_have_the_same_request_ids(backend, client):
    backend.register("ecs", "ListClusters", lambda _: {})
    answer = client("ecs").list_clusters()
    assert answer["ResponseMetadata"]["RequestId"] == "00000000-0000-4000-8000-000000000001"
