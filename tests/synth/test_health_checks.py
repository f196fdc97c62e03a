"""One health check feeds both sides, asks without curl, and refuses what either side would."""

import http.server
import os
import subprocess
import sys
import threading
from concurrent import futures
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.node import pinned_node
from roadworthy.patterns import HealthCheck, InvalidHealthCheckError, Probe
from roadworthy.rules.facts.health_command import probes, tcp_ports

pytestmark = pytest.mark.synth

PATH = os.pathsep.join(
    [str(Path(sys.executable).parent), str(Path(pinned_node() or "node").parent), os.environ["PATH"]]
)


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(self.path[1:4]))
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def port():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


def exit_code(check, port):
    form, *words = check.words_for(port)
    assert form == "CMD"
    try:
        environment = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ} | {"PATH": PATH}
        return subprocess.run(words, env=environment, capture_output=True, timeout=30, check=False).returncode
    except FileNotFoundError:
        pytest.skip(f"{words[0]} is not on this machine")


@pytest.mark.parametrize("probe", Probe.of_http())
@pytest.mark.parametrize(
    ("path", "healthy"), [("/200", True), ("/204/a%2Fb;c&d=$e(f)", True), ("/404", False), ("/500", False)]
)
def test_a_probe_says_what_the_application_answers(probe, path, healthy, port):
    assert (exit_code(HealthCheck.http(path, probe=probe), port) == 0) is healthy


@pytest.mark.parametrize("probe", Probe.of_tcp())
def test_a_probe_says_whether_a_port_is_open(probe, port):
    assert exit_code(HealthCheck.tcp(probe=probe), port) == 0
    assert exit_code(HealthCheck.tcp(probe=probe), 1) != 0


@pytest.mark.parametrize("probe", [Probe.PYTHON, Probe.NODE, Probe.WGET, Probe.CURL])
def test_the_rules_read_every_probe(probe):
    (asked,) = probes(HealthCheck.http("/ready", probe=probe).words_for(9000))
    assert (asked.host, asked.port, asked.path) == ("127.0.0.1", 9000, "/ready")
    assert tcp_ports(HealthCheck.tcp(probe=Probe.NETCAT).words_for(6432)) == [6432]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: HealthCheck.http("health"), "health-check path 'health': it must begin with /"),
        (
            lambda: HealthCheck.http("/h", probe=Probe.NETCAT),
            r"Probe.NETCAT \(nc\) cannot ask over HTTP; use one of Probe.P",
        ),
        (lambda: HealthCheck.tcp(probe=Probe.CURL), r"Probe.CURL \(curl\) cannot check TCP; use one of Probe.PYTHON"),
        (
            lambda: HealthCheck.http("/ready", probe=["CMD", "curl", "-f", "http://localhost:8000/live"]),
            "health-check command asks '/live', the load balancer '/ready'",
        ),
        (lambda: HealthCheck.http("/h", matcher="OK"), "matcher 'OK' is no list of codes of 200..499"),
        (lambda: HealthCheck.http("/h", matcher="200-500"), "matcher '200-500' is no list"),
        (lambda: HealthCheck.http("/h", matcher="200,404"), "matcher '200,404': the container's own probe takes 404"),
        (lambda: HealthCheck.http("/h", interval_seconds="10"), "interval_seconds = '10' is not a whole number"),
        (lambda: HealthCheck.http("/h", port=65_536), r"port = 65536 is not in 1\.\.65535"),
        (
            lambda: HealthCheck.http("/h", timeout_seconds=61, interval_seconds=90),
            r"health check /h: timeout_seconds = 61 is not in 2\.\.60",
        ),
        (lambda: HealthCheck.tcp(unhealthy_threshold=1), r"unhealthy_threshold = 1 is not in 2\.\.10"),
        (lambda: HealthCheck.command(["CMD", "check"], unhealthy_threshold=11), r"= 11 is not in 1\.\.10"),
        (
            lambda: HealthCheck.http("/h", grace_seconds=59),
            r"grace_seconds = 59 is too short: a task may need 60 s \(start_seconds = 30, then 3 checks every 10 s\)",
        ),
        (lambda: HealthCheck.grpc("a.B/Check"), "gRPC service 'a.B/Check' is no name"),
        (lambda: HealthCheck.grpc("a" * 128), "gRPC service 'a{128}' is no name"),
        (
            lambda: HealthCheck.grpc(probe=Probe.CURL),
            r"Probe.CURL \(curl\) cannot ask over gRPC; use one of Probe.PYTHON",
        ),
        (
            lambda: HealthCheck.command(cdk.Fn.split(",", cdk.Fn.import_value("words"))),
            "is a list that nobody knows yet: write",
        ),
        (lambda: HealthCheck.command("pg_isready -q"), "command 'pg_isready -q' is one text: write"),
        (lambda: HealthCheck.command([]), r"command \[\] begins with neither CMD nor CMD-SHELL"),
        (lambda: HealthCheck.command(["NONE"]), r"command \['NONE'\] begins with neither"),
        (lambda: HealthCheck.command(["curl", "-f", "x"]), "begins with neither CMD nor CMD-SHELL: write"),
        (lambda: HealthCheck.command(["CMD"]), r"command \['CMD'\] runs nothing"),
        (lambda: HealthCheck.command(["CMD", "pg_isready -q"]), "names a program `pg_isready -q`, spaces and all"),
        (lambda: HealthCheck.command(["CMD-SHELL", "pg_isready", "-q"]), "several words after CMD-SHELL"),
        (lambda: HealthCheck.command(["CMD", ""]), "has an empty word"),
        (lambda: HealthCheck.command(["CMD", "check"]).target_group(1), "a load balancer runs no command"),
    ],
)
def test_what_one_side_would_refuse_is_refused_with_its_value(make, message):
    with pytest.raises(InvalidHealthCheckError, match=message):
        make()


def test_only_where_the_load_balancer_alone_asks_may_it_take_two_minutes_or_a_404():
    check = HealthCheck.http("/h", probe=None, matcher="200-404", timeout_seconds=120, interval_seconds=150)
    assert check.container(80) is None
    assert check.target_group(80).healthy_http_codes == "200-404"


def test_a_port_of_its_own_is_asked_on_both_sides():
    check = HealthCheck.http("/health", port=9001)
    (asked,) = probes(check.container(8000).command)
    assert (asked.port, check.target_group(8000).port, check.port_for(8000)) == (9001, "9001", 9001)


def test_grpc_asks_the_standard_service_on_both_sides():
    check = HealthCheck.grpc("orders.Orders")
    assert check.words_for(50051)[1:3] == ["grpc_health_probe", "-addr=127.0.0.1:50051"]
    assert check.words_for(50051)[-1] == "-service=orders.Orders"
    target_group = check.target_group(50051)
    assert (target_group.path, target_group.healthy_grpc_codes) == ("/grpc.health.v1.Health/Check", "0")


@pytest.fixture(scope="module")
def grpc_port():
    grpc = pytest.importorskip("grpc", reason="grpcio is not installed")
    health, stubs = (pytest.importorskip(f"grpc_health.v1.health{end}") for end in ("", "_pb2_grpc"))
    server, servicer = grpc.server(futures.ThreadPoolExecutor(1)), health.HealthServicer()
    stubs.add_HealthServicer_to_server(servicer, server)
    for name, status in (("well.Well", "SERVING"), ("ill.Ill", "NOT_SERVING")):
        servicer.set(name, getattr(health._health_pb2.HealthCheckResponse, status))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port
    server.stop(None)


@pytest.mark.parametrize(("service", "healthy"), [("", True), ("well.Well", True), ("ill.Ill", False), ("none", False)])
def test_a_probe_says_what_a_grpc_server_says_of_a_service(service, healthy, grpc_port):
    assert (exit_code(HealthCheck.grpc(service, probe=Probe.PYTHON), grpc_port) == 0) is healthy


def test_tcp_asks_the_target_group_for_a_connection():
    target_group = HealthCheck.tcp(probe=["CMD", "pg_isready"]).target_group(6432)
    assert (target_group.protocol, target_group.port, target_group.path) == (elbv2.Protocol.TCP, "6432", None)


@given(
    start=st.integers(0, 300),
    interval=st.integers(5, 300),
    healthy=st.integers(2, 10),
    unhealthy=st.integers(2, 10),
)
def test_the_grace_period_covers_the_start_and_either_row_of_checks(start, interval, healthy, unhealthy):
    timing = {"interval_seconds": interval, "healthy_threshold": healthy, "unhealthy_threshold": unhealthy}
    check = HealthCheck.http("/h", start_seconds=start, timeout_seconds=2, **timing)
    assert check.grace >= start + interval * healthy
    assert check.grace >= start + interval * unhealthy
    assert HealthCheck.http("/h", start_seconds=start, timeout_seconds=2, **timing, grace_seconds=check.grace) != check
    with pytest.raises(InvalidHealthCheckError, match=f"grace_seconds = {check.grace - 1} is too short"):
        HealthCheck.http("/h", start_seconds=start, timeout_seconds=2, **timing, grace_seconds=check.grace - 1)


def test_tokens_pass_and_stay_tokens():
    stack = cdk.Stack(cdk.App(), "Stack")
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    path = cdk.CfnParameter(stack, "Path").value_as_string
    check = HealthCheck.http(path, interval_seconds=number, timeout_seconds=number, grace_seconds=300)
    command = stack.resolve(check.words_for(number))
    assert command[-1]["Fn::Join"][1][1:4] == [{"Ref": "Number"}, {"Ref": "Path"}, "', timeout=60)"]
    assert stack.resolve(check.target_group(number).port) == {"Ref": "Number"}
    with pytest.raises(InvalidHealthCheckError, match="its timing is a token; give grace_seconds"):
        HealthCheck.http("/h", start_seconds=number)
