"""The same over HTTP on loopback, for other programs."""

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from roadworthy.testing.clock import VirtualClock
from roadworthy.testing.wire.backend import AwsError, Backend
from roadworthy.testing.wire.errors import NotPlayedError, ShapeError
from roadworthy.testing.wire.server import environment, serve

ONCE = Config(retries={"total_max_attempts": 1})
# One operation of each protocol, of services with their own signing names: (service, operation, parameters, answer).
PLAYED = [
    ("ecs", "ListClusters", {"maxResults": 3}, {"clusterArns": ["arn:cluster"]}),
    ("sts", "GetCallerIdentity", {}, {"Account": "111122223333"}),
    ("elbv2", "DescribeRules", {"RuleArns": ["arn:rule"]}, {"Rules": [{"Priority": "1"}]}),
    ("logs", "DescribeLogGroups", {"limit": 2}, {"logGroups": [{"logGroupName": "/shop/api"}]}),
    ("cloudwatch", "DescribeAlarms", {"AlarmNames": ["5xx"]}, {"MetricAlarms": [{"StateValue": "OK"}]}),
    ("ecr", "DescribeRepositories", {"maxResults": 1}, {"repositories": []}),
    ("ec2", "DescribeSubnets", {"SubnetIds": ["subnet-1"]}, {"Subnets": [{"SubnetId": "subnet-1"}]}),
    ("service-quotas", "GetServiceQuota", {"ServiceCode": "fargate", "QuotaCode": "L-1"}, {"Quota": {"Value": 6.0}}),
    ("secretsmanager", "DescribeSecret", {"SecretId": "db"}, {"Name": "db"}),
    ("ssm", "GetParameters", {"Names": ["a"]}, {"InvalidParameters": ["a"]}),
    ("dynamodb", "GetItem", {"TableName": "t", "Key": {"id": {"S": "1"}}}, {"Item": {"id": {"B": b"\x00"}}}),
    ("lambda", "ListFunctions", {"MaxItems": 2}, {"Functions": [{"FunctionName": "gate"}]}),
    ("s3", "HeadObject", {"Bucket": "settings", "Key": "api/.env"}, {"ContentLength": 0, "Metadata": {"by": "ci"}}),
]


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def backend(clock):
    backend = Backend(now=clock.now, region="eu-west-1", account="111122223333", lock=clock.lock)
    for service, operation, _, answer in PLAYED:
        backend.register(service, operation, lambda _, answer=answer: answer)
    return backend


def client(service, url, config=ONCE):
    return boto3.client(
        service, region_name="eu-west-1", endpoint_url=url, config=config,
        aws_access_key_id="key", aws_secret_access_key="secret",
    )  # fmt: skip


def method_of(asked, operation):
    names = asked.meta.method_to_api_mapping
    return getattr(asked, next(name for name in names if names[name] == operation))


def test_every_protocol_is_answered(backend, clock):
    with serve(backend, clock.sleep) as url:
        for service, operation, parameters, answer in PLAYED:
            arrived = method_of(client(service, url), operation)(**parameters)
            assert {name: arrived[name] for name in answer} == answer
            call = backend.calls[-1]
            assert (call.service, call.operation) == (service, operation)
            assert {name: call.parameters[name] for name in parameters} == parameters


def test_a_subprocess_finds_it_by_its_environment(backend, clock, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "absent")
    monkeypatch.setenv("AWS_ENDPOINT_URL_ECS", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    program = "import boto3; print(boto3.client('ecs').list_clusters()['clusterArns'])"
    with serve(backend, clock.sleep) as url:
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, env=environment(backend, url), capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("['arn:cluster']\n", "")


def test_virtual_time_runs_faster_than_the_walls(backend, clock):
    due = threading.Event()
    clock.after(60, due.set)
    started, start = clock.now(), time.monotonic()
    with serve(backend, clock.sleep, speed=600):
        assert due.wait(5)
    assert 60 <= clock.now() - started <= (time.monotonic() - start) * 600 + 60


def test_nothing_is_left_when_it_stops(backend, clock):
    before = set(threading.enumerate())
    with serve(backend, clock.sleep) as url:
        kept = client("ecs", url)
        kept.list_clusters()  # the connection stays open
    assert set(threading.enumerate()) == before
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))):
        pass


def test_it_stops_when_the_test_fails(backend, clock):
    before = set(threading.enumerate())
    with pytest.raises(KeyError), serve(backend, clock.sleep):
        raise KeyError
    assert set(threading.enumerate()) == before


def test_an_error_is_typed_over_http_too(backend, clock):
    def refuse(_):
        raise AwsError("ClusterNotFoundException", "Cluster not found.")

    backend.register("ecs", "ListServices", refuse)
    with serve(backend, clock.sleep) as url:
        ecs = client("ecs", url)
        with pytest.raises(ecs.exceptions.ClusterNotFoundException, match="Cluster not found"):
            ecs.list_services()


def test_a_dropped_connection_is_told_and_the_next_call_succeeds(backend, clock):
    with serve(backend, clock.sleep) as url:
        ecs = client("ecs", url)
        backend.troubles.reset_connections(1)
        with pytest.raises(ConnectionClosedError):
            ecs.list_clusters()
        assert ecs.list_clusters()["clusterArns"] == ["arn:cluster"]


@pytest.mark.parametrize(
    ("service", "method", "told"),
    [
        ("ecs", "list_tasks", "nobody plays ecs ListTasks"),
        ("elbv2", "describe_account_limits", "nobody plays elbv2 DescribeAccountLimits"),
        ("sqs", "list_queues", "nobody plays AmazonSQS.ListQueues of sqs"),
        ("iam", "list_users", "nobody plays ListUsers of iam"),
        ("eks", "list_clusters", "nobody plays GET /clusters of eks"),
    ],
)
def test_what_nobody_plays_fails_the_client_and_the_test(backend, clock, service, method, told):
    seen = pytest.raises(ClientError, match=f"FaultOfTheTest.*{told}")
    with pytest.raises(NotPlayedError, match=told), serve(backend, clock.sleep) as url, seen:
        getattr(client(service, url), method)()


def test_a_handler_that_fails_fails_the_test(backend, clock):
    backend.register("ecs", "ListServices", lambda _: 1 / 0)
    seen = pytest.raises(ClientError, match="FaultOfTheTest")
    with pytest.raises(ZeroDivisionError), serve(backend, clock.sleep) as url, seen:
        client("ecs", url).list_services()


def test_an_answer_that_aws_cannot_give_fails_the_test(backend, clock):
    backend.register("ecs", "ListServices", lambda _: {"services": []})
    with pytest.raises(ShapeError), serve(backend, clock.sleep) as url, pytest.raises(ClientError):
        client("ecs", url).list_services()


def test_a_job_of_the_clock_that_fails_fails_the_test(backend, clock):
    clock.after(0.001, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError), serve(backend, clock.sleep, speed=1000):
        time.sleep(0.1)


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"maxResults": {}}', b"\xff"])
def test_what_cannot_be_read_is_refused_as_aws_does(backend, clock, body):
    headers = {
        "X-Amz-Target": "AmazonEC2ContainerServiceV20141113.ListClusters",
        "Authorization": "AWS4-HMAC-SHA256 Credential=key/20260101/eu-west-1/ecs/aws4_request, SignedHeaders=a",
    }
    with serve(backend, clock.sleep) as url:
        request = urllib.request.Request(url, body, headers)  # noqa: S310 - loopback
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(request)  # noqa: S310 - loopback
    assert error.value.code == 400
    assert json.loads(error.value.read())["__type"] in ("SerializationException", "ValidationException")


def test_a_call_that_is_not_signed_is_refused(backend, clock):
    with serve(backend, clock.sleep) as url, pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(url)  # noqa: S310 - loopback
    assert error.value.code == 403
    assert json.loads(error.value.read())["__type"] == "MissingAuthenticationToken"


def test_the_servers_port_is_reached_from_this_machine_alone(backend, clock):
    with serve(backend, clock.sleep) as url:
        assert url.startswith("http://127.0.0.1:")
