"""A log group."""

from functools import cached_property

from roadworthy.template.model.key import Key
from roadworthy.template.model.properties import Known, texts
from roadworthy.template.model.resource import Resource


class LogGroup(Resource):
    """A log group of Amazon CloudWatch Logs.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
    """

    TYPE = "AWS::Logs::LogGroup"

    @cached_property
    def names(self) -> list[Known[str]]:
        """Its name, where it is written."""
        return texts(self.node, "LogGroupName")

    @cached_property
    def keys(self) -> list[Known[Key]]:
        """The keys of the templates that encrypt it."""
        return self.referred(Key, "KmsKeyId")
