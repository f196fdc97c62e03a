"""What ECS changes must never be changed by CloudFormation, whose copy of the weights is that of the first day."""

from aws_cdk import CfnResource
from constructs import IConstruct


def leave_untagged(moved: IConstruct) -> None:
    """Keep tags off a rule or a listener: a tag with the version would have CloudFormation write it anew each time.

    It would then get the weights of the template, whatever ECS has made of them since:
    https://github.com/aws/aws-cdk/issues/36649
    """
    resource = moved.node.default_child
    assert isinstance(resource, CfnResource)
    resource.add_property_deletion_override("Tags")
