"""An EFS volume that uses IAM, an access point or a port encrypts its traffic.

## Why is this bad?

ECS refuses IAM authorization, an access point or a port for encryption without `TransitEncryption: ENABLED` (the
default is `DISABLED`), and an access point together with a root directory other than `/`: the access point says which
directory it is.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
      Volumes:
        - Name: data
          EFSVolumeConfiguration: {FilesystemId: fs-0a1b2c3d, AuthorizationConfig: {IAM: ENABLED}}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
      Volumes:
        - Name: data
          EFSVolumeConfiguration:
            FilesystemId: fs-0a1b2c3d
            TransitEncryption: ENABLED
            AuthorizationConfig: {IAM: ENABLED}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.properties import Known, assumed, contents, jointly, texts
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.model.volume import Volume
from roadworthy.template.node import Node


@rule(
    "efs-config-invalid",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report EFS volumes that ECS refuses."""
    for volume in definition.volumes:
        for configuration in volume.efs_configurations:
            yield from _unencrypted(volume, configuration)
            yield from _two_directories(volume, configuration)


def _unencrypted(volume: Volume, configuration: Node) -> Iterator[Finding]:
    plain = [known for known in texts(configuration, "TransitEncryption", "DISABLED") if known.value == "DISABLED"]
    for encryption, need in jointly(plain, _needs(volume, configuration)):
        yield Finding(
            at=encryption.at,
            message=f"volume `{volume.label}` has {need.value} and no transit encryption",
            fix=f"Set `{configuration.document.spell('TransitEncryption')}` to `ENABLED`",
            assumed=assumed(encryption, need),
        )


def _needs(volume: Volume, configuration: Node) -> Iterator[Known[str]]:
    for authorization in volume.efs_authorizations(configuration):
        for known in volume.efs_iam(authorization):
            if known.value == "ENABLED":
                yield known._replace(value="IAM authorization")
        yield from (Known("an access point", *known[1:]) for known in contents(authorization, "AccessPointId"))
    yield from (Known("a port for it", *known[1:]) for known in contents(configuration, "TransitEncryptionPort"))


def _two_directories(volume: Volume, configuration: Node) -> Iterator[Finding]:
    roots = [known for known in texts(configuration, "RootDirectory") if known.value not in {"", "/"}]
    points = [
        known
        for authorization in (volume.efs_authorizations(configuration) if roots else ())
        for known in contents(authorization, "AccessPointId")
    ]
    for root, point in jointly(roots, points):
        yield Finding(
            at=root.at,
            message=f"volume `{volume.label}` has an access point and the root directory `{root.value}`",
            fix="Remove the root directory: the access point says which it is",
            assumed=assumed(root, point),
        )
