"""Contract: connections through a Network Load Balancer, and health checks that only connect."""

import socket
import sys
import time
from pathlib import Path

import pytest

from roadworthy.local.images import push
from tests.local.http_calls import call
from tests.local.templates import REGION, att, ref, resource, whole_service

pytestmark = pytest.mark.e2e
REPOSITORY = f"000000000000.dkr.ecr.{REGION}.amazonaws.com/pool"


@pytest.fixture(scope="module")
def images(aws):
    ecr, here = aws.client("ecr"), Path(__file__).parent
    ecr.create_repository(repositoryName="pool")
    push(ecr, "pool", "http", argv=[sys.executable, "task_app.py", "{host}", "{port}"], cwd=here)
    push(ecr, "pool", "echo", argv=[sys.executable, "echo_app.py", "{host}", "{port}"], cwd=here)


def network_load_balancer():
    """One that listens on 5432 and forwards to port 8000."""
    return {
        "NetworkTargets": resource(
            "ElasticLoadBalancingV2::TargetGroup",
            TargetType="ip", Protocol="TCP", Port=8000, VpcId=ref("Vpc"), HealthCheckProtocol="TCP",
            HealthCheckIntervalSeconds=5, HealthyThresholdCount=2, UnhealthyThresholdCount=2,
        ),
        "NetworkBalancer": resource(
            "ElasticLoadBalancingV2::LoadBalancer", Type="network", Scheme="internal", Subnets=[ref("Subnet")]
        ),
        "NetworkListener": resource(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=ref("NetworkBalancer"), Port=5432, Protocol="TCP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("NetworkTargets")}],
        ),
    }  # fmt: skip


def behind_both(tag, **options):
    """A service behind an Application and a Network Load Balancer."""
    made = {**whole_service(f"{REPOSITORY}:{tag}", **options), **network_load_balancer()}
    target = {"ContainerName": "app", "ContainerPort": 8000, "TargetGroupArn": ref("NetworkTargets")}
    made["Service"]["Properties"]["LoadBalancers"].append(target)
    made["Service"]["DependsOn"].append("NetworkListener")
    return made


def behind_the_network_one(tag):
    made = behind_both(tag)
    del made["Service"]["Properties"]["LoadBalancers"][0], made["Targets"], made["Balancer"], made["Listener"]
    made["Service"]["DependsOn"].remove("Listener")
    return made


def test_a_task_reaches_another_by_its_network_load_balancers_name(aws, images, deploy):
    address = {"Fn::Join": ["", [att("NetworkBalancer", "DNSName"), ":5432"]]}
    stack = deploy(behind_both("http", environment={"POOL": address}), balancer=att("Balancer", "LoadBalancerName"))
    _status, seen = call(f"{aws.url}/_alb/{stack['balancer']}/environment")
    assert seen["POOL"].startswith(f"127.{aws.port >> 8}.{aws.port & 255}.")
    assert seen["POOL"].endswith(":5432")
    assert call(f"http://{seen['POOL']}/environment") == (200, seen)
    stack.delete()
    end = time.monotonic() + 20
    while listens(seen["POOL"]):
        assert time.monotonic() < end, "the listener of a deleted stack still listens"
        time.sleep(0.1)


def listens(address):
    host, _, port = address.rpartition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def test_a_target_that_speaks_no_http_is_healthy_when_it_lets_connect(aws, images, deploy):
    stack = deploy(behind_the_network_one("echo"), targets=ref("NetworkTargets"))
    states = aws.client("elbv2").describe_target_health(TargetGroupArn=stack["targets"])["TargetHealthDescriptions"]
    assert [one["TargetHealth"]["State"] for one in states] == ["healthy"]
