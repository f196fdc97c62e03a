"""examples/optima: every service of its catalogue in the fitting pattern, in both environments, nothing to find."""

import dataclasses
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import aws_cdk as cdk
import pytest

import roadworthy
from roadworthy.catalogue import Catalogue
from roadworthy.patterns import (
    HttpService,
    ScheduledTask,
    SingletonService,
    TcpService,
    UnpinnedImageError,
    WorkerService,
)
from tests.synth.template import Template

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "optima"
CATALOGUE = Catalogue.load(FOLDER / "services.toml")
PATTERNS = {"http": HttpService, "worker": WorkerService, "singleton": SingletonService, "tcp": TcpService}
ELB = "AWS::ElasticLoadBalancingV2"
STAGE_ONLY = {"optima-store", "pgbouncer"}


@pytest.fixture(scope="module")
def example():
    """The example's app.py, which finds its package beside itself."""
    sys.path.insert(0, str(FOLDER))
    spec = importlib.util.spec_from_file_location("optima_app", FOLDER / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(FOLDER))
    return module


def new_app():
    return cdk.App(context=json.loads((FOLDER / "cdk.json").read_text())["context"])


@pytest.fixture(scope="module")
def app(example):
    app = new_app()
    example.build(app)
    return app


@pytest.fixture(scope="module")
def assembly(app):
    return Path(app.synth().directory)  # which fails where cdk-nag finds an error that is not waived


@pytest.fixture(scope="module")
def template(assembly):
    def read(environment, service):
        document = json.loads((assembly / f"optima-{environment}-{service}.template.json").read_text())
        return Template(document["Resources"], document.get("Outputs", {}))

    return read


def test_thirteen_services_are_in_stage_and_eleven_in_prod(assembly):
    in_stage, in_prod = (
        {
            path.name.removeprefix(f"optima-{environment}-")
            for path in assembly.glob(f"optima-{environment}-*.template.json")
        }
        for environment in ("stage", "prod")
    )
    assert in_stage == {f"{entry.service}.template.json" for entry in CATALOGUE.services("stage")} | {
        "shared.template.json"
    }
    assert in_stage - in_prod == {f"{name}.template.json" for name in STAGE_ONLY}
    assert (len(in_stage), len(in_prod)) == (14, 12)


@pytest.mark.parametrize("entry", CATALOGUE.entries, ids=lambda entry: entry.name)
def test_a_service_is_of_its_kind_and_named_as_the_catalogue_says(app, template, entry):
    made = app.node.find_child(f"optima-{entry.environment.name}-{entry.service}").service
    service = template(entry.environment.name, entry.service).only("AWS::ECS::Service")
    assert type(made) is PATTERNS[entry.kind]
    assert service["ServiceName"] == f"{entry.service}-{entry.environment.name}"
    assert made.cluster.node.path == f"optima-{entry.environment.name}-shared/Cluster"


@pytest.mark.parametrize("environment", ["stage", "prod"])
def test_an_environment_has_one_network_one_shared_load_balancer_and_its_cluster(template, environment):
    shared = template(environment, "shared")
    assert shared.only("AWS::ECS::Cluster")["ClusterName"] == f"optima-{environment}-cluster"
    assert len(shared.of_type("AWS::EC2::VPC")) == len(shared.of_type(f"{ELB}::LoadBalancer")) == 1


def test_http_services_share_a_listener_by_their_names(template):
    rules = {}
    for entry in CATALOGUE.services("stage"):
        for rule in template("stage", entry.service).of_type(f"{ELB}::ListenerRule").values():
            rules[entry.service] = (rule["Priority"], rule["Conditions"][0]["HostHeaderConfig"]["Values"])
    http = {entry.service for entry in CATALOGUE.services("stage") if entry.kind == "http"}
    assert rules.keys() == http - {"session-gateway"}
    assert {name: hosts for name, (_, hosts) in rules.items()} == {
        name: [f"{name}.stage.optima.internal"] for name in rules
    }
    assert len({priority for priority, _ in rules.values()}) == len(rules)


@pytest.mark.parametrize("environment", ["stage", "prod"])
def test_the_gateways_web_sockets_may_be_silent_and_come_back_to_their_task(template, environment):
    gateway = template(environment, "session-gateway")
    balancer = {one["Key"]: one["Value"] for one in gateway.only(f"{ELB}::LoadBalancer")["LoadBalancerAttributes"]}
    targets = {one["Key"]: one["Value"] for one in gateway.only(f"{ELB}::TargetGroup")["TargetGroupAttributes"]}
    assert balancer["idle_timeout.timeout_seconds"] == "3600"
    assert (targets["stickiness.enabled"], targets["stickiness.lb_cookie.duration_seconds"]) == ("true", "86400")
    assert gateway.only("AWS::Route53::RecordSet")["Name"] == f"session-gateway.{environment}.optima.internal."


@pytest.mark.parametrize("entry", CATALOGUE.services("prod"), ids=lambda entry: entry.service)
def test_in_prod_deployments_end_with_alarms_that_stage_does_not_have(template, entry):
    made = template("prod", entry.service)
    watched = made.only("AWS::ECS::Service")["DeploymentConfiguration"]["Alarms"]
    alarms = {alarm["AlarmName"] for alarm in made.of_type("AWS::CloudWatch::Alarm").values()}
    assert watched["Enable"] is watched["Rollback"] is True
    assert set(watched["AlarmNames"]) < alarms
    assert template("stage", entry.service).of_type("AWS::CloudWatch::Alarm") == {}


def test_a_worker_and_the_scheduler_run_their_commands_in_the_backends_image(template):
    def container(service):
        task = template("stage", service).only("AWS::ECS::TaskDefinition")
        return task["ContainerDefinitions"][0]

    backend, worker, scheduler = (container(f"commerce-{end}") for end in ("backend", "rq-worker", "rq-scheduler"))
    assert backend["Image"] == worker["Image"] == scheduler["Image"]
    assert (worker["Command"], scheduler["Command"]) == (["rq", "worker"], ["rqscheduler"])


def test_a_pooler_lets_in_its_callers_and_nobody_else(template):
    def groups_let_in(caller):
        rules = template("stage", caller).of_type("AWS::EC2::SecurityGroupIngress").values()
        return [rule["Description"] for rule in rules if rule["FromPort"] == 6432]

    in_stage = {entry.service: groups_let_in(entry.service) for entry in CATALOGUE.services("stage")}
    callers = {"commerce-backend", "commerce-rq-worker", "commerce-rq-scheduler"}
    assert {name for name, rules in in_stage.items() if rules == ["connections"]} == callers
    assert in_stage["bi-backend"] == []


def test_a_scheduled_service_would_be_a_scheduled_task(example):
    stage, app = CATALOGUE.environment("stage"), new_app()
    scout = CATALOGUE.service("optima-scout", "stage")
    nightly = dataclasses.replace(scout, kind="scheduled", schedule="cron(0 3 * * ? *)")
    env = cdk.Environment(region=stage.region)
    shared = example.SharedStack(app, "shared", env=env, settings=dataclasses.replace(stage, guarded=True))
    stack = example.ServiceStack(app, "nightly", env=env, shared=shared, entry=nightly, tag="3f2a9c1d0b7e")
    assert type(stack.service) is ScheduledTask
    assert roadworthy.check(Path(app.synth().directory)).findings == []


def test_a_service_has_the_cluster_that_it_names_for_itself(example):
    stage, app = CATALOGUE.environment("stage"), new_app()
    scout = dataclasses.replace(CATALOGUE.service("optima-scout", "stage"), cluster="research")
    env = cdk.Environment(region=stage.region)
    shared = example.SharedStack(app, "shared", env=env, settings=stage)
    example.ServiceStack(app, "scout", env=env, shared=shared, entry=scout, tag="3f2a9c1d0b7e")
    document = json.loads((Path(app.synth().directory) / "shared.template.json").read_text())
    clusters = Template(document["Resources"], {}).of_type("AWS::ECS::Cluster").values()
    assert {one["ClusterName"] for one in clusters} == {"optima-stage-cluster", "research"}


def test_a_service_that_is_not_active_is_left_as_it_is_with_a_warning(example, monkeypatch, tmp_path):
    known = (FOLDER / "services.toml").read_text()
    text = known.replace("[services.user-auth-admin]", "[services.user-auth-admin]\nactive = false")
    (tmp_path / "services.toml").write_text(text)
    monkeypatch.setattr(example, "FOLDER", tmp_path)
    example.build(app := new_app())
    stacks = {stack.node.id for stack in app.node.children if isinstance(stack, cdk.Stack)}
    assert stacks & {"optima-stage-user-auth", "optima-stage-user-auth-admin"} == {"optima-stage-user-auth"}
    told = [one.data for one in app.node.find_child("optima-stage-shared").node.metadata]
    assert any("user-auth-admin is not active" in str(one) for one in told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[stage]", 'images.toml: \\[stage\\] has no "optima/pgbouncer" = "TAG"'),
        ("stage = 1", 'images.toml: \\[stage\\] has no "optima/pgbouncer" = "TAG"'),
        ("[stage", "images.toml: Expected"),
    ],
)
def test_a_tag_that_is_not_there_is_told_in_a_line(example, monkeypatch, tmp_path, text, told):
    images = sys.modules["optima.images"]
    (tmp_path / "images.toml").write_text(text)
    monkeypatch.setattr(images, "TAGS", tmp_path / "images.toml")
    monkeypatch.setattr(images, "_tags", images._tags.__wrapped__)
    with pytest.raises(UnpinnedImageError, match=told):
        images.tag_of(CATALOGUE.service("pgbouncer", "stage"))


def test_no_checker_finds_anything(assembly):
    assert roadworthy.check(assembly).findings == []
    reports = json.loads((assembly / "validation-report.json").read_text())["pluginReports"]
    assert [violation["ruleName"] for report in reports for violation in report["violations"]] == []
    assert '"aws:cdk:warning"' not in "".join(path.read_text() for path in assembly.glob("*.metadata.json"))


def test_cfn_lint_finds_nothing(assembly):
    one_of_each = ("images", "prod-shared", "prod-user-auth", "prod-session-gateway", "prod-commerce-rq-worker")
    templates = [assembly / f"optima-{name}.template.json" for name in (*one_of_each, "stage-pgbouncer")]
    command = [Path(sys.executable).with_name("cfn-lint"), *map(str, templates)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
