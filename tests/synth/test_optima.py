"""examples/optima: every service of its catalogue in the fitting pattern, in both environments, nothing to find."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import aws_cdk as cdk
import pytest

import roadworthy
from roadworthy.catalogue import Catalogue
from roadworthy.patterns import HttpService, SingletonService, TcpService, WorkerService
from tests.synth.template import Template

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "optima"
CATALOGUE = Catalogue.load(FOLDER / "services.toml")
PATTERNS = {"http": HttpService, "worker": WorkerService, "singleton": SingletonService, "tcp": TcpService}
ELB = "AWS::ElasticLoadBalancingV2"
STAGE_ONLY = {"optima-store", "pgbouncer"}


@pytest.fixture(scope="module")
def app():
    sys.path.insert(0, str(FOLDER))
    spec = importlib.util.spec_from_file_location("optima_app", FOLDER / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(FOLDER))
    app = cdk.App(context=json.loads((FOLDER / "cdk.json").read_text())["context"])
    module.build(app)
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
