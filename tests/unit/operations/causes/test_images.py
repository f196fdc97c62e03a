import pytest

from roadworthy.operations.causes import cause_of_task

REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api"
IMAGE = f"image `{REPOSITORY}:4f1c2ab`"
MANIFEST = "CannotPullContainerError: pull image manifest has been retried 5 time(s): "
REF = "CannotPullContainerError: ref pull has been retried 1 time(s): "
HUB = "docker.io/library/nginx:1.29"
TO_ECR = (
    "Give the task's subnets a way to Amazon ECR (a NAT gateway, or a public subnet with a public address, or the VPC "
    "endpoint ecr.api, ecr.dkr and the s3 gateway), and let its security group send TCP 443"
)
CASES = {
    "the tag does not exist": (
        f"{MANIFEST}failed to resolve ref {REPOSITORY}:4f1c2ab: {REPOSITORY}:4f1c2ab: not found",
        ("image-not-found", f"{IMAGE} is not in its repository", "Push the image, or deploy one that exists"),
    ),
    "the digest that ECS had looked up was deleted": (
        f"{MANIFEST}failed to resolve ref {REPOSITORY}:1@sha256:ab: not found",
        (
            "image-not-found",
            f"image `{REPOSITORY}:1@sha256:ab` is not in its repository any more",
            "Deploy again, so that ECS looks up the tag anew, or push the image again",
        ),
    ),
    "the image is built for another processor": (
        f"{MANIFEST}image Manifest does not contain descriptor matching platform 'linux/amd64'",
        (
            "image-platform-mismatch",
            f"{IMAGE} is not built for `linux/amd64`",
            "Build the image for `linux/amd64`, or set the task definition's runtimePlatform to what it is built for",
        ),
    ),
    "no way to ECR": (
        f"{REF}failed to copy: httpReadSeeker: failed open: failed to do request: Get {REPOSITORY}:1: dial tcp "
        "52.219.199.138:443: i/o timeout",
        ("network-unreachable", "the task cannot reach Amazon ECR", TO_ECR),
    ),
    "no way to ECR, as newer agents say it": (
        "CannotPullContainerError: The task cannot pull 'api' from the Amazon ECR repository 'x'. There is a "
        "connection issue between the task and Amazon ECR. Check your task network configuration.",
        ("network-unreachable", "the task cannot reach Amazon ECR", TO_ECR),
    ),
    "no way to the registry in the image's name": (
        "CannotPullContainerError: context canceled",
        ("network-unreachable", "the task cannot reach Amazon ECR", TO_ECR),
    ),
    "a name that is none": (
        "CannotPullContainerError: invalid reference format",
        (
            "image-name-malformed",
            f"the name of {IMAGE} is malformed",
            "Write the image as registry/repository:tag, in small letters",
        ),
    ),
    "the role may not sign in to ECR": (
        "CannotPullContainerError: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/api-exec/01 is "
        "not authorized to perform: ecr:GetAuthorizationToken on resource: * because no identity-based policy allows "
        "the ecr:GetAuthorizationToken action",
        (
            "permission-missing",
            "role `api-exec` lacks ecr:GetAuthorizationToken on `*`",
            "Allow ecr:GetAuthorizationToken on `*` to role `api-exec`",
        ),
    ),
    "no way to Docker Hub, to which no VPC endpoint leads": (
        f'{MANIFEST}failed to resolve ref {HUB}: failed to do request: Head "https://registry-1.docker.io/v2/library/'
        'nginx/manifests/1.29": dial tcp 34.205.13.154:443: i/o timeout',
        (
            "network-unreachable",
            "the task cannot reach `registry-1.docker.io`",
            "Give the task's subnets a way to `registry-1.docker.io` (a NAT gateway, or a public subnet with a public "
            "address), and let its security group send TCP 443",
        ),
    ),
    "a registry that nobody knows": (
        'CannotPullContainerError: Error response from daemon: Get "https://ecr.example/v2/": dial tcp: lookup '
        "ecr.example on 10.0.0.2:53: no such host",
        (
            "registry-unknown",
            "nobody knows the registry `ecr.example`",
            "Correct the registry in the image's name, or let the VPC resolve DNS names",
        ),
    ),
    "Docker Hub's limit": (
        f"CannotPullContainerError: toomanyrequests: You have reached your pull rate limit. {HUB}",
        (
            "registry-rate-limit",
            f"the registry of {IMAGE} limits how often images are pulled",
            "Pull through an ECR pull-through cache, or sign in with repositoryCredentials",
        ),
    ),
    "the disk is full": (
        "CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device",
        (
            "disk-full",
            f"the task's disk is too small for {IMAGE}",
            "Raise ephemeralStorage in the task definition, to 200 GiB at most, or make the image smaller",
        ),
    ),
    "the role may not pull": (
        f"CannotPullContainerError: pull access denied for {REPOSITORY}, repository does not exist or may require "
        "'docker login': denied: User: arn:aws:sts::111122223333:assumed-role/api-exec/0123 is not authorized to "
        "perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:111122223333:repository/api because no "
        "identity-based policy allows the ecr:BatchGetImage action",
        (
            "permission-missing",
            "role `api-exec` lacks ecr:BatchGetImage on `arn:aws:ecr:eu-west-1:111122223333:repository/api`",
            "Allow ecr:BatchGetImage on `arn:aws:ecr:eu-west-1:111122223333:repository/api` to role `api-exec`",
        ),
    ),
    "another account's repository does not allow it": (
        f"CannotPullContainerError: pull access denied for {REPOSITORY}: User: arn:aws:sts::444455556666:assumed-role/"
        "api-exec/0123 is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:111122223333:"
        "repository/api because no resource-based policy allows the ecr:BatchGetImage action",
        (
            "permission-missing",
            "role `api-exec` lacks ecr:BatchGetImage on `arn:aws:ecr:eu-west-1:111122223333:repository/api`",
            "Allow ecr:BatchGetImage to role `api-exec` in the policy of "
            "`arn:aws:ecr:eu-west-1:111122223333:repository/api`",
        ),
    ),
    "a private registry without credentials": (
        f"{MANIFEST}failed to resolve ref ghcr.io/shop/api:1: failed to authorize: failed to fetch anonymous token: "
        "unexpected status from GET request to https://ghcr.io/token?service=ghcr.io: 401 Unauthorized",
        (
            "image-access-denied",
            "the registry does not let the task pull image `ghcr.io/shop/api:1`: it is not signed in",
            "Name a secret with the registry's user and password in repositoryCredentials",
        ),
    ),
    "refused without a word why": (
        f"{REF}failed to resolve reference: unexpected status code 403 Forbidden",
        (
            "image-access-denied",
            f"the registry does not let the task pull {IMAGE}, or has no such repository",
            "Check the image's name, and allow ecr:GetAuthorizationToken, ecr:BatchCheckLayerAvailability, "
            "ecr:GetDownloadUrlForLayer and ecr:BatchGetImage to the execution role",
        ),
    ),
    "layers that containerd cannot read": (
        f"{REF}number of layers and diffIDs don't match: 3 != 15",
        (
            "image-unusable",
            f"{IMAGE} cannot be unpacked",
            "Build and push the image again, all its layers with the same compression",
        ),
    ),
    "cut off before the reason": (
        "CannotPullContainerError: ref pull has been retried 5 time(s)",
        (
            "image-pull-failed",
            f"{IMAGE} cannot be pulled",
            "Check that the image exists, and that the task's subnets have a way to its registry",
        ),
    ),
}


@pytest.mark.parametrize(("text", "cause"), CASES.values(), ids=CASES)
def test_why_an_image_is_not_pulled(start, text, cause):
    assert start(text) == cause


def test_an_event_about_a_pull_names_the_image_too(event):
    message = f"(service api) was unable to place a task. Reason: {MANIFEST}failed to resolve ref {HUB}: not found."
    assert event(message)[:2] == ("image-not-found", f"image `{HUB}` is not in its repository")


def test_an_image_whose_name_has_a_service_in_it_still_comes_from_its_registry(stopped):
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/my-ssm-agent:1"
    cause = cause_of_task(stopped("TaskFailedToStart", "CannotPullContainerError: context canceled", image=image))
    assert cause.what == "the task cannot reach Amazon ECR"
