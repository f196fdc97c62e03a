"""Target groups by themselves: health checks, protocol, how many."""

import pytest

TIMING, MATCHER, SUSPECT = "health-check-timing-invalid", "health-check-matcher", "target-group-protocol-suspect"
GRACE, MANY = "grace-period-too-short", "too-many-target-groups"
PARAMETERS = {"Open": {"Type": "String"}, "Five": {"Type": "Number", "Default": 5}, "Env": {"Type": "String"}}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}
OPEN, NO_VALUE = {"Ref": "Open"}, {"Ref": "AWS::NoValue"}
INTERVAL, TIMEOUT = "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds"


@pytest.fixture
def of_group(found):
    def check(rule, **properties):
        group = {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"Protocol": "HTTP", **properties}}
        return found(rule, {"Targets": group}, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check


@pytest.mark.parametrize(
    ("properties", "timeout", "interval"),
    [
        ({INTERVAL: 10, TIMEOUT: 10}, 10, "10 s"),
        ({INTERVAL: "10", TIMEOUT: "12"}, 12, "10 s"),
        ({TIMEOUT: 30}, 30, "30 s (the default)"),
        ({"Protocol": "TCP", INTERVAL: 10, TIMEOUT: 11}, 11, "10 s"),
        ({INTERVAL: {"Fn::If": ["A", 20, 60]}, TIMEOUT: {"Fn::If": ["A", 20, 20]}}, 20, "20 s"),
    ],
)
def test_a_timeout_that_is_not_below_the_interval_is_an_error(of_group, properties, timeout, interval):
    message = f"target group `Targets` has a health check timeout of {timeout} s, "
    message += f"which is not smaller than its interval of {interval}"
    assert of_group(TIMING, **properties) == [("error", message)]


@pytest.mark.parametrize(
    "properties",
    [
        {INTERVAL: 10, TIMEOUT: 9},
        {INTERVAL: 10},
        {TIMEOUT: 10},
        {"Protocol": "TCP", INTERVAL: 10, TIMEOUT: 10},
        {"Protocol": OPEN, INTERVAL: 10, TIMEOUT: 10},
        {INTERVAL: OPEN, TIMEOUT: 60},
        {"TargetType": "lambda", TIMEOUT: 30},
        {INTERVAL: {"Fn::If": ["A", 20, 60]}, TIMEOUT: {"Fn::If": ["A", 5, 50]}},
    ],
)
def test_timings_that_may_be_right_are_silent(of_group, properties):
    assert of_group(TIMING, **properties) == []


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        (INTERVAL, 4, "5 to 300"),
        (INTERVAL, 301, "5 to 300"),
        (TIMEOUT, 1, "2 to 120"),
        ("HealthyThresholdCount", 1, "2 to 10"),
        ("UnhealthyThresholdCount", "11", "2 to 10"),
    ],
)
def test_a_number_out_of_range_is_an_error(of_group, name, value, allowed):
    message = f"target group `Targets` has {name} {value}, allowed are {allowed}"
    assert of_group(TIMING, **{name: value}) == [("error", message)]


@pytest.mark.parametrize(
    ("properties", "wrong"),
    [
        ({"Matcher": {"HttpCode": "200-599"}}, "HttpCode `200-599`, allowed are codes from 200 to 499"),
        ({"Matcher": {"HttpCode": 100}}, "HttpCode `100`, allowed are codes from 200 to 499"),
        ({"Matcher": {"HttpCode": "2xx"}}, "HttpCode `2xx`, allowed are codes from 200 to 499"),
        ({"Matcher": {"GrpcCode": "0"}}, "GrpcCode `0`, but its protocol version is HTTP1 (the default)"),
        (
            {"Matcher": {"HttpCode": "200"}, "ProtocolVersion": "GRPC"},
            "HttpCode `200`, but its protocol version is GRPC",
        ),
        (
            {"Matcher": {"GrpcCode": "100"}, "ProtocolVersion": "GRPC"},
            "GrpcCode `100`, allowed are codes from 0 to 99",
        ),
        (
            {"Matcher": {"HttpCode": "600"}, "Protocol": "TCP"},
            "HttpCode `600`, allowed are codes from 200 to 599",
        ),
    ],
)
def test_a_matcher_that_elastic_load_balancing_refuses_is_an_error(of_group, properties, wrong):
    assert of_group(MATCHER, **properties) == [("error", f"target group `Targets` has {wrong}")]


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"Matcher": {"HttpCode": "200, 301-302"}},
        {"Matcher": {"HttpCode": 404}},
        {"Matcher": {"GrpcCode": "0-99"}, "ProtocolVersion": "GRPC"},
        {"Matcher": {"HttpCode": "503"}, "Protocol": "TCP"},
        {"Matcher": {"HttpCode": OPEN}},
        {"Matcher": {"GrpcCode": "0"}, "ProtocolVersion": OPEN},
        {"Matcher": OPEN},
        {"Matcher": None},
    ],
)
def test_matchers_that_may_be_right_are_silent(of_group, properties):
    assert of_group(MATCHER, **properties) == []


def service(group=None, port=8000, period=None, **properties):
    check = {"HealthCheck": {"Command": ["CMD", "true"], "StartPeriod": period}} if period is not None else {}
    container = {"Name": "api", "Image": "api:1", "PortMappings": [{"ContainerPort": port}], **check}
    entry = {"ContainerName": "api", "ContainerPort": port, "TargetGroupArn": {"Ref": "Targets"}}
    properties = {"TaskDefinition": {"Ref": "Task"}, "LoadBalancers": [entry], **properties}
    return {
        "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [container]}},
        "Targets": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": group or {}},
        "Service": {"Type": "AWS::ECS::Service", "Properties": properties},
    }


@pytest.fixture
def of_service(found):
    def check(rule, **options):
        return found(rule, service(**options), Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check


@pytest.mark.parametrize(("protocol", "port"), [("HTTPS", 8000), ("HTTPS", 80), ("HTTP", 8443)])
def test_a_protocol_that_the_port_is_not_for_is_a_warning(of_service, protocol, port):
    message = f"target group `Targets` speaks {protocol} to port {port} of container `api`"
    assert of_service(SUSPECT, group={"Protocol": protocol}, port=port) == [("warning", message)]


def test_the_health_checks_protocol_is_looked_at_where_it_asks_the_same_port(of_service):
    group = {"Protocol": "HTTP", "HealthCheckProtocol": "HTTPS"}
    message = "target group `Targets` speaks HTTPS to port 8000 of container `api`"
    assert of_service(SUSPECT, group=group) == [("warning", message)]
    assert of_service(SUSPECT, group={**group, "HealthCheckPort": 9000}) == []


@pytest.mark.parametrize(
    ("protocol", "port"), [("HTTP", 8000), ("HTTPS", 8443), ("HTTPS", 9000), ("TCP", 443), (OPEN, 443)]
)
def test_protocols_that_may_be_right_are_silent(of_service, protocol, port):
    assert of_service(SUSPECT, group={"Protocol": protocol}, port=port) == []


@pytest.mark.parametrize(("own", "checked"), [("HTTP", "TCP"), ("HTTPS", "TCP"), ("TCP", "TLS"), ("UDP", "UDP")])
def test_health_checks_over_a_protocol_that_cannot_be_are_an_error(of_group, own, checked):
    message = f"target group `Targets` for {own} has health checks over {checked}"
    assert of_group(SUSPECT, Protocol=own, HealthCheckProtocol=checked) == [("error", message)]


@pytest.mark.parametrize(("own", "checked"), [("TCP", "TCP"), ("UDP", "HTTP"), ("HTTP", OPEN), (OPEN, "TCP")])
def test_health_checks_over_a_protocol_that_may_be_are_silent(of_group, own, checked):
    assert of_group(SUSPECT, Protocol=own, HealthCheckProtocol=checked) == []


@pytest.mark.parametrize(
    ("options", "grace", "period"),
    [
        ({"period": 61, "HealthCheckGracePeriodSeconds": 60}, "60 s", 61),
        ({"period": "120", "HealthCheckGracePeriodSeconds": "60"}, "60 s", 120),
        ({"period": 30}, "0 s (the default)", 30),
    ],
)
def test_a_grace_period_below_the_start_period_is_a_warning(of_service, options, grace, period):
    message = f"service `Service` has a health check grace period of {grace}, "
    message += f"its container `api` a start period of {period} s"
    assert of_service(GRACE, **options) == [("warning", message)]


@pytest.mark.parametrize(
    ("group", "time"),
    [({}, "60 s (2 x 30 s)"), ({INTERVAL: 10, "UnhealthyThresholdCount": 3}, "30 s (3 x 10 s)")],
)
def test_no_grace_period_before_a_quick_target_group_is_a_warning(of_service, group, time):
    message = "service `Service` has a health check grace period of 0 s (the default), "
    message += f"so that a task which is not healthy after {time} is replaced"
    assert of_service(GRACE, group=group) == [("warning", message)]


@pytest.mark.parametrize(
    "options",
    [
        {"period": 60, "HealthCheckGracePeriodSeconds": 60},
        {"HealthCheckGracePeriodSeconds": 1},
        {"period": 60, "HealthCheckGracePeriodSeconds": OPEN},
        {"HealthCheckGracePeriodSeconds": OPEN},
        {"group": {"UnhealthyThresholdCount": 3}},
        {"group": {INTERVAL: OPEN}},
        {"LoadBalancers": []},
        {"LoadBalancers": OPEN},
    ],
)
def test_a_grace_period_that_may_be_enough_is_silent(of_service, options):
    assert of_service(GRACE, **options) == []


def test_the_sixth_target_group_is_an_error(of_service):
    entries = [{"ContainerName": "api", "ContainerPort": port, "TargetGroupArn": "arn"} for port in range(6)]
    message = "service `Service` registers in 6 target groups, ECS takes 5"
    assert of_service(MANY, LoadBalancers=entries) == [("error", message)]
    assert of_service(MANY, LoadBalancers=entries[:5]) == []


def test_a_target_group_under_a_condition_is_not_counted(of_service):
    entries = [{"ContainerName": "api", "ContainerPort": port, "TargetGroupArn": "arn"} for port in range(6)]
    entries[0] = {"Fn::If": ["A", entries[0], NO_VALUE]}
    assert of_service(MANY, LoadBalancers=entries) == []
