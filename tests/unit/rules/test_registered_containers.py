"""Rules on containers that a load balancer sends requests to."""

import pytest

from tests.unit.rules.conftest import merged

OPEN = {"Ref": "Open"}
SECTIONS = {
    "Parameters": {"Open": {"Type": "String"}, "Port": {"Type": "Number", "Default": 3000}},
    "Conditions": {"A": {"Fn::Equals": [OPEN, "a"]}},
}
DELAY = "deregistration_delay.timeout_seconds"


def attributes(*values):
    return {"TargetGroupAttributes": [{"Key": DELAY, "Value": value} for value in values]}


def env(name, value):
    return {"Environment": [{"Name": name, "Value": value}]}


def resources(container, group):
    api = {"Name": "api", "Image": "api:1", "PortMappings": [{"ContainerPort": 8000}]}
    containers = [
        merged(api, container),
        {"Name": "proxy", "Image": "proxy:1", "PortMappings": [{"ContainerPort": 9000}]},
    ]
    return {
        "Task": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {"NetworkMode": "awsvpc", "ContainerDefinitions": containers},
        },
        "Group": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"Protocol": "HTTP", **group}},
        "Service": {
            "Type": "AWS::ECS::Service",
            "Properties": {
                "TaskDefinition": {"Ref": "Task"},
                "LoadBalancers": [{"ContainerName": "api", "ContainerPort": 8000, "TargetGroupArn": {"Ref": "Group"}}],
            },
        },
    }


# rule -> case -> (container, target group, message)
SPEAKING = {
    "lb-target-container-not-essential": {
        "written": (
            {"Essential": False},
            {},
            "container `api` is not essential, but target group `Group` sends it requests on port 8000",
        ),
        "text": ({"Essential": "false"}, {}, "container `api` is not essential"),
        "in a branch": ({"Essential": {"Fn::If": ["A", False, True]}}, {}, "container `api` is not essential"),
    },
    "port-env-mismatch": {
        "PORT": (
            env("PORT", "3000"),
            {},
            "container `api` is told to listen on port 3000, target group `Group` is given its port 8000",
        ),
        "number": (env("SERVER_PORT", 3000), {}, "is told to listen on port 3000"),
        "URLs": (env("ASPNETCORE_URLS", "http://+:5000;http://0.0.0.0:5001"), {}, "on port 5000 and 5001,"),
        "option": ({"Command": ["uvicorn", "app", "--port", "3000"]}, {}, "is told to listen on port 3000"),
        "option with =": ({"Command": ["serve", "--port=3000"]}, {}, "is told to listen on port 3000"),
        "address": ({"Command": ["gunicorn", "-b", "0.0.0.0:3000", "app"]}, {}, "is told to listen on port 3000"),
        "shell": ({"Command": ["sh", "-c", "flask run --port 3000"]}, {}, "is told to listen on port 3000"),
    },
    "stop-timeout-below-deregistration": {
        "written": (
            {"StopTimeout": 30},
            attributes("60"),
            "container `api` has 30 seconds to stop, its target group `Group` drains connections for 60 seconds",
        ),
        "default": ({"StopTimeout": "120"}, {}, "drains connections for 300 seconds (the default)"),
        "other attributes": (
            {"StopTimeout": 120},
            {"TargetGroupAttributes": [{"Key": "stickiness.enabled", "Value": "true"}]},
            "drains connections for 300 seconds (the default)",
        ),
    },
    "health-check-port-mismatch": {
        "unmapped": (
            {},
            {"HealthCheckPort": "8080"},
            "target group `Group` checks port 8080, which no container of the task maps; "
            "container `api` is registered with port 8000",
        ),
        "in a branch": ({}, {"HealthCheckPort": {"Fn::If": ["A", 8080, "traffic-port"]}}, "checks port 8080"),
    },
}
SILENT = {
    "lb-target-container-not-essential": {
        "default": ({}, {}),
        "written": ({"Essential": "true"}, {}),
        "unknown": ({"Essential": OPEN}, {}),
    },
    "port-env-mismatch": {
        "agrees": (env("PORT", "8000"), {}),
        "one agrees": ({**env("PORT", "3000"), "Command": ["serve", "--port", "8000"]}, {}),
        "other variable": (env("DB_PORT", "5432"), {}),
        "unknown": (env("PORT", OPEN), {}),
        "unknown option": ({**env("PORT", "3000"), "Command": ["sh", "-c", "serve --port $PORT"]}, {}),
        "address with a port of another service": (env("PORT", "unix:/run/x.sock"), {}),
        "unknown mapping": ({**env("PORT", "3000"), "PortMappings": [{"ContainerPort": OPEN}]}, {}),
        "a range": ({**env("PORT", "8003"), "PortMappings": [{"ContainerPortRange": "8000-8010"}]}, {}),
        "an option with a path": ({"Command": ["mkdir", "-p", "/data/3000"]}, {}),
    },
    "stop-timeout-below-deregistration": {
        "long enough": ({"StopTimeout": 30}, attributes("30")),
        "not written": ({}, attributes("60")),
        "unknown delay": ({"StopTimeout": 30}, attributes(OPEN)),
        "unknown key": ({"StopTimeout": 30}, {"TargetGroupAttributes": [{"Key": OPEN, "Value": "x"}]}),
        "unknown list": ({"StopTimeout": 30}, {"TargetGroupAttributes": OPEN}),
        "unknown timeout": ({"StopTimeout": OPEN}, {}),
    },
    "health-check-port-mismatch": {
        "traffic port": ({}, {"HealthCheckPort": "traffic-port"}),
        "registered": ({}, {"HealthCheckPort": "8000"}),
        "another container's": ({}, {"HealthCheckPort": 9000}),
        "unknown": ({}, {"HealthCheckPort": OPEN}),
        "in the environment": (env("ADMIN", ":8080"), {"HealthCheckPort": 8080}),
        "unknown mapping": (
            {"PortMappings": [{"ContainerPort": 8000}, {"ContainerPort": OPEN}]},
            {"HealthCheckPort": 8080},
        ),
    },
}


@pytest.mark.parametrize(("rule", "case"), [(rule, case) for rule, cases in SPEAKING.items() for case in cases])
def test_the_mistake_is_a_warning_that_names_it(found, rule, case):
    container, group, expected = SPEAKING[rule][case]
    ((severity, message),) = found(rule, resources(container, group), **SECTIONS)
    assert severity == "warning"
    assert expected in message


@pytest.mark.parametrize(("rule", "case"), [(rule, case) for rule, cases in SILENT.items() for case in cases])
def test_what_is_right_or_not_known_is_silent(found, rule, case):
    assert found(rule, resources(*SILENT[rule][case]), **SECTIONS) == []


def test_a_default_that_it_rests_on_is_named(found):
    ((_, message),) = found("port-env-mismatch", resources(env("PORT", {"Ref": "Port"}), {}), **SECTIONS)
    assert message.endswith("is given its port 8000 (by the default of parameter `Port`)")


def test_under_bridge_the_port_that_is_checked_is_the_hosts(found):
    changed = merged(resources({}, {"HealthCheckPort": "8080"}), {"Task": {"Properties": {"NetworkMode": "bridge"}}})
    assert found("health-check-port-mismatch", changed) == []
