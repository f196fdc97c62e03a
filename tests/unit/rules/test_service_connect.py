"""Service Connect: port names, namespaces, clashes, order."""

import pytest

PORT, NAMESPACE = "service-connect-port-name", "service-connect-namespace"
CLASH, ORDER = "service-connect-name-clash", "service-connect-start-order"
PARAMETERS = {"Open": {"Type": "String"}, "Env": {"Type": "String"}}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}, "NotA": {"Fn::Not": [{"Condition": "A"}]}}
OPEN, NO_VALUE = {"Ref": "Open"}, {"Ref": "AWS::NoValue"}


def resource(kind, **properties):
    return {"Type": f"AWS::{kind}", "Properties": properties}


def connected(*offers, namespace="internal", enabled=True, **properties):
    connect = {"Enabled": enabled, "Namespace": namespace}
    connect = {**connect, "Services": list(offers)} if offers else connect
    return resource("ECS::Service", ServiceConnectConfiguration=connect, **properties)


@pytest.fixture
def check(found):
    def run(rule, **resources):
        return found(rule, resources, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return run


def task(*names):
    mappings = [{"ContainerPort": 8000 + index, "Name": name} for index, name in enumerate(names)]
    return resource("ECS::TaskDefinition", ContainerDefinitions=[{"Name": "api", "PortMappings": mappings}])


def offering(name, **more):
    return connected({"PortName": name}, TaskDefinition={"Ref": "Task"}, **more)


@pytest.mark.parametrize(
    ("names", "have"),
    [(["http"], "`http`"), (["b", "a"], "`a`, `b`"), ([], "no port"), ([NO_VALUE], "no port"), (["Api"], "`Api`")],
)
def test_an_offer_of_a_port_that_is_not_named_so_is_an_error(check, names, have):
    message = f"service `Service` offers port `api`, its task definition names {have}"
    assert check(PORT, Task=task(*names), Service=offering("api")) == [("error", message)]


@pytest.mark.parametrize(
    ("definition", "service"),
    [
        (task("http", "api"), offering("api")),
        (task(OPEN), offering("api")),
        (task("http"), offering(OPEN)),
        (task("http"), offering("api", enabled=False)),
        (task("http"), offering("api", enabled=OPEN)),
        (task({"Fn::If": ["A", "api", NO_VALUE]}), offering("api")),
        (resource("ECS::TaskDefinition", ContainerDefinitions=OPEN), offering("api")),
        (resource("ECS::TaskDefinition", ContainerDefinitions=[{"PortMappings": OPEN}]), offering("api")),
    ],
)
def test_an_offer_that_may_be_right_is_silent(check, definition, service):
    assert check(PORT, Task=definition, Service=service) == []


def test_service_connect_without_a_namespace_is_an_error(check):
    service = connected(namespace=NO_VALUE, Cluster={"Ref": "Cluster"})
    message = "service `Service` enables Service Connect without a namespace, "
    message += "and its cluster `Cluster` has no default one"
    assert check(NAMESPACE, Cluster=resource("ECS::Cluster"), Service=service) == [("error", message)]


@pytest.mark.parametrize(
    ("cluster", "service"),
    [
        ({}, {"namespace": "internal"}),
        ({}, {"namespace": OPEN}),
        ({}, {"enabled": "false"}),
        ({}, {"Cluster": OPEN}),
        ({"ServiceConnectDefaults": {"Namespace": "internal"}}, {}),
        ({"ServiceConnectDefaults": {"Namespace": OPEN}}, {}),
        ({"ServiceConnectDefaults": {"Fn::ImportValue": "Defaults"}}, {}),
        ({"Fn::Transform": {"Name": "M"}}, {}),
    ],
)
def test_service_connect_that_may_have_a_namespace_is_silent(check, cluster, service):
    options = {"namespace": NO_VALUE, "Cluster": {"Ref": "Cluster"}, **service}
    assert check(NAMESPACE, Cluster=resource("ECS::Cluster", **cluster), Service=connected(**options)) == []


HTTP = {"PortName": "http"}
ALIAS = {"ClientAliases": [{"DnsName": "api", "Port": 80}]}


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        (HTTP, HTTP, "http"),
        ({**HTTP, "DiscoveryName": "api"}, {"PortName": "api"}, "api"),
        ({"PortName": "a", **ALIAS}, {"PortName": "b", **ALIAS}, "api:80"),
    ],
)
def test_one_name_of_two_services_is_an_error(check, one, other, name):
    message = f"services `One` and `Two` both offer `{name}` in one namespace"
    assert check(CLASH, One=connected(one), Two=connected(other)) == [("error", message)]


def test_a_namespace_is_the_same_by_its_name_and_by_its_arn(check):
    one = connected(HTTP, namespace={"Ref": "Space"})
    other = connected(HTTP, namespace={"Fn::GetAtt": ["Space", "Arn"]})
    space = resource("ServiceDiscovery::HttpNamespace", Name="internal")
    message = "services `One` and `Two` both offer `http` in one namespace"
    assert check(CLASH, Space=space, One=one, Two=other) == [("error", message)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (connected(HTTP), connected({**HTTP, "DiscoveryName": "api"})),
        (connected(HTTP), connected(HTTP, namespace="other")),
        (connected(HTTP), connected(HTTP, namespace={"Fn::ImportValue": "Space"})),
        (connected(HTTP), connected(HTTP, enabled=OPEN)),
        (connected({"PortName": OPEN}), connected({"PortName": OPEN})),
        (connected({"PortName": "a", **ALIAS}), connected({"PortName": "b", "ClientAliases": [{"Port": 80}]})),
        ({**connected(HTTP), "Condition": "A"}, {**connected(HTTP), "Condition": "NotA"}),
    ],
)
def test_names_that_may_differ_are_silent(check, one, other):
    assert check(CLASH, One=one, Two=other) == []


def test_a_client_that_may_start_first_is_a_warning(check):
    message = "service `Client` asks others through Service Connect and may start before `One`, `Two`"
    found = check(ORDER, One=connected({"PortName": "a"}), Client=connected(), Two=connected({"PortName": "b"}))
    assert found == [("warning", message)]


@pytest.mark.parametrize(
    ("server", "client"),
    [
        (connected(HTTP), {**connected(), "DependsOn": "Server"}),
        (connected(HTTP), connected({"PortName": "web"})),
        (connected(HTTP), connected(namespace="other")),
        (connected(HTTP), connected(namespace=OPEN)),
        (connected(HTTP), connected(enabled=False)),
        (connected(), connected()),
        ({**connected(HTTP), "Condition": "A"}, {**connected(), "Condition": "NotA"}),
    ],
)
def test_a_client_that_comes_later_or_asks_nobody_is_silent(check, server, client):
    assert check(ORDER, Server=server, Client=client) == []
