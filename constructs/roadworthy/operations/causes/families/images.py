"""The image cannot be pulled.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
"""

from roadworthy.operations.causes.families.network import UNREACHABLE
from roadworthy.operations.causes.wording import ANYTHING, Family, Wording

NOT_FOUND = r"not found|manifest unknown|name unknown|no such manifest|repository .*does not exist"
PULL_ACTIONS = (
    "ecr:GetAuthorizationToken, ecr:BatchCheckLayerAvailability, ecr:GetDownloadUrlForLayer and ecr:BatchGetImage"
)

IMAGES = Family(
    r"CannotPull\w*Error|pull access denied|failed to resolve ref|ref pull has been|pull image manifest",
    (
        Wording(
            "image-platform-mismatch",
            r"(?:matching|no match for) platform.*?'?(?P<platform>(?:linux|windows)(?:/\w+)+)",
            "{image} is not built for `{platform}`",
            "Build the image for `{platform}`, or set the task definition's runtimePlatform to what it is built for",
        ),
        Wording(
            "image-platform-mismatch",
            r"matching platform|no matching manifest|no match for platform",
            "{image} is not built for the task's platform",
            "Build the image for the task definition's runtimePlatform",
        ),
        Wording(
            "registry-rate-limit",
            r"toomanyrequests|too many requests|pull rate limit",
            "the registry of {image} limits how often images are pulled",
            "Pull through an ECR pull-through cache, or sign in with repositoryCredentials",
        ),
        Wording(
            "disk-full",
            r"no space left on device",
            "the task's disk is too small for {image}",
            "Raise ephemeralStorage in the task definition, to 200 GiB at most, or make the image smaller",
        ),
        Wording(
            "registry-unknown",
            r"lookup (?P<host>[\w.-]+).*no such host",
            "nobody knows the registry `{host}`",
            "Correct the registry in the image's name, or let the VPC resolve DNS names",
        ),
        UNREACHABLE,
        Wording(
            "image-access-denied",
            r"incorrect username or password|401 Unauthorized|no basic auth|fetch anonymous token",
            "the registry does not let the task pull {image}: it is not signed in",
            "Name a secret with the registry's user and password in repositoryCredentials",
        ),
        Wording(
            "image-access-denied",
            r"403 Forbidden|access denied|\bdenied\b|AccessDenied|role .*has (?:the )?permissions to pull",
            "the registry does not let the task pull {image}, or has no such repository",
            f"Check the image's name, and allow {PULL_ACTIONS} to the execution role",
        ),
        Wording(
            "image-not-found",
            rf"@sha256:.*(?:{NOT_FOUND})",
            "{image} is not in its repository any more",
            "Deploy again, so that ECS looks up the tag anew, or push the image again",
        ),
        Wording(
            "image-not-found",
            NOT_FOUND,
            "{image} is not in its repository",
            "Push the image, or deploy one that exists",
        ),
        Wording(
            "image-unusable",
            r"failed to unpack|media-type|number of layers",
            "{image} cannot be unpacked",
            "Build and push the image again, all its layers with the same compression",
        ),
        Wording(
            "image-name-malformed",
            r"invalid reference format",
            "the name of {image} is malformed",
            "Write the image as registry/repository:tag, in small letters",
        ),
        Wording(
            "image-pull-failed",
            ANYTHING,
            "{image} cannot be pulled",
            "Check that the image exists, and that the task's subnets have a way to its registry",
        ),
    ),
)
