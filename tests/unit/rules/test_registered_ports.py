"""What a service registers: container, port and target type."""

import pytest

NAME, PORT, TYPE = "lb-container-name-mismatch", "lb-container-port-mismatch", "target-type-not-ip"
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}, "NotA": {"Fn::Not": [{"Condition": "A"}]}}
PARAMETERS = {
    "Env": {"Type": "String"},
    "Open": {"Type": "String"},
    "Name": {"Type": "String", "Default": "web"},
    "Port": {"Type": "Number", "Default": 80},
}
NO_VALUE = {"Ref": "AWS::NoValue"}


def containers(*ports, name="api"):
    return [{"Name": name, "Image": "api:1", "PortMappings": [{"ContainerPort": port} for port in ports]}]


def template(registered, definitions, mode=None, group=None):
    entry = {"ContainerName": "api", "ContainerPort": 8000, "TargetGroupArn": {"Ref": "Targets"}, **registered}
    task = {"ContainerDefinitions": definitions, "NetworkMode": mode or "bridge"}
    return {
        "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": task},
        "Targets": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": group or {"TargetType": "ip"}},
        "Service": {
            "Type": "AWS::ECS::Service",
            "Properties": {"TaskDefinition": {"Ref": "Task"}, "LoadBalancers": [entry]},
        },
    }


def check(found, rule, *args, **options):
    return found(rule, template(*args, **options), Conditions=CONDITIONS, Parameters=PARAMETERS)


WRONG_NAMES = {
    "other name": ({"ContainerName": "web"}, containers(8000), "web", "`api`"),
    "other case": ({"ContainerName": "Api"}, containers(8000), "Api", "`api`"),
    "by Sub": ({"ContainerName": {"Fn::Sub": "web"}}, containers(8000), "web", "`api`"),
    "no container": ({"ContainerName": "web"}, [], "web", "no container"),
    "two containers": ({"ContainerName": "web"}, [*containers(1), *containers(2, name="b")], "web", "`api`, `b`"),
}


@pytest.mark.parametrize("case", WRONG_NAMES)
def test_a_container_that_the_task_does_not_have_is_an_error(found, case):
    registered, definitions, name, have = WRONG_NAMES[case]
    message = f"service `Service` registers container `{name}`, its task definition has {have}"
    assert check(found, NAME, registered, definitions) == [("error", message)]


def test_a_name_by_a_parameters_default_is_a_warning(found):
    message = "service `Service` registers container `web`, its task definition has `api` "
    message += "(by the default of parameter `Name`)"
    assert check(found, NAME, {"ContainerName": {"Ref": "Name"}}, containers(8000)) == [("warning", message)]


SILENT_NAMES = {
    "same": ({}, containers(8000)),
    "same parameter": ({"ContainerName": {"Ref": "Open"}}, containers(8000, name={"Ref": "Open"})),
    "unknown name": ({"ContainerName": {"Ref": "Open"}}, containers(8000)),
    "an unknown container": ({"ContainerName": "web"}, containers(8000, name={"Ref": "Open"})),
    "unknown containers": ({"ContainerName": "web"}, {"Ref": "Open"}),
    "a macro among containers": (
        {"ContainerName": "web"},
        [*containers(1), {"Fn::Transform": {"Name": "AWS::Include"}}],
    ),
    "in one branch": ({"ContainerName": "b"}, [{"Fn::If": ["A", containers(1, name="b")[0], containers(1)[0]]}]),
    "nulls": ({"ContainerName": None}, [None, {"Name": None}]),
}


@pytest.mark.parametrize("case", SILENT_NAMES)
def test_names_that_may_be_right_are_silent(found, case):
    registered, definitions = SILENT_NAMES[case]
    assert check(found, NAME, registered, definitions) == []


WRONG_PORTS = {
    "other port": ({"ContainerPort": 80}, containers(8000), 80, "port 8000"),
    "a text": ({"ContainerPort": "80"}, containers("8000"), 80, "port 8000"),
    "no mappings": ({}, [{"Name": "api", "Image": "api:1"}], 8000, "no port mappings"),
    "outside a range": (
        {"ContainerPort": 99},
        [{"Name": "api", "PortMappings": [{"ContainerPortRange": "100-200"}, {"ContainerPort": 1}]}],
        99,
        "port 100-200, 1",
    ),
}


@pytest.mark.parametrize("case", WRONG_PORTS)
def test_a_port_that_the_container_does_not_have_is_an_error(found, case):
    registered, definitions, port, have = WRONG_PORTS[case]
    message = f"service `Service` registers port {port} of container `api`, which has {have}"
    assert check(found, PORT, registered, definitions) == [("error", message)]


def test_names_by_the_same_expression_need_no_default(found):
    name = {"Fn::Sub": "${Name}-0"}
    message = "service `Service` registers port 80 of container `web-0`, which has port 3000"
    registered = {"ContainerName": name, "ContainerPort": 80}
    assert check(found, PORT, registered, containers(3000, name=name)) == [("error", message)]


SILENT_PORTS = {
    "same": ({}, containers(80, 8000)),
    "in a range": ({}, [{"Name": "api", "PortMappings": [{"ContainerPortRange": "7000-8000"}]}]),
    "unknown mapping": ({}, containers({"Ref": "Open"})),
    "unknown mappings": ({}, [{"Name": "api", "PortMappings": {"Ref": "Open"}}]),
    "unknown port": ({"ContainerPort": {"Ref": "Open"}}, containers(80)),
    "in one branch": ({}, [{"Name": "api", "PortMappings": [{"Fn::If": ["A", {"ContainerPort": 8000}, NO_VALUE]}]}]),
    "other container": ({"ContainerName": "web"}, containers(80)),
    "nulls": ({"ContainerPort": None}, [{"Name": "api", "PortMappings": [None]}]),
}


@pytest.mark.parametrize("case", SILENT_PORTS)
def test_ports_that_may_be_right_are_silent(found, case):
    registered, definitions = SILENT_PORTS[case]
    assert check(found, PORT, registered, definitions) == []


def test_raw_files_are_compared_too(report_of):
    service = {
        "serviceName": "shop",
        "taskDefinition": "shop",
        "loadBalancers": [{"containerName": "api", "containerPort": 80, "targetGroupArn": "arn"}],
    }
    task = {"family": "shop", "containerDefinitions": [{"name": "api", "portMappings": [{"containerPort": 8000}]}]}
    messages = [each.message for each in report_of(service, task).findings if each.rule == PORT]
    assert messages == ["service `shop` registers port 80 of container `api`, which has port 8000"]


@pytest.mark.parametrize(
    ("group", "kind"), [({"Port": 80}, "instance` (the default)"), ({"TargetType": "alb"}, "alb`")]
)
def test_a_target_group_that_takes_no_addresses_is_an_error(found, group, kind):
    message = f"target group `Targets` has target type `{kind}, "
    message += "but the tasks of service `Service` are registered by IP address"
    assert check(found, TYPE, {}, containers(8000), mode="awsvpc", group=group) == [("error", message)]


@pytest.mark.parametrize(
    ("mode", "group"),
    [
        ("awsvpc", {"TargetType": "ip"}),
        ("awsvpc", {"TargetType": {"Ref": "Open"}}),
        ("bridge", {"TargetType": "instance"}),
        ({"Ref": "Open"}, {"TargetType": "instance"}),
        ({"Fn::If": ["A", "awsvpc", "bridge"]}, {"TargetType": {"Fn::If": ["A", "ip", "instance"]}}),
    ],
)
def test_target_types_that_may_be_right_are_silent(found, mode, group):
    assert check(found, TYPE, {}, containers(8000), mode=mode, group=group) == []
