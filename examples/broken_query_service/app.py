"""QueryServiceStack three times, each with one mistake that would have hung its deployment.

    cd examples/broken_query_service && npx cdk synth

The patterns refuse these mistakes where they are written; so here they are made past them, with the escape hatches
that every construct has, as it happens when a template is changed in a hurry. The rules find them at synthesis.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from roadworthy.node import use_pinned_node  # noqa: E402

use_pinned_node()

import aws_cdk as cdk  # noqa: E402
from aws_cdk import aws_ecs as ecs  # noqa: E402
from aws_cdk import aws_elasticloadbalancingv2 as elbv2  # noqa: E402
from aws_cdk import aws_ssm as ssm  # noqa: E402

from roadworthy.environments import Environment  # noqa: E402
from roadworthy.plugin import run_app  # noqa: E402
from stacks.query_service import QueryServiceStack  # noqa: E402

ENVIRONMENT = Environment.load(path=ROOT / "services.toml")


def build(app: cdk.App) -> None:
    """Add the three broken stacks to `app`."""
    name_in_both(service(app, "NameInBoth"))
    paths_differ(service(app, "PathsDiffer"))
    latest_image(service(app, "LatestImage"))


def service(app: cdk.App, id: str) -> QueryServiceStack:
    """A query service that is still right."""
    env = cdk.Environment(region=ENVIRONMENT.region)
    return QueryServiceStack(app, id, env=env, environment=ENVIRONMENT, image_reference="0123456789ab")


def name_in_both(stack: QueryServiceStack) -> None:
    """`REQUEST_TIMEOUT` becomes a secret too, with all that reading it takes, and its plain value is forgotten."""
    parameter = ssm.StringParameter.from_secure_string_parameter_attributes(
        stack, "RequestTimeout", parameter_name="/query-service/request-timeout"
    )
    parameter.grant_read(stack.handler.task_definition.obtain_execution_role())
    stack.network.reach_secrets()
    task_definition(stack).add_property_override(
        "ContainerDefinitions.0.Secrets", [{"Name": "REQUEST_TIMEOUT", "ValueFrom": parameter.parameter_arn}]
    )


def paths_differ(stack: QueryServiceStack) -> None:
    """The load balancer asks another path than the container does."""
    target_group = stack.handler.target_group.node.default_child
    assert isinstance(target_group, elbv2.CfnTargetGroup)
    target_group.health_check_path = "/healthz"


def latest_image(stack: QueryServiceStack) -> None:
    """The image is whatever was pushed last."""
    uri = f"{stack.account}.dkr.ecr.{stack.region}.amazonaws.com/query-service:latest"
    task_definition(stack).add_property_override("ContainerDefinitions.0.Image", uri)


def task_definition(stack: QueryServiceStack) -> ecs.CfnTaskDefinition:
    """The CloudFormation resource under the pattern."""
    resource = stack.handler.task_definition.node.default_child
    assert isinstance(resource, ecs.CfnTaskDefinition)
    return resource


if __name__ == "__main__":
    sys.exit(run_app(build))
