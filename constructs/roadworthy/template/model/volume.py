"""A volume of a task definition."""

from functools import cached_property

from roadworthy.template.model.properties import Known, flags, texts
from roadworthy.template.node import Node


class Volume:
    """A volume of a task definition.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html
    """

    def __init__(self, node: Node) -> None:
        self.node = node

    @cached_property
    def names(self) -> list[Known[str]]:
        """Its name, where it is known."""
        return texts(self.node, "Name")

    @cached_property
    def label(self) -> str:
        """Its name for messages."""
        return self.names[0].value if self.names else "?"

    @cached_property
    def at_launch(self) -> list[Known[bool]]:
        """Whether the service says what it is, by `volumeConfigurations`; False where nothing is written."""
        return flags(self.node, "ConfiguredAtLaunch", default=False)

    @cached_property
    def efs_configurations(self) -> list[Node]:
        """Its possible `efsVolumeConfiguration`s: file system, root directory, encryption, access point."""
        return _mappings(self.node, _api(self.node, "EFSVolumeConfiguration", "EfsVolumeConfiguration"))

    def efs_file_system(self, configuration: Node) -> str:
        """The name of the property that says which file system an EFS configuration mounts."""
        return _api(configuration, "FilesystemId", "FileSystemId")

    def efs_authorizations(self, configuration: Node) -> list[Node]:
        """The possible `authorizationConfig`s of an EFS configuration: access point, IAM."""
        return _mappings(configuration, "AuthorizationConfig")

    def efs_iam(self, authorization: Node) -> list[Known[str]]:
        """Whether the task's role is used to mount (`ENABLED`), or not (the default)."""
        return texts(authorization, _api(authorization, "IAM", "Iam"), "DISABLED")


def _api(node: Node, cloudformation: str, api: str) -> str:
    """The name of a property that CloudFormation and the API of ECS spell differently beyond the first letter."""
    return cloudformation if node.document.spell("A") == "A" else api


def _mappings(node: Node, name: str) -> list[Node]:
    return [place for place in node.get(name) if isinstance(place.raw, dict)]
