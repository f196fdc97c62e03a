"""A repository of images."""

from functools import cached_property

from roadworthy.template.model.properties import Known, texts
from roadworthy.template.model.resource import Resource


class Repository(Resource):
    """A repository of Amazon ECR.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
    """

    TYPE = "AWS::ECR::Repository"

    @cached_property
    def names(self) -> list[Known[str]]:
        """Its name, where it is written."""
        return texts(self.node, "RepositoryName")

    @cached_property
    def has_policy(self) -> bool:
        """Whether it has a policy of its own, which may let a role pull."""
        return next(iter(self.node.get("RepositoryPolicyText")), None) is not None
