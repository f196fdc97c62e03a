"""Rules on one container's health check: its form, its numbers, its port, its program, whether it can fail."""

import pytest

OPEN = {"Ref": "Open"}
SECTIONS = {
    "Parameters": {"Open": {"Type": "String"}, "Ten": {"Type": "Number", "Default": 10}},
    "Conditions": {"A": {"Fn::Equals": [OPEN, "a"]}},
}
URL = "http://localhost:8000/health"
PORT = [{"ContainerPort": 8000}]
RANGE = [{"ContainerPortRange": "8000-8010"}]


def check(*command, **more):
    return {"HealthCheck": {"Command": list(command), **more}}


def shell(line, **container):
    return {**check("CMD-SHELL", line), **container}


def asks(port, **container):
    return shell(f"curl -f http://localhost:{port}/ || exit 1", **{"PortMappings": PORT, **container})


def started_from(image, line=f"curl -f {URL} || exit 1", **container):
    return shell(line, Image=image, **container)


# rule -> case -> (container, severity, message)
SPEAKING = {
    "healthcheck-command-form": {
        "no form": (check("curl", "-f", URL), "error", "begins with `curl`, not with `CMD` or `CMD-SHELL`"),
        "the console's form": (check("CMD-SHELL, curl x"), "error", "begins with `CMD-SHELL, curl x`, not with"),
        "lower case": (check("cmd", "curl", URL), "error", "begins with `cmd`, not with"),
        "one string": (
            {"HealthCheck": {"Command": "curl x"}},
            "error",
            "its health check's command as one string",
        ),
        "a line as program": (check("CMD", "curl -f x"), "error", "gives `CMD` the whole line `curl -f x` as the name"),
        "words for the shell": (
            check("CMD-SHELL", "curl", "-f", URL),
            "error",
            "gives `CMD-SHELL` 3 words, of which it runs `curl` alone",
        ),
        "a script with words": (check("CMD-SHELL", "/ok.sh", "x"), "warning", "gives `CMD-SHELL` 2 words, of which"),
        "nothing to run": (check("CMD-SHELL"), "error", "has a health check of `CMD-SHELL` without a command"),
        "in a branch": (check({"Fn::If": ["A", "CMD-SHELL", "curl"]}, "x"), "error", "begins with `curl`"),
        "long": (check("x" * 99), "error", f"begins with `{'x' * 60}…`"),
    },
    "healthcheck-range": {
        "interval": (check("CMD", "x", Interval=4), "error", "with `Interval` 4 seconds, allowed are 5 to 300"),
        "timeout": (check("CMD", "x", Timeout="61"), "error", "with `Timeout` 61 seconds, allowed are 2 to 60"),
        "start": (check("CMD", "x", StartPeriod=301), "error", "with `StartPeriod` 301 seconds, allowed are 0 to 300"),
        "retries": (check("CMD", "x", Retries=0), "error", "with `Retries` 0, allowed are 1 to 10"),
        "in a branch": (check("CMD", "x", Retries={"Fn::If": ["A", 3, 11]}), "error", "with `Retries` 11"),
    },
    "healthcheck-timeout-exceeds-interval": {
        "longer": (
            check("CMD", "x", Interval=10, Timeout=20),
            "warning",
            "every 10 seconds with a timeout of 20",
        ),
        "default": (check("CMD", "x", Timeout=40), "warning", "every 30 seconds (the default) with a timeout of 40"),
    },
    "healthcheck-port-not-exposed": {
        "curl": (asks(8080), "warning", "container `api` checks its health on port 8080, it maps 8000"),
        "nc": (shell("nc -z localhost 9999", PortMappings=PORT), "warning", "on port 9999, it maps 8000"),
        "default port": (shell("curl -f localhost", PortMappings=RANGE), "warning", "on port 80, it maps 8000"),
        "other port in the environment": (
            asks(8080, Environment=[{"Name": "PORT", "Value": "18080"}]),
            "warning",
            "on port 8080, it maps 8000",
        ),
    },
    "healthcheck-cannot-fail": {
        "exit 0": (shell(f"curl {URL} || exit 0"), "warning", "that cannot fail: it ends with `|| exit 0`"),
        "true": (shell(f"curl {URL} >/dev/null 2>&1 || true"), "warning", "it ends with `|| true`"),
        "echo after failure": (shell(f"curl {URL} && echo up || echo down"), "warning", "ends with `|| echo down`"),
        "in the end": (shell(f"curl {URL}; exit 0"), "warning", "it ends with `; exit 0`"),
        "echo": (check("CMD", "echo", "ok"), "warning", "it ends with `echo ok`"),
        "in a shell": (check("CMD", "sh", "-c", "exit 0"), "warning", "it ends with `exit 0`"),
        "by its path": (check("CMD", "/bin/true"), "warning", "it ends with `/bin/true`"),
    },
    "healthcheck-tool-missing": {
        "curl on alpine": (
            started_from("public.ecr.aws/docker/library/python:3.12.7-alpine"),
            "warning",
            "container `api` checks its health with `curl`, which image "
            "`public.ecr.aws/docker/library/python:3.12.7-alpine` does not have",
        ),
        "wget on slim": (started_from("python:3.12-slim", f"wget -q {URL}"), "warning", "with `wget`, which image"),
        "timeout": (started_from("node:22-slim", f"timeout 3 curl -f {URL}"), "warning", "with `curl`, which image"),
        "both": (started_from("debian:12", f"curl {URL} || wget {URL}"), "warning", "with `curl` and `wget`, which"),
        "no shell": (started_from("gcr.io/distroless/java:17", "java Check"), "warning", "with `sh`, which image"),
        "mirror": (
            started_from({"Fn::Sub": "${Open}.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/alpine:3.20"}),
            "warning",
            "image `….dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/alpine:3.20` does not have",
        ),
    },
}
SILENT = {
    "healthcheck-command-form": {
        "shell": shell("exit 0"),
        "exec": check("CMD", "/check"),
        "exec with a path in the words": check("CMD", "sh", "-c", "curl x"),
        "none": check("NONE"),
        "unknown form": check(OPEN, "x"),
        "unknown": {"HealthCheck": {"Command": OPEN}},
        "no command": {"HealthCheck": {"Interval": 10}},
        "empty": check(),
        "joined": {"HealthCheck": {"Command": {"Fn::Split": [",", "CMD,x"]}}},
    },
    "healthcheck-range": {
        "least": check("CMD", "x", Interval=5, Timeout=2, StartPeriod=0, Retries=1),
        "most": check("CMD", "x", Interval=300, Timeout=60, StartPeriod=300, Retries="10"),
        "unknown": check("CMD", "x", Interval=OPEN, Retries=OPEN),
    },
    "healthcheck-timeout-exceeds-interval": {
        "same": check("CMD", "x", Interval=20, Timeout=20),
        "unknown": check("CMD", "x", Interval=OPEN, Timeout=60),
        "each with its own": check("CMD", "x", Interval={"Fn::If": ["A", 10, 60]}, Timeout={"Fn::If": ["A", 5, 60]}),
    },
    "healthcheck-port-not-exposed": {
        "mapped": asks(8000),
        "in a range": asks(8005, PortMappings=RANGE),
        "no mapping": asks(8080, PortMappings=[]),
        "an unknown mapping": asks(8080, PortMappings=[*PORT, {"ContainerPort": OPEN}]),
        "an unknown list": asks(8080, PortMappings={"Fn::If": ["A", PORT, OPEN]}),
        "other host": shell("curl -f http://db:5432/", PortMappings=PORT),
        "unknown port": shell("curl -f http://localhost:$PORT/", PortMappings=PORT),
        "in the environment": asks(8080, Environment=[{"Name": "MANAGEMENT", "Value": "0.0.0.0:8080"}]),
        "an unknown port in the environment": asks(8080, Environment=[{"Name": "ADMIN_PORT", "Value": OPEN}]),
        "in the command": asks(8080, Command=["serve", "--admin=8080"]),
        "a socket": shell("curl --unix-socket /run/x.sock http://localhost/", PortMappings=PORT),
        "only printed": shell("echo curl http://localhost:8080/", PortMappings=PORT),
    },
    "healthcheck-cannot-fail": {
        "exit 1": shell(f"curl {URL} || exit 1"),
        "nothing": shell(f"curl {URL}"),
        "echo and fail": shell(f"curl {URL} || (echo down; exit 1)"),
        "echo on success": shell(f"curl {URL} && echo up"),
        "an exit before": shell(f"curl {URL} || exit 1; echo up"),
        "if": shell(f"if ! curl {URL}; then false; fi; echo done"),
        "set": shell(f"set -e; curl {URL}; echo done"),
        "a pipe": shell(f"curl {URL} | true"),
        "unknown": shell({"Fn::Sub": f"curl {URL} || echo ${{Open}}"}),
        "what echo prints is tested": shell("echo ruok | nc localhost 2181"),
        "malformed": shell("echo 'x"),
        "a substitution": shell("true $(curl x)"),
    },
    "healthcheck-tool-missing": {
        "has it": started_from("nginx:1.27-alpine"),
        "wget on alpine": started_from("python:3.12-alpine", f"wget -q {URL}"),
        "somebody's": started_from("mycompany/python:3.12-alpine"),
        "in a registry": started_from("1.dkr.ecr.eu-west-1.amazonaws.com/python:3.12-slim"),
        "full": started_from("python:3.12"),
        "unknown tag": started_from({"Fn::Sub": "python:${Open}"}),
        "debug": started_from("gcr.io/distroless/java:debug", f"wget -q {URL}"),
        "another program": started_from("python:3.12-slim", f"python -c 'x' || curl {URL}"),
        "other way": started_from("alpine:3", f"curl {URL} || wget {URL}"),
        "installs it": started_from("python:3.12-slim", Command=["sh", "-c", "apt-get install curl; serve"]),
        "exec form without a shell": {**check("CMD", "java", "Check"), "Image": "gcr.io/distroless/java:17"},
        "placeholder": started_from("<IMAGE>"),
    },
}


@pytest.mark.parametrize(("rule", "case"), [(rule, case) for rule, cases in SPEAKING.items() for case in cases])
def test_the_mistake_is_named(found, task, rule, case):
    container, severity, expected = SPEAKING[rule][case]
    ((found_severity, message),) = found(rule, task(**container), **SECTIONS)
    assert found_severity == severity
    assert expected in message


@pytest.mark.parametrize(("rule", "case"), [(rule, case) for rule, cases in SILENT.items() for case in cases])
def test_what_is_right_or_not_known_is_silent(found, task, rule, case):
    assert found(rule, task(**SILENT[rule][case]), **SECTIONS) == []


def test_a_default_that_it_rests_on_makes_it_a_warning(found, task):
    resources = task(**check("CMD", "x", Retries={"Fn::Sub": "${Ten}0"}))
    message = "container `api` has a health check with `Retries` 100, allowed are 1 to 10"
    assert found("healthcheck-range", resources, **SECTIONS) == [
        ("warning", f"{message} (by the default of parameter `Ten`)")
    ]


def test_a_raw_health_check_is_named_as_it_is_written(report_of):
    check = {"command": ["curl", "x"], "startPeriod": "301"}
    report = report_of({"family": "x", "containerDefinitions": [{"name": "a", "image": "x:1", "healthCheck": check}]})
    messages = {finding.message for finding in report.errors if finding.rule.startswith("healthcheck-")}
    assert messages == {
        "container `a` has a health check that begins with `curl`, not with `CMD` or `CMD-SHELL`",
        "container `a` has a health check with `startPeriod` 301 seconds, allowed are 0 to 300",
    }


def test_a_port_that_another_container_maps_is_known(found):
    containers = [
        {"Name": "proxy", "Image": "p:1", "PortMappings": [{"ContainerPort": 8080}]},
        {"Name": "api", "Image": "a:1", **asks(8080)},
    ]
    resources = {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": containers}}}
    assert found("healthcheck-port-not-exposed", resources) == []
