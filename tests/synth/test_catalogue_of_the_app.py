"""What services.toml says of the query service is what its stack makes: operators find it by these names."""

import pytest

from roadworthy.catalogue import Catalogue, ServiceEntry
from stacks.image_repository import REPOSITORY_NAME
from tests.synth.conftest import ROOT

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def entry() -> ServiceEntry:
    return Catalogue.load(ROOT / "services.toml").service("query-service", "stage")


def test_the_stacks_cluster_and_service_have_the_catalogues_names(template, entry):
    assert template.only("AWS::ECS::Cluster")["ClusterName"] == entry.cluster
    assert template.only("AWS::ECS::Service")["ServiceName"] == entry.name


def test_the_task_has_the_catalogues_size_container_and_port(template, entry):
    task = template.only("AWS::ECS::TaskDefinition")
    (container,) = task["ContainerDefinitions"]
    assert (int(task["Cpu"]), int(task["Memory"])) == (entry.cpu, entry.memory)
    assert (container["Name"], container["PortMappings"][0]["ContainerPort"]) == (entry.container, entry.port)


def test_the_load_balancer_asks_for_the_catalogues_health_path(template, entry):
    group = template.only("AWS::ElasticLoadBalancingV2::TargetGroup")
    assert group["HealthCheckPath"] == entry.health_path


def test_scaling_keeps_to_the_catalogues_bounds(template, entry):
    target = template.only("AWS::ApplicationAutoScaling::ScalableTarget")
    assert (target["MinCapacity"], target["MaxCapacity"]) == (entry.min, entry.max)


def test_the_image_comes_from_the_catalogues_repository(entry):
    assert entry.repository == REPOSITORY_NAME
