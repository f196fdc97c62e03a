"""What containers get as secrets: Secrets Manager's secrets and Systems Manager's parameters.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.online.arn import Arn, parse_arn, regional_arn
from roadworthy.online.declared import PARAMETER, SECRET
from roadworthy.online.deployment import Deployment
from roadworthy.online.subjects.batch import Batch, batches
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known
from roadworthy.template.node import Node

# secret:NAME-RANDOM, then perhaps :JSON-KEY:VERSION-STAGE:VERSION-ID.
SECRET_RESOURCE = re.compile(
    r"secret:(?P<name>[A-Za-z0-9/_+=.@-]+)(?::(?P<key>[^:]*):(?P<stage>[^:]*):(?P<version>[^:]*))?"
)
# https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
PARAMETER_NAME = re.compile(r"(?P<name>[A-Za-z0-9_./-]+)(?::[A-Za-z0-9_.-]+)?")
RANDOM_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")
PARAMETERS_IN_A_CALL = 10  # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html


class SecretUse(NamedTuple):
    """A secret of Secrets Manager that a container uses.

    Attributes:
        place: where it is named.
        assumed: the parameters whose defaults it rests on.
        container: which uses it.
        arn: of the secret, without what follows it in a task definition.
        key: the JSON key that is asked for; None: the whole secret.
        stage: the version's label; None: AWSCURRENT.
        version: the version's id; None: the one with the label.
    """

    place: Node
    assumed: frozenset[str]
    container: Container
    arn: Arn
    key: str | None
    stage: str | None
    version: str | None

    @property
    def label(self) -> str:
        """Its name as the ARN has it."""
        return self.arn.resource.removeprefix("secret:")


class ParameterUse(NamedTuple):
    """A parameter of Systems Manager in the caller's account; `name` is a name or an ARN."""

    place: Node
    assumed: frozenset[str]
    container: Container
    name: str
    region: str
    arn: str


class ParameterBatch(NamedTuple):
    """Parameters that one call can ask about."""

    batch: Batch[ParameterUse]

    @property
    def place(self) -> Node:
        """The first place."""
        return self.batch.place


def secret_uses(deployment: Deployment) -> list[SecretUse]:
    """The secrets of all containers that exist before the deployment, if they do."""
    found = (_secret(known, container) for container, known in _sources(deployment))
    return [use for use in found if use is not None and not _is_declared(use, deployment)]


def keyed_secret_uses(deployment: Deployment) -> list[SecretUse]:
    """Those of them of which one JSON key is asked for."""
    return [use for use in secret_uses(deployment) if use.key]


def parameter_batches(deployment: Deployment) -> list[ParameterBatch]:
    """The parameters of all containers that exist before the deployment, if they do."""
    found = (_parameter(known, container, deployment) for container, known in _sources(deployment))
    return [ParameterBatch(batch) for batch in batches((use for use in found if use), PARAMETERS_IN_A_CALL)]


def _sources(deployment: Deployment) -> Iterator[tuple[Container, Known[str]]]:
    """Every `valueFrom`, and the credentials of private registries, which are secrets as well."""
    for container in deployment.model.containers:
        logs = container.log_configurations
        entries = [
            *container.node.all_items("Secrets"),
            *(item for log in logs for item in log.all_items("SecretOptions")),
        ]
        for entry in entries:
            for known in deployment.texts(entry, "ValueFrom"):
                yield container, known
        for credentials in container.node.get("RepositoryCredentials"):
            for known in deployment.texts(credentials, "CredentialsParameter"):
                if known.value.startswith("arn:"):  # a bare name is a secret's here, and a parameter's elsewhere
                    yield container, known


def _secret(known: Known[str], container: Container) -> SecretUse | None:
    arn = regional_arn(known.value, "secretsmanager")
    match = SECRET_RESOURCE.fullmatch(arn.resource) if arn else None
    if arn is None or match is None:
        return None
    plain = arn._replace(resource=f"secret:{match['name']}")
    key, stage, version = match["key"], match["stage"], match["version"]
    return SecretUse(known.at, known.assumed, container, plain, key or None, stage or None, version or None)


def _is_declared(use: SecretUse, deployment: Deployment) -> bool:
    return any(deployment.declares(SECRET, name, use.place) for name in {use.label, RANDOM_SUFFIX.sub("", use.label)})


def _parameter(known: Known[str], container: Container, deployment: Deployment) -> ParameterUse | None:
    written = regional_arn(known.value, "ssm")
    if written is None and parse_arn(known.value):
        return None
    name = "/" + written.resource.removeprefix("parameter/") if written else known.value
    match = PARAMETER_NAME.fullmatch(name)
    arn = written or deployment.target(known.at).arn("ssm", f"parameter/{name.removeprefix('/')}")
    if match is None or arn.account != deployment.account or _is_made(match["name"], known.at, deployment):
        return None
    return ParameterUse(known.at, known.assumed, container, known.value, arn.region, str(arn))


def _is_made(name: str, at: Node, deployment: Deployment) -> bool:
    """Whether the documents make the parameter; an ARN does not tell whether its name begins with a slash."""
    bare = name.removeprefix("/")
    return any(deployment.declares(PARAMETER, each, at) for each in (bare, f"/{bare}"))
