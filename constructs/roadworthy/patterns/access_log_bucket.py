"""The bucket in which load balancers leave their access logs."""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from roadworthy.patterns.waivers import waive


class AccessLogBucket(s3.Bucket):
    """A private, encrypted bucket, reached over TLS alone, whose objects expire.

    Load balancers write with S3's own keys; they cannot use a customer-managed one:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html

    Args:
        scope: where it is made.
        id: its id.
        retention_days: when logs expire, in days.
    """

    def __init__(self, scope: Construct, id: str, *, retention_days: int) -> None:
        super().__init__(
            scope,
            id,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(retention_days))],
            # A load balancer writes a test file at once, so not even a rollback could delete the bucket; its name is
            # generated, so one that stays behind is in nobody's way.
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        waive(self, {"AwsSolutions-S1": "the bucket of access logs: its own would log their own delivery"})
