"""A file system of EFS, and its ends in the network."""

from functools import cached_property
from typing import TYPE_CHECKING

from roadworthy.template.model.network.links import links
from roadworthy.template.model.network.network import Parts
from roadworthy.template.model.network.party import Party
from roadworthy.template.model.network.security_group import SecurityGroup
from roadworthy.template.model.network.subnet import Subnet
from roadworthy.template.model.policy import Statement, statements
from roadworthy.template.model.resource import Resource

if TYPE_CHECKING:
    from roadworthy.template.model.model import Model


class MountTarget(Resource):
    """The network interface of a file system in one availability zone.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-efs-mounttarget.html
    """

    TYPE = "AWS::EFS::MountTarget"

    @cached_property
    def party(self) -> Party:
        """Its end of connections."""
        return Party(links(self, SecurityGroup, "SecurityGroups"), links(self, Subnet, "SubnetId"))


class FileSystem(Resource):
    """A file system of EFS.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-efs-filesystem.html
    """

    TYPE = "AWS::EFS::FileSystem"

    @cached_property
    def mount_targets(self) -> list[MountTarget]:
        """Its mount targets, as far as they are in the documents."""
        return self.model.index(_mount_targets).of(self)

    @cached_property
    def mount_targets_are_known(self) -> bool:
        """Whether those are certainly all: no other stack is told of the file system."""
        told = any(self.logical_id in str(output) for output in self.document.outputs.values())
        return self.model.index(_mount_targets).is_whole(self) and not told

    @cached_property
    def policy(self) -> list[Statement] | None:
        """What its own policy says; None where it has none, so that every client may mount it."""
        places = list(self.node.get("FileSystemPolicy"))
        return [each for place in places for each in statements(place)] if places else None


def _mount_targets(model: "Model") -> Parts[FileSystem, MountTarget]:
    return Parts(model.network, MountTarget, FileSystem, "FileSystemId")
