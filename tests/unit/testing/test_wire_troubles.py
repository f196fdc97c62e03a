"""What the wire does to a call: throttling, denial, reset connections, latency, an expired token."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from roadworthy.testing.wire.backend import Backend
from roadworthy.testing.wire.permissions import iam_action, needed
from roadworthy.testing.wire.session import session

ECS = "arn:aws:ecs:eu-west-1:111122223333"
ONCE = {"total_max_attempts": 1}
PLAYED = {
    "ecs": ("ListClusters", "list_clusters"),
    "elbv2": ("DescribeRules", "describe_rules"),
    "ec2": ("DescribeSubnets", "describe_subnets"),
    "cloudwatch": ("DescribeAlarms", "describe_alarms"),
}


@pytest.fixture
def backend():
    backend = Backend(now=lambda: 0.0, region="eu-west-1", account="111122223333")
    for service, (operation, _) in PLAYED.items():
        backend.register(service, operation, lambda _: {})
    backend.register("ecs", "UpdateService", lambda _: {})
    return backend


@pytest.fixture
def client(backend):
    own = session(backend)
    return lambda service, **retries: own.client(service, config=Config(retries=retries or ONCE))


def error_of(call, **parameters):
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value.response


@pytest.mark.parametrize(
    ("service", "code", "message", "status"),
    [
        ("ecs", "ThrottlingException", "Rate exceeded", 400),
        ("elbv2", "Throttling", "Rate exceeded", 400),
        ("ec2", "RequestLimitExceeded", "Request limit exceeded.", 503),
        ("cloudwatch", "ThrottlingException", "Rate exceeded", 400),
    ],
)
def test_throttling_has_the_code_of_its_protocol(backend, client, service, code, message, status):
    backend.troubles.throttle()
    answer = error_of(getattr(client(service), PLAYED[service][1]))
    assert answer["Error"]["Code"] == code
    assert answer["Error"]["Message"] == message
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status


@pytest.mark.parametrize("service", PLAYED)
def test_botocore_retries_what_was_throttled(backend, client, service, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _: None)  # botocore's own pause
    backend.troubles.throttle(0.5, seed=1)  # the first is refused, the second is let through
    getattr(client(service, mode="standard", total_max_attempts=5), PLAYED[service][1])()
    assert [bool(call.error) for call in backend.calls] == [True, False]


def test_the_same_seed_throttles_the_same_calls(backend, client):
    def throttled():
        backend.troubles.throttle(0.3, seed=7)
        start = len(backend.calls)
        for _ in range(40):
            try:
                ecs.list_clusters()
            except ClientError:
                continue
        return [bool(call.error) for call in backend.calls[start:]]

    ecs = client("ecs")
    first = throttled()
    assert first == throttled()
    assert 6 <= sum(first) <= 18


def test_throttling_can_be_of_one_action(backend, client):
    backend.troubles.throttle(action="ecs:List*")
    assert error_of(client("ecs").list_clusters)["Error"]["Code"] == "ThrottlingException"
    client("ecs").update_service(service="api")
    assert backend.calls[-1].error == ""


@pytest.mark.parametrize(
    ("service", "code"),
    [("ecs", "AccessDeniedException"), ("elbv2", "AccessDenied"), ("ec2", "UnauthorizedOperation")],
)
def test_a_denial_has_the_code_of_its_protocol(backend, client, service, code):
    backend.troubles.deny("*")
    assert error_of(getattr(client(service), PLAYED[service][1]))["Error"]["Code"] == code


def test_a_denial_names_the_caller_the_action_and_the_resource(backend, client):
    backend.troubles.deny("ecs:UpdateService")
    answer = error_of(client("ecs").update_service, cluster="shop", service="api")
    assert answer["Error"]["Message"] == (
        "User: arn:aws:iam::111122223333:user/roadworthy is not authorized to perform: ecs:UpdateService on resource: "
        "arn:aws:ecs:eu-west-1:111122223333:service/shop/api because no identity-based policy allows the "
        "ecs:UpdateService action"
    )
    client("ecs").list_clusters()


def test_ec2_begins_a_denial_in_its_own_way(backend, client):
    backend.troubles.deny("ec2:DescribeSubnets")
    message = error_of(client("ec2").describe_subnets)["Error"]["Message"]
    assert message.startswith("You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/")
    assert message.endswith("no identity-based policy allows the ec2:DescribeSubnets action")


def test_a_denial_names_the_arn_that_was_asked_for(backend, client):
    backend.troubles.deny("elasticloadbalancing:DescribeRules")
    message = error_of(client("elbv2").describe_rules, ListenerArn="arn:aws:x:listener/app/a/1/2")["Error"]["Message"]
    assert "on resource: arn:aws:x:listener/app/a/1/2 because" in message


@pytest.mark.parametrize(
    ("parameters", "resource"),
    [
        ({"service": "api"}, f"{ECS}:service/default/api"),
        ({"service": "api", "cluster": f"{ECS}:cluster/shop", "taskDefinition": f"{ECS}:t"}, f"{ECS}:service/shop/api"),
        ({"service": f"{ECS}:service/shop/api"}, f"{ECS}:service/shop/api"),
        ({"services": ["api", "web"], "cluster": "shop"}, f"{ECS}:service/shop/api"),
        ({"serviceDeploymentArns": [f"{ECS}:service-deployment/a"]}, f"{ECS}:service-deployment/a"),
        ({"cluster": "shop", "task": f"{ECS}:task/shop/1"}, f"{ECS}:task/shop/1"),
        ({"cluster": "shop", "tasks": ["1"]}, f"{ECS}:task/shop/1"),
        ({"cluster": "shop"}, f"{ECS}:cluster/shop"),
        ({}, "*"),
    ],
)
def test_the_resource_of_a_call_to_ecs_is_an_arn(backend, parameters, resource):
    (permission,) = needed("ecs", "UpdateService", parameters, backend.arn)
    assert permission.resource == resource


def test_whoever_registers_a_task_definition_must_be_allowed_to_pass_its_roles(backend, client):
    backend.register("ecs", "RegisterTaskDefinition", lambda _: {})
    backend.troubles.deny("iam:PassRole")
    given = {"family": "api", "containerDefinitions": []}
    client("ecs").register_task_definition(**given)
    role = "arn:aws:iam::111122223333:role/api"
    error = error_of(client("ecs").register_task_definition, **given, executionRoleArn=role)["Error"]
    assert f"is not authorized to perform: iam:PassRole on resource: {role} because" in error["Message"]


def test_who_one_is_can_be_asked_without_any_permission(backend, client):
    backend.register("sts", "GetCallerIdentity", lambda _: {"Account": "111122223333"})
    backend.troubles.deny("*")
    assert client("sts").get_caller_identity()["Account"] == "111122223333"


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("cloudwatch", "DescribeAlarms", "cloudwatch:DescribeAlarms"),
        ("service-quotas", "GetServiceQuota", "servicequotas:GetServiceQuota"),
        ("logs", "FilterLogEvents", "logs:FilterLogEvents"),
        ("s3", "HeadObject", "s3:GetObject"),
        ("lambda", "Invoke", "lambda:InvokeFunction"),
    ],
)
def test_an_operation_needs_the_action_that_iam_knows(service, operation, action):
    assert iam_action(service, operation) == action


def test_a_dropped_connection_is_botocores_own_error(backend, client):
    backend.troubles.reset_connections()
    with pytest.raises(ConnectionClosedError):
        client("ecs").list_clusters()
    assert backend.calls[-1].error == "ConnectionReset"
    client("ecs").list_clusters()


def test_botocore_retries_a_dropped_connection(backend, client, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _: None)
    backend.troubles.reset_connections(1)
    answer = client("ecs", mode="standard", total_max_attempts=2).list_clusters()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1


@pytest.mark.parametrize(
    ("service", "code"),
    [("ecs", "ExpiredTokenException"), ("elbv2", "ExpiredToken"), ("ec2", "RequestExpired")],
)
def test_an_expired_token_refuses_every_call(backend, client, service, code):
    backend.troubles.expire_token()
    assert error_of(getattr(client(service), PLAYED[service][1]))["Error"]["Code"] == code


def test_calls_at_the_same_time_wait_at_the_same_time(backend, client):
    ecs = client("ecs")
    ecs.list_clusters()
    backend.troubles.latency(0.05)
    start = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: ecs.list_clusters(), range(32)))
    assert 0.1 <= time.monotonic() - start < 32 * 0.05


def test_calm_ends_all_troubles(backend, client):
    backend.troubles.throttle()
    backend.troubles.deny("*")
    backend.troubles.reset_connections(9)
    backend.troubles.expire_token()
    backend.troubles.calm()
    client("ecs").list_clusters()
    assert backend.calls[-1].error == ""
