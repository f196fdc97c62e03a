"""A bucket."""

from functools import cached_property
from typing import TYPE_CHECKING

from roadworthy.template.model.policy import Statement, statements
from roadworthy.template.model.properties import references
from roadworthy.template.model.resource import Resource

if TYPE_CHECKING:
    from roadworthy.template.document import Document
    from roadworthy.template.model.model import Model


class Bucket(Resource):
    """A bucket of Amazon S3.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
    """

    TYPE = "AWS::S3::Bucket"

    @cached_property
    def statements(self) -> list[Statement]:
        """What its policies in the templates say."""
        return self.model.index(_statements).get((self.document, self.logical_id), [])


def _statements(model: "Model") -> "dict[tuple[Document, str], list[Statement]]":
    found: dict[tuple[Document, str], list[Statement]] = {}
    for document in model.documents:
        for policy in document.of_type("AWS::S3::BucketPolicy"):
            said = [each for place in policy.get("PolicyDocument") for each in statements(place)]
            for known in references(policy, "Bucket", Bucket.TYPE):
                found.setdefault((known.value.document, known.value.name), []).extend(said)
    return found
