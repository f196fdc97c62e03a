"""Names: what AWS takes is taken, what it does not take is refused or shortened, each for what it is a name of."""

import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_servicediscovery as servicediscovery
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.patterns import (
    DeploymentNotifications,
    EncryptionKey,
    HealthCheck,
    HttpService,
    Index,
    InvalidNameError,
    InvalidRetentionError,
    OperatorPolicy,
    RecordTable,
    ServiceAlarms,
    ServiceDashboard,
    ServiceLogs,
    TcpService,
    WorkerService,
)
from roadworthy.patterns.names import group_description, log_group_name, refuse_name, shortened
from tests.synth.patterns import assembly, findings, new_stack, options, synthesized

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]
REAL = "commerce-backend-payments-reconciliation-worker-service-eu-stage-blue"  # 69 characters
LONGEST = "n" * 255
HTTP = (HttpService, {"port": 8000, "health_check": HealthCheck.http("/health")})
TCP = (TcpService, {"port": 6432})
KEY = dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING)


def made(stack, pattern, given, name):
    return pattern(stack, "Service", **given, **options(stack, name=name))


@pytest.mark.parametrize("name", [REAL, LONGEST, "commerce_backend", "internal-api", "-api-"])
@pytest.mark.parametrize(("pattern", "given"), [HTTP, TCP, (WorkerService, {})])
def test_a_service_has_its_name_however_long_and_what_cannot_have_it_is_named_by_cloudformation(pattern, given, name):
    stack = new_stack()
    made(stack, pattern, given, name)
    template = synthesized(stack)
    assert template.only("AWS::ECS::Service")["ServiceName"] == name
    assert template.only("AWS::Logs::LogGroup", LogGroupName=f"/ecs/{name}")["RetentionInDays"] == 30
    for kind in ("LoadBalancer", "TargetGroup"):
        for properties in template.of_type(f"AWS::ElasticLoadBalancingV2::{kind}").values():
            assert "Name" not in properties
    assert findings(stack) == set()


@pytest.mark.parametrize(("pattern", "given"), [HTTP, TCP])
def test_a_name_of_32_characters_is_also_its_load_balancers(pattern, given):
    stack = new_stack()
    made(stack, pattern, given, "a" * 32)
    assert synthesized(stack).only("AWS::ElasticLoadBalancingV2::LoadBalancer")["Name"] == "a" * 32


def test_cfn_lint_finds_nothing_in_the_longest_names():
    stack = new_stack()
    made(stack, *TCP, LONGEST)
    command = [Path(sys.executable).with_name("cfn-lint"), str(assembly(stack) / "Default.template.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_what_is_watched_and_operated_has_the_whole_name():
    stack = new_stack()
    service = made(stack, *HTTP, REAL)
    ServiceDashboard(stack, "Dashboard", name=REAL, service=service)
    alarms = ServiceAlarms(stack, "Alarms", service=service, name=REAL)
    OperatorPolicy(stack, "Operators", service=service, name=REAL)
    names = {each["AlarmName"] for each in synthesized(stack).of_type("AWS::CloudWatch::Alarm").values()}
    assert names == {f"{REAL}-{end}" for end in alarms.alarms}


def test_in_a_namespace_a_long_name_is_shortened_and_differs_from_its_neighbours():
    names = []
    for end in ("one", "two"):
        stack = new_stack()
        namespace = servicediscovery.HttpNamespace(stack, "Namespace", name="shop")
        service = made(stack, TcpService, {"port": 6432, "namespace": namespace}, f"{REAL}-{end}")
        (found,) = synthesized(stack).only("AWS::ECS::Service")["ServiceConnectConfiguration"]["Services"]
        names.append(found["PortName"])
        assert service.address  # of the load balancer, which has no such limit
    assert [len(name) for name in names] == [64, 64]
    assert len(set(names)) == 2


@given(name=st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=300), longest=st.integers(20, 64))
def test_a_name_is_shortened_to_its_length_always_alike_and_only_where_it_is_too_long(name, longest):
    short = shortened(name, longest)
    assert len(short) <= longest
    assert short == shortened(name, longest)
    assert (short == name) is (len(name) <= longest)


@given(name=st.text(max_size=300))
def test_a_security_groups_description_and_a_log_groups_name_fit_whatever_the_name_is(name):
    assert len(group_description("Load balancer of", name)) <= 255
    refuse_name("log group", log_group_name("/vpc", name)[:512])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda s: ServiceLogs(retention_days=30).group(s, "Logs", "/ecs/a b"), "log group name '/ecs/a b' is not"),
        (lambda s: EncryptionKey(s, "Key", alias="aws/shop"), "alias name 'aws/shop' is not 1 to 250"),
        (lambda s: EncryptionKey(s, "Key", alias="shop key"), "alias name 'shop key' is not"),
        (lambda s: ServiceDashboard(s, "Page", name="a/b", service=None), "dashboard name 'a/b' is not"),
        (lambda s: OperatorPolicy(s, "May", name="a b", service=None), "policy name 'a b' is not 1 to 128"),
        (lambda s: ServiceAlarms(s, "Alarms", name=LONGEST, service=None), "alarm name 'n{255}-unhealthy-hosts'"),
        (lambda s: Index("my index", KEY), "index name 'my index' is not 3 to 255"),
        (
            lambda s: RecordTable(s, "Table", name="ab", partition_key=KEY, encryption_key=None),
            "table name 'ab' is not 3 to 255",
        ),
        (
            lambda s: DeploymentNotifications(
                s,
                "Notifications",
                package=None,
                name=REAL,
                environment="stage",
                services=["one"],
                emails=["a@example.com"],
                logs=None,
                encryption_key=None,
            ),
            f"function name '{REAL}-notifier' is not 1 to 64",
        ),
    ],
)
def test_a_name_that_aws_would_refuse_is_refused_at_its_line_before_anything_is_made(make, message):
    stack = new_stack()
    with pytest.raises(InvalidNameError, match=message):
        make(stack)
    assert stack.node.children == []


@pytest.mark.parametrize("days", [0, 31, "30", None])
def test_a_retention_that_cloudwatch_logs_lacks_is_refused(days):
    with pytest.raises(InvalidRetentionError, match=f"retention_days = {days!r} is none of 1, 3, 5, 7"):
        ServiceLogs(retention_days=days)
