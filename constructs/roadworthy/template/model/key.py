"""An encryption key."""

from functools import cached_property

from roadworthy.template.model.policy import Statement, anything, statements
from roadworthy.template.model.resource import Resource


class Key(Resource):
    """A customer managed key of AWS KMS.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
    """

    TYPE = "AWS::KMS::Key"

    @cached_property
    def statements(self) -> list[Statement]:
        """What its policy says; a statement that allows anything for what is not known, as without a policy."""
        places = list(self.node.get("KeyPolicy"))
        return [each for place in places for each in statements(place)] or [anything(self.node)]
