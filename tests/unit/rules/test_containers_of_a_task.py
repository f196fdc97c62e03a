"""Rules that compare the containers of one task definition: names, ports, dependencies, which are essential."""

import pytest

OPEN = {"Ref": "Open"}
NO_VALUE = {"Ref": "AWS::NoValue"}
SECTIONS = {
    "Parameters": {"Open": {"Type": "String"}, "Name": {"Type": "String", "Default": "b"}},
    "Conditions": {"A": {"Fn::Equals": [OPEN, "a"]}},
}
TYPE = "AWS::ECS::TaskDefinition"


def only_if(value):
    return {"Fn::If": ["A", value, NO_VALUE]}


def unless(value):
    return {"Fn::If": ["A", NO_VALUE, value]}


def container(name="a", **properties):
    return {"Name": name, "Image": "x:1", **properties}


def mapped(name, *ports, **properties):
    return container(name, PortMappings=list(ports), **properties)


def waits(condition="START", target="b", name="a", **properties):
    return container(name, DependsOn=[{"ContainerName": target, "Condition": condition}], **properties)


def port(number, **more):
    return {"ContainerPort": number, **more}


def span(text, **more):
    return {"ContainerPortRange": text, **more}


HEALTH = {"Command": ["CMD", "/healthy"]}
B = container("b")

# rule -> case -> (containers, message); the network mode is awsvpc
SPEAKING = {
    "duplicate-container-name": {
        "two": ([container(), container()], "two containers are named `a`"),
        "the same reference": ([container(OPEN), container(OPEN)], "two containers are named `…`"),
        "by Sub": ([container(), container({"Fn::Sub": "${AWS::NoValue}a"})], "two containers are named `a`"),
        "one under a condition": ([container(), only_if(container())], "two containers are named `a`"),
    },
    "host-port-mismatch": {
        "other": (
            [mapped("a", port(80, HostPort=8080))],
            "maps host port 8080 to container port 80 in network mode `awsvpc`",
        ),
        "dynamic": (
            [mapped("a", port(80, HostPort=0))],
            "maps host port 0 to container port 80 in network mode `awsvpc`",
        ),
        "texts": (
            [mapped("a", port("80", HostPort="81"))],
            "maps host port 81 to container port 80 in network mode `awsvpc`",
        ),
        "in a branch": ([mapped("a", port(80, HostPort=only_if(8080)))], "maps host port 8080 to container port 80"),
    },
    "port-used-by-two-containers": {
        "same port": (
            [mapped("a", port(80)), mapped("b", port("80"))],
            "tcp port 80 is mapped by container `b` and by container `a`",
        ),
        "in a range": (
            [mapped("a", span("70-90")), mapped("b", port(80))],
            "tcp port 80 is mapped by container `b` and by container `a`",
        ),
        "ranges": (
            [mapped("a", span("70-90")), mapped("b", span("90-95"))],
            "tcp port 90-95 is mapped by container `b` and by container `a`",
        ),
        "udp": (
            [mapped("a", port(53, Protocol="udp")), mapped("b", port(53, Protocol="udp"))],
            "udp port 53 is mapped by container `b` and by container `a`",
        ),
        "twice": ([mapped("a", port(80), port(80))], "tcp port 80 is mapped by container `a` twice"),
        "behind one that never meets": (
            [only_if(mapped("a", port(80))), unless(mapped("b", port(80))), unless(mapped("c", port(80)))],
            "tcp port 80 is mapped by container `c` and by container `b`",
        ),
    },
    "depends-on-unknown-container": {
        "missing": ([waits()], "container `a` depends on container `b`, which does not exist"),
        "other case": ([waits(target="B"), B], "container `a` depends on container `B`, which does not exist"),
        "left out": ([only_if(waits()), unless(B)], "container `a` depends on container `b`, which does not exist"),
    },
    "depends-on-cycle": {
        "two": ([waits(), waits(target="a", name="b")], "containers wait for each other: `a` -> `b` -> `a`"),
        "itself": ([waits(target="a")], "containers wait for each other: `a` -> `a`"),
        "three": (
            [waits(), waits(target="c", name="b"), waits(target="a", name="c")],
            "containers wait for each other: `a` -> `b` -> `c` -> `a`",
        ),
        "beside the way": (
            [waits(target="b"), waits(target="c", name="b"), waits(target="b", name="c")],
            "containers wait for each other: `b` -> `c` -> `b`",
        ),
    },
    "depends-on-healthy-without-healthcheck": {
        "none": (
            [waits("HEALTHY"), B],
            "container `a` waits until container `b` is healthy, which has no health check",
        ),
        "under a condition": (
            [waits("HEALTHY"), container("b", HealthCheck=only_if(HEALTH))],
            "which has no health check",
        ),
    },
    "depends-on-complete-essential": {
        "by default": (
            [waits("SUCCESS"), B],
            "container `a` waits until container `b` ends (`SUCCESS`), which is essential by default",
        ),
        "written": ([waits("COMPLETE"), container("b", Essential="true")], "ends (`COMPLETE`), which is essential"),
        "in a branch": ([waits("COMPLETE"), container("b", Essential={"Fn::If": ["A", True, False]})], "is essential"),
    },
    "no-essential-container": {
        "one": ([container(Essential=False)], "no container of the task definition is essential: `a`"),
        "texts": (
            [container(Essential="false"), container("b", Essential=False)],
            "no container of the task definition is essential: `a`, `b`",
        ),
        "in both branches": ([container(Essential={"Fn::If": ["A", False, "false"]})], "is essential: `a`"),
        "in one": ([container(Essential={"Fn::If": ["A", True, False]})], "is essential: `a`"),
        "left out in the other": ([container(Essential=only_if(False))], "is essential: `a`"),
    },
}
SILENT = {
    "duplicate-container-name": {
        "two names": [container(), B],
        "never together": [only_if(container()), unless(container())],
        "unknown": [container({"Fn::ImportValue": "X"}), container({"Fn::ImportValue": "X"})],
        "other references": [container(OPEN), container({"Ref": "AWS::Region"})],
        "one with two possible names": [container({"Fn::If": ["A", "a", "a"]})],
        "nameless": [{"Image": "x:1"}, {"Image": "x:1"}],
    },
    "host-port-mismatch": {
        "same": [mapped("a", port(80, HostPort="80"))],
        "none": [mapped("a", port(80))],
        "unknown": [mapped("a", port(80, HostPort=OPEN))],
        "left out": [mapped("a", port(80, HostPort=NO_VALUE))],
        "each with its own": [mapped("a", port({"Fn::If": ["A", 80, 81]}, HostPort={"Fn::If": ["A", 80, 81]}))],
    },
    "port-used-by-two-containers": {
        "two ports": [mapped("a", port(80)), mapped("b", port(81))],
        "two protocols": [mapped("a", port(53)), mapped("b", port(53, Protocol="udp"))],
        "two protocols in one container, not registered": [mapped("a", port(53), port(53, Protocol="udp"))],
        "never together": [only_if(mapped("a", port(80))), unless(mapped("b", port(80)))],
        "one mapping of two branches": [mapped("a", port({"Fn::If": ["A", 80, 80]}))],
        "unknown": [mapped("a", port(OPEN)), mapped("b", port(OPEN))],
        "unknown protocol": [mapped("a", port(80, Protocol=OPEN)), mapped("b", port(80))],
        "beside a range": [mapped("a", span("70-79")), mapped("b", port(80))],
        "malformed range": [mapped("a", span("70-")), mapped("b", span("x"))],
    },
    "depends-on-unknown-container": {
        "there": [waits(), B],
        "by reference": [waits(target=OPEN), container(OPEN)],
        "unknown name": [waits(target=OPEN), B],
        "a container without a known name": [waits(), container({"Fn::ImportValue": "X"})],
        "a name that may be it": [waits(target="b"), container({"Fn::If": ["A", "b", "c"]})],
        "an unknown list": {"Fn::If": ["A", [waits()], OPEN]},
        "an unknown container": [waits(), OPEN],
    },
    "depends-on-cycle": {
        "a chain": [waits(), waits(target="c", name="b"), container("c")],
        "never together": [only_if(waits()), unless(container()), unless(waits(target="a", name="b")), only_if(B)],
        "missing": [waits()],
        "a diamond": [
            container("a", DependsOn=[{"ContainerName": "b"}, {"ContainerName": "c"}]),
            waits(target="d", name="b"),
            waits(target="d", name="c"),
            container("d"),
        ],
    },
    "depends-on-healthy-without-healthcheck": {
        "has one": [waits("HEALTHY"), container("b", HealthCheck=HEALTH)],
        "other condition": [waits("START"), B],
        "unknown condition": [waits(OPEN), B],
        "unknown health check": [waits("HEALTHY"), container("b", HealthCheck=OPEN)],
        "waits only with it": [
            container(DependsOn=[only_if({"ContainerName": "b", "Condition": "HEALTHY"})]),
            container("b", HealthCheck=only_if(HEALTH)),
        ],
    },
    "depends-on-complete-essential": {
        "not essential": [waits("SUCCESS"), container("b", Essential="false")],
        "other condition": [waits("START"), B],
        "unknown": [waits("SUCCESS"), container("b", Essential=OPEN)],
        "not together": [
            waits({"Fn::If": ["A", "SUCCESS", "START"]}),
            container("b", Essential={"Fn::If": ["A", False, True]}),
        ],
    },
    "no-essential-container": {
        "default": [container(), container("b", Essential=False)],
        "unknown": [container(Essential=OPEN)],
        "one in each branch": [
            container(Essential={"Fn::If": ["A", True, False]}),
            container("b", Essential={"Fn::If": ["A", False, True]}),
        ],
        "unknown in a branch": [container(Essential={"Fn::If": ["A", OPEN, False]})],
        "more that is not known": [container(Essential=False), OPEN],
        "empty": [],
    },
}


def task(containers, mode="awsvpc"):
    return {"Task": {"Type": TYPE, "Properties": {"NetworkMode": mode, "ContainerDefinitions": containers}}}


@pytest.mark.parametrize(("rule", "case"), [(rule, case) for rule, cases in SPEAKING.items() for case in cases])
def test_the_mistake_is_an_error_that_names_it(found, rule, case):
    containers, expected = SPEAKING[rule][case]
    ((severity, message),) = found(rule, task(containers), **SECTIONS)
    assert severity == "error"
    assert expected in message


@pytest.mark.parametrize(("rule", "case"), [(rule, case) for rule, cases in SILENT.items() for case in cases])
def test_what_is_right_or_not_known_is_silent(found, rule, case):
    assert found(rule, task(SILENT[rule][case]), **SECTIONS) == []


def test_a_default_that_it_rests_on_makes_it_a_warning(found):
    findings = found("depends-on-unknown-container", task([waits(target={"Ref": "Name"})]), **SECTIONS)
    message = "container `a` depends on container `b`, which does not exist (by the default of parameter `Name`)"
    assert findings == [("warning", message)]


@pytest.mark.parametrize("rule", ["host-port-mismatch", "port-used-by-two-containers"])
def test_under_bridge_containers_have_ports_of_their_own(found, rule):
    containers = [
        mapped("a", port(80, HostPort=8080)),
        mapped("b", port(80), port(81, HostPort=0), port(82, HostPort=0)),
    ]
    assert found(rule, task(containers, "bridge")) == []
    assert found(rule, task(containers, OPEN), **SECTIONS) == []


def test_under_bridge_a_host_port_belongs_to_one_container(found):
    containers = [mapped("a", port(80, HostPort=8080)), mapped("b", port(81, HostPort=8080))]
    findings = found("port-used-by-two-containers", task(containers, NO_VALUE))
    assert findings == [("error", "tcp port 8080 is mapped by container `b` and by container `a`")]


def test_a_registered_port_of_two_protocols_is_a_warning(found):
    entry = {"ContainerName": "a", "ContainerPort": 53, "TargetGroupArn": {"Ref": "Group"}}
    service = {"TaskDefinition": {"Ref": "Task"}, "LoadBalancers": [entry]}
    resources = task([mapped("a", port(53), port(53, Protocol="udp"))]) | {
        "Service": {"Type": "AWS::ECS::Service", "Properties": service},
        "Group": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"Protocol": "TCP_UDP"}},
    }
    findings = found("port-used-by-two-containers", resources)
    assert findings == [("warning", "container `a` maps port 53, which is registered, for two protocols")]


def test_a_variable_that_is_defined_twice_is_a_warning(found):
    entries = [{"Name": "A", "Value": "1"}, {"Name": "a", "Value": "1"}, only_if({"Name": "A", "Value": OPEN})]
    findings = found("duplicate-environment-name", task([container(Environment=entries)]), **SECTIONS)
    assert findings == [("warning", "container `a` defines the environment variable `A` twice")]


@pytest.mark.parametrize("first", [unless({"Name": "A"}), {"Name": "B"}, {"Name": OPEN}, OPEN])
def test_variables_that_never_meet_are_silent(found, first):
    entries = [first, only_if({"Name": "A", "Value": "1"})]
    assert found("duplicate-environment-name", task([container(Environment=entries)]), **SECTIONS) == []


def test_raw_task_definitions_are_checked_as_well(report_of):
    tree = {
        "family": "x",
        "networkMode": "awsvpc",
        "containerDefinitions": [
            {
                "name": "a",
                "image": "x:1",
                "portMappings": [{"containerPort": "80", "hostPort": 81}],
                "essential": "false",
            },
            {"name": "a", "image": "x:1", "portMappings": [{"containerPort": 80}], "essential": False},
        ],
    }
    rules = {finding.rule for finding in report_of(tree).errors}
    expected = {
        "duplicate-container-name",
        "host-port-mismatch",
        "port-used-by-two-containers",
        "no-essential-container",
    }
    assert expected <= rules
