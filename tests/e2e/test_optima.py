"""examples/optima, deployed to a local AWS: every service, by stand-ins for its image."""

import sys
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("ministack")

from roadworthy.catalogue import Catalogue
from roadworthy.local.app import App, ImagePush
from roadworthy.local.session import LocalAws
from tests.local.http_calls import call

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "optima"
CATALOGUE = Catalogue.load(FOLDER / "services.toml")
IMAGES = tomllib.loads((FOLDER / "images.toml").read_text())
SERVER = ROOT / "tests" / "local" / "task_app.py"


def stacks(environment):
    services = [entry.service for entry in CATALOGUE.services(environment)]
    return [f"optima-{environment}-{name}" for name in ("shared", *services)]


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory):
    """What every image runs: `serve` answers HTTP, and the commands that services.toml's workers run go on for ever."""
    folder = tmp_path_factory.mktemp("stand-in")
    scripts = {
        "serve": f'exec "{sys.executable}" "{SERVER}" "$@"',
        "rq": "exec sleep 3600",
        "rqscheduler": "exec sleep 3600",
    }
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o700)
    return folder / "serve"


def pushes(stand_in, environments):
    ports = {entry.repository: entry.port for entry in reversed(CATALOGUE.entries) if entry.port}
    tags = {(name, tag) for environment in environments for name, tag in IMAGES[environment].items()}
    return tuple(
        ImagePush(
            "optima-images", name, tag, (str(stand_in), "{host}", "{port}"), stand_in.parent, ports.get(name, 8000)
        )
        for name, tag in sorted(tags)
    )


@pytest.fixture(scope="module")
def aws(tmp_path_factory, stand_in):
    environments = ["stage", "prod"]
    app = App(
        folder=FOLDER,
        command=f"{sys.executable} app.py",
        region="ap-southeast-1",
        stacks=("optima-images", *(stack for name in environments for stack in stacks(name))),
        images=pushes(stand_in, environments),
    )
    with LocalAws.start(tmp_path_factory.mktemp("optima"), port=0, region=app.region) as aws:
        aws.deploy(app, tools=ROOT)
        yield aws


@pytest.mark.parametrize("environment", ["stage", "prod"])
def test_every_stack_is_made(aws, environment):
    found = aws.client("cloudformation").describe_stacks()["Stacks"]
    statuses = {stack["StackName"]: stack["StackStatus"] for stack in found}
    assert {name: statuses.get(name) for name in stacks(environment)} == dict.fromkeys(
        stacks(environment), "CREATE_COMPLETE"
    )


@pytest.mark.parametrize("entry", CATALOGUE.entries, ids=lambda entry: entry.name)
def test_every_service_is_active_in_its_cluster_with_all_its_tasks(aws, entry):
    (service,) = aws.client("ecs").describe_services(cluster=entry.cluster, services=[entry.name])["services"]
    assert (service["serviceName"], service["status"]) == (f"{entry.service}-{entry.environment.name}", "ACTIVE")
    assert service["clusterArn"].endswith(f":cluster/optima-{entry.environment.name}-cluster")
    assert service["runningCount"] == service["desiredCount"] == max(entry.desired, entry.min)


@pytest.mark.parametrize(
    "entry", [entry for entry in CATALOGUE.services("stage") if entry.kind == "http"], ids=lambda entry: entry.service
)
def test_a_service_answers_by_its_name(aws, entry):
    balancers = aws.client("elbv2").describe_load_balancers()["LoadBalancers"]
    own = [balancer["LoadBalancerName"] for balancer in balancers if balancer["LoadBalancerName"] == entry.name]
    shared = [balancer["LoadBalancerName"] for balancer in balancers if "stage-shared" in balancer["LoadBalancerName"]]
    status, seen = call(
        f"{aws.url}/_alb/{(own or shared)[0]}/environment", Host=f"{entry.service}.stage.optima.internal"
    )
    assert (status, seen["ENVIRONMENT"], seen["DOMAIN"]) == (200, "stage", "stage.optima.internal")


def test_a_name_that_no_service_has_is_not_found(aws):
    balancers = aws.client("elbv2").describe_load_balancers()["LoadBalancers"]
    shared = next(one["LoadBalancerName"] for one in balancers if "prod-shared" in one["LoadBalancerName"])
    assert call(f"{aws.url}/_alb/{shared}/", Host="pgbouncer.prod.optima.internal")[0] == 404
