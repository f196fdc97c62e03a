"""The stack of a new service: the pattern of its kind, fed by the catalogue."""

from roadworthy.scaffold.kinds import KINDS
from roadworthy.scaffold.names import Names

_STACK = '''\
"""The `{service}` service, as services.toml has it."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from constructs import Construct

from roadworthy.catalogue import Catalogue, Environment
from roadworthy.patterns import {imports}

_CATALOGUE = Path(__file__).parents[1] / "services.toml"


class {stack}(cdk.Stack):
    """`{service}` in one environment, in a network and a cluster that it shares.

    Args:
        scope: the app.
        id: the stack's id.
        env: the account and region.
        environment: which environment of services.toml.
        network: the environment's network.
        cluster: the cluster that services.toml names.
        image_reference: the tag or the digest of the image in ECR.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        env: cdk.Environment,
        environment: Environment,
        network: PrivateNetwork,
        cluster: ecs.ICluster,
        image_reference: str,
    ) -> None:
        super().__init__(scope, id, env=env)
        entry = Catalogue.load(_CATALOGUE).service("{service}", environment.name)
{narrows}\
        repository = ecr.Repository.from_repository_name(self, "Repository", entry.repository)
        logs = ServiceLogs(retention_days=environment.log_retention_days)
        self.service = {pattern}(
            self,
            "Service",
            network=network,
            cluster=cluster,
            name=entry.name,
            image=Image.from_ecr(repository, reference=image_reference),
            container_name=entry.container,
            cpu=entry.cpu,
            memory_mib=entry.memory,
            log_group=logs.group(self, "Logs", f"/ecs/{{entry.name}}"),
{gives}\
        )
'''
_SHARED = ("Image", "PrivateNetwork", "ServiceLogs")


def stack_text(names: Names, kind: str) -> str:
    """The module of the service's stack."""
    one = KINDS[kind]
    return _STACK.format(
        service=names.service,
        stack=names.stack,
        pattern=one.pattern,
        imports=", ".join(sorted({one.pattern, *one.imports, *_SHARED})),
        narrows="".join(f"        assert entry.{key}  # as kind `{kind}` always has it\n" for key in one.narrows),
        gives="".join(f"            {keyword},\n" for keyword in one.gives),
    )
