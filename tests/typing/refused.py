"""Mistakes that an editor underlines: both checkers say when one of these comments is not needed. See services.py."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

from roadworthy.patterns import HealthCheck, HttpService, Image, PrivateNetwork, Scaling, WorkerService


def a_keyword_that_is_misspelt(stack: cdk.Stack, vpc: ec2.Vpc, image: Image, check: HealthCheck) -> None:
    HttpService(stack, "A", network=vpc, name="a", image=image, port=80, helth_check=check)  # type: ignore[call-arg]


def a_keyword_of_all_services_that_is_misspelt(stack: cdk.Stack, vpc: ec2.Vpc, image: Image) -> None:
    WorkerService(stack, "A", network=vpc, name="a", image=image, memory_mb=512)  # type: ignore[call-arg]


def an_image_that_may_move(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    WorkerService(stack, "A", network=vpc, name="a", image="api:latest")  # type: ignore[arg-type]


def a_path_for_a_health_check(stack: cdk.Stack, vpc: ec2.Vpc, image: Image) -> None:
    HttpService(stack, "A", network=vpc, name="a", image=image, port=80, health_check="/up")  # type: ignore[arg-type]


def no_network(stack: cdk.Stack, image: Image) -> None:
    WorkerService(stack, "A", name="a", image=image)  # type: ignore[call-arg]


def a_worker_with_a_port(stack: cdk.Stack, vpc: ec2.Vpc, image: Image) -> None:
    WorkerService(stack, "A", network=vpc, name="a", image=image, port=80)  # type: ignore[call-arg]


def numbers_as_text(stack: cdk.Stack) -> None:
    Scaling(min="2")  # type: ignore[arg-type]
    PrivateNetwork(stack, "Network", availability_zones=2)  # type: ignore[arg-type]
