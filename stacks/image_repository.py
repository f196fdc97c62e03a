"""The image repository, apart from the service: an image must be there before the service can be."""

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from constructs import Construct

REPOSITORY_NAME = "query-service"
_KEPT_IMAGES = 500  # far more than a rollback may ask for: ECR does not know what ECS runs


class ImageRepositoryStack(cdk.Stack):
    """The ECR repository of the query handler: tags are not moved, images are scanned, old ones expire."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="Image repository of the notification-query service")
        repository = ecr.Repository(
            self,
            "Repository",
            repository_name=REPOSITORY_NAME,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            image_scan_on_push=True,
            lifecycle_rules=[
                ecr.LifecycleRule(tag_status=ecr.TagStatus.UNTAGGED, max_image_age=cdk.Duration.days(14)),
                ecr.LifecycleRule(max_image_count=_KEPT_IMAGES),
            ],
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        cdk.CfnOutput(self, "RepositoryUri", value=repository.repository_uri, description="Push images here")
