"""Every question that the online checks ask of AWS; all of them only read.

What is kept of an answer is said here, so that the value of a secret or a parameter never leaves this module.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

Answer = TypeVar("Answer")
Raw = Mapping[str, Any]


class Operation(NamedTuple, Generic[Answer]):
    """A question.

    Attributes:
        service: boto3's name of the service.
        method: boto3's name of the call.
        action: the IAM action that it needs.
        keep: AWS's answer -> what is kept of it.
        absent: the error codes by which AWS says that the thing does not exist.
    """

    service: str
    method: str
    action: str
    keep: Callable[[Raw], Answer]
    absent: frozenset[str] = frozenset()


class Identity(NamedTuple):
    """Who asks."""

    account: str
    arn: str


class Secret(NamedTuple):
    """What is known of a secret without reading it: whether it is being deleted, and the labels of its versions."""

    deleted: bool
    stages: frozenset[str]


class LogGroups(NamedTuple):
    """The names of log groups, and whether they are all that begin with what was asked for."""

    names: frozenset[str]
    complete: bool


def _secret(raw: Raw) -> Secret:
    labels = (raw.get("VersionIdsToStages") or {}).values()
    return Secret("DeletedDate" in raw, frozenset(label for version in labels for label in version))


def _json_keys(raw: Raw) -> frozenset[str] | None:
    """The names of the keys in a secret's JSON object; none when it is another text, None when it is no text."""
    text = raw.get("SecretString")
    if not isinstance(text, str):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(value) if isinstance(value, dict) else frozenset()


def _manifest(raw: Raw) -> Raw | None:
    """An image's manifest, or None when there is none that can be read."""
    for image in raw.get("images") or []:
        try:
            manifest = json.loads(image.get("imageManifest") or "null")
        except (ValueError, RecursionError):
            return None
        return manifest if isinstance(manifest, dict) else None
    return None


def _alarms(raw: Raw) -> dict[str, str]:
    """Name of each alarm -> its state."""
    found = [*raw.get("MetricAlarms", []), *raw.get("CompositeAlarms", [])]
    return {alarm["AlarmName"]: alarm["StateValue"] for alarm in found}


GET_CALLER_IDENTITY = Operation(
    # AWS answers it without any permission.
    "sts",
    "get_caller_identity",
    "sts:GetCallerIdentity",
    keep=lambda raw: Identity(raw["Account"], raw["Arn"]),
)
DESCRIBE_IMAGES = Operation(
    "ecr",
    "describe_images",
    "ecr:DescribeImages",
    keep=lambda raw: bool(raw.get("imageDetails")),
    absent=frozenset({"ImageNotFoundException", "RepositoryNotFoundException"}),
)
DESCRIBE_PULL_THROUGH_CACHE_RULES = Operation(
    "ecr",
    "describe_pull_through_cache_rules",
    "ecr:DescribePullThroughCacheRules",
    keep=lambda raw: [str(rule["ecrRepositoryPrefix"]) for rule in raw.get("pullThroughCacheRules", [])],
)
BATCH_GET_IMAGE = Operation("ecr", "batch_get_image", "ecr:BatchGetImage", keep=_manifest)
GET_DOWNLOAD_URL_FOR_LAYER = Operation(
    "ecr",
    "get_download_url_for_layer",
    "ecr:GetDownloadUrlForLayer",
    keep=lambda raw: str(raw["downloadUrl"]),
)
DESCRIBE_SECRET = Operation(
    "secretsmanager",
    "describe_secret",
    "secretsmanager:DescribeSecret",
    keep=_secret,
    absent=frozenset({"ResourceNotFoundException"}),
)
GET_SECRET_VALUE = Operation(
    "secretsmanager",
    "get_secret_value",
    "secretsmanager:GetSecretValue",
    keep=_json_keys,
    # InvalidRequestException: it is being deleted.
    absent=frozenset({"ResourceNotFoundException", "InvalidRequestException"}),
)
GET_PARAMETERS = Operation(
    "ssm",
    "get_parameters",
    "ssm:GetParameters",
    keep=lambda raw: frozenset(str(name) for name in raw.get("InvalidParameters", [])),
)
DESCRIBE_LOG_GROUPS = Operation(
    "logs",
    "describe_log_groups",
    "logs:DescribeLogGroups",
    keep=lambda raw: LogGroups(
        frozenset(str(group["logGroupName"]) for group in raw.get("logGroups", [])), "nextToken" not in raw
    ),
)
DESCRIBE_SUBNETS = Operation(
    "ec2",
    "describe_subnets",
    "ec2:DescribeSubnets",
    keep=lambda raw: {str(each["SubnetId"]): int(each["AvailableIpAddressCount"]) for each in raw.get("Subnets", [])},
)
DESCRIBE_CERTIFICATE = Operation(
    "acm",
    "describe_certificate",
    "acm:DescribeCertificate",
    keep=lambda raw: str(raw["Certificate"]["Status"]),
    absent=frozenset({"ResourceNotFoundException"}),
)
DESCRIBE_ALARMS = Operation("cloudwatch", "describe_alarms", "cloudwatch:DescribeAlarms", keep=_alarms)
HEAD_OBJECT = Operation(
    "s3",
    "head_object",
    "s3:GetObject",
    keep=lambda raw: True,
    absent=frozenset({"404", "NoSuchKey", "NoSuchBucket", "NotFound"}),
)
