"""The gate in front of a service: no image, no deployment, and a reason within seconds."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from roadworthy.patterns.function import Function
from roadworthy.patterns.image import EcrImage
from roadworthy.patterns.interfaces import AnyKey, AnyTopic
from roadworthy.patterns.log_group import ServiceLogs


class ImageGate(Construct):
    """Fails the deployment at once when the image is not in ECR, and says what to push.

    Without it ECS starts tasks that cannot pull, for minutes or hours, before its circuit breaker ends them; on a
    first deployment there is nothing to roll back to. Whatever depends on the gate is made only behind it:
    `network.node.add_dependency(gate)`.

    Args:
        scope: where it is made.
        id: its id.
        image: the image to look for.
        package: the folder of the `image_gate` Lambda package.
        name: the function's name.
        logs: makes its log group.
        encryption_key: encrypts its variables.
        alarm_topic: is told of its function's alarms.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        image: EcrImage,
        package: Path,
        name: str,
        logs: ServiceLogs,
        encryption_key: AnyKey | None = None,
        alarm_topic: AnyTopic | None = None,
    ) -> None:
        super().__init__(scope, id)
        function = Function(
            self,
            "Function",
            package=package,
            name=name,
            logs=logs,
            timeout=cdk.Duration.seconds(30),
            memory_mib=256,
            encryption_key=encryption_key,
            alarm_topic=alarm_topic,
        )
        allowed = iam.Grant.add_to_principal(
            grantee=function,
            actions=["ecr:DescribeImages"],
            resource_arns=[image.repository.repository_arn],
        )
        gate = cdk.CustomResource(
            self,
            "Image",
            resource_type="Custom::ImageGate",
            service_token=function.function_arn,
            service_timeout=cdk.Duration.seconds(60),
            properties={
                "RepositoryName": image.repository.repository_name,
                "RepositoryUri": image.repository.repository_uri,
                "ImageDigest" if image.is_digest else "ImageTag": image.reference,
            },
        )
        allowed.apply_before(gate)
