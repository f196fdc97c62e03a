"""What a task gives its containers: its role's credentials, its region, its network's names."""

import dataclasses
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from roadworthy.local.fargate import role_session
from roadworthy.local.images import LocalImage
from roadworthy.local.names import base_url
from roadworthy.local.shims import names
from roadworthy.local.shims.internals import ecs

_DEFAULT_STOP_TIMEOUT = 30.0  # seconds; ECS's default on Fargate
_KEPT = ("LANG", "LC_ALL", "TMPDIR", "TZ")  # of the emulator's own environment; no secret is among them
_GENERIC_ROLE = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN")


@dataclasses.dataclass(frozen=True)
class Spec:
    """What a container must know of its task.

    Attributes:
        arn: the task's ARN.
        role: the name of the task role; empty: none.
        stop_timeout: seconds between SIGTERM and SIGKILL.
        vpc: the id of the VPC that its network interface is in; None: unknown.
    """

    arn: str
    role: str
    stop_timeout: float
    vpc: str | None

    @property
    def region(self) -> str:
        """The task's region."""
        return self.arn.split(":")[3]

    @property
    def account(self) -> str:
        """The task's account."""
        return self.arn.split(":")[4]


def describe(labels: Mapping[str, str]) -> Spec:
    """Find a container's task by the labels that ECS's agent gives it."""
    prefix = "com.amazonaws.ecs"
    arn = labels[f"{prefix}.task-arn"]
    key = f"{labels[f'{prefix}.task-definition-family']}:{labels[f'{prefix}.task-definition-version']}"
    definition: dict[str, Any] = ecs._task_defs.get(key) or {}
    container: dict[str, Any] = next(
        (
            one
            for one in definition.get("containerDefinitions", [])
            if one["name"] == labels[f"{prefix}.container-name"]
        ),
        {},
    )
    return Spec(
        arn=arn,
        role=str(definition.get("taskRoleArn") or "").rsplit("/", 1)[-1],
        stop_timeout=float(container.get("stopTimeout") or _DEFAULT_STOP_TIMEOUT),
        vpc=names.vpc_of((ecs._tasks.get(arn) or {}).get("_subnet")),
    )


def environment(spec: Spec, declared: Mapping[str, str], image: LocalImage, *, port: int) -> dict[str, str]:
    """The variables of a container: the task definition's, with AWS host names localised, and the agent's."""
    binaries = [str(Path(image.argv[0]).parent), str(Path(sys.executable).parent), os.environ["PATH"]]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    own = {name: names.localise(value, vpc=spec.vpc) for name, value in declared.items() if name not in _GENERIC_ROLE}
    return {
        "PATH": os.pathsep.join(binaries),
        "HOME": kept.get("TMPDIR", "/tmp"),  # noqa: S108 - where a container's home would be
        "AWS_EC2_METADATA_DISABLED": "true",
        **kept,
        **own,
        "AWS_ENDPOINT_URL": base_url(port),
        "AWS_REGION": spec.region,
        "AWS_DEFAULT_REGION": spec.region,
        **_credentials(spec),
    }


def _credentials(spec: Spec) -> dict[str, str]:
    """A session of the task role, as the agent's credentials endpoint would hand it out."""
    if not spec.role:
        return {}
    key, secret, token = role_session.credentials(spec.role, spec.account, spec.arn.rsplit("/", 1)[-1])
    return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}
