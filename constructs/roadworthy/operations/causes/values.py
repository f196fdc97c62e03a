"""What a text of ECS names: the image, the secret, the role, the IAM action ... for the sentences of its cause."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from roadworthy.operations.causes.wording import has


class _Value(NamedTuple):
    """How a value is spoken of: with its noun, or, where ECS does not name it, in other words."""

    noun: str
    unnamed: str
    patterns: tuple[str, ...] = ()

    def words(self, value: str | None) -> str:
        """The value in a sentence."""
        return f"{self.noun} `{value}`".lstrip() if value else self.unnamed


_VALUES: Mapping[str, _Value] = {
    "image": _Value(
        "image",
        "its image",
        (
            r"failed to resolve ref(?:erence)? \"?([^\s\"]+?)\"?:(?:\s|$)",
            r"pull access denied for ([^\s,]+)",
            r"manifest for (\S+) not found",
            r"cannot pull ['‘]([^'’\s]+)['’]",  # noqa: RUF001 - AWS prints both
        ),
    ),
    "secret": _Value(
        "secret",
        "its secret",
        (
            r"(arn:[\w-]+:secretsmanager:[^\s'\",)]+[\w-])",
            r"secret with ARN '?([^\s']+)",
            r"failed to fetch secret (\S+) from",
        ),
    ),
    "parameter": _Value("parameter", "its parameter", (r"invalid ssm parameters: (\S+(?:, ?\S+)*)",)),
    "role": _Value(
        "role",
        "its role",
        (r"assumed-role/([^/\s]+)", r"role '?arn:[\w-]+:iam::\d*:role/([^'\s]+[\w-])", r"role '([^']+)'"),
    ),
    "resource": _Value("", "its resource", (r"on resource: (\S*[^\s.,:)])",)),
    "target_group": _Value("target group", "its target group", (r"targetgroup/([\w-]+)", r"target-group \(?([\w-]+)")),
    "subnet": _Value("subnet", "the task's subnet", (r"(subnet-[0-9a-z]+)",)),
    "log_group": _Value("log group", "its log group", (r"log group '?(/[\w./-]+)",)),
    "file_system": _Value("file system", "the file system", (r"(fs-[0-9a-f]+)",)),
    "function": _Value("function", "the hook's function", (r"function:([\w-]+)",)),
    "stage": _Value("", "a stage", (r"\b([A-Z]+(?:_[A-Z]+)+) lifecycle hook",)),
    "container": _Value("container", "the container"),
    "alarms": _Value("", "an alarm"),
}
_ACTION = r"perform: ([\w-]+:\w+)"
# It begins what ECS says of secrets, of parameters and of registries alike.
_PREFIX = r"unable to pull secrets or registry auth:?"


class _Service(NamedTuple):
    """An AWS service that a task needs before it runs; `endpoints` are the VPC endpoints that lead to it."""

    pattern: str
    name: str
    endpoints: str
    action: str


# Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
_ECR = _Service(
    r"\becr\b|registry auth", "Amazon ECR", "ecr.api, ecr.dkr and the s3 gateway", "ecr:GetAuthorizationToken"
)
_SERVICES = (
    _Service(r"\basm\b|secrets ?manager", "Secrets Manager", "secretsmanager", "secretsmanager:GetSecretValue"),
    _Service(r"\bssm\b|systems manager", "Systems Manager", "ssm", "ssm:GetParameters"),
    _Service(r"cloudwatch|log (?:group|stream)|logger", "CloudWatch Logs", "logs", "logs:CreateLogStream"),
    _Service(r"env(?:ironment)? files?|\bS3: ", "Amazon S3", "s3", "s3:GetObject"),
    _ECR,
)
_ELSEWHERE = r"https?://((?!api\.ecr|\d{12}\.dkr)[\w.-]+\.[a-z]{2,})"  # a registry that no VPC endpoint leads to


def values_of(text: str, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """The values that a text names, as sentences have them ("image `api:4f1c2ab`"); of others, words ("its image").

    Args:
        text: ECS's.
        known: values that are known otherwise; they win over a word, not over the text.
    """
    found = {name: _first(text, each.patterns) or (known or {}).get(name) for name, each in _VALUES.items()}
    values = {name: each.words(found[name]) for name, each in _VALUES.items()}
    pulls = has("CannotPull", text) is not None
    service = _registry(f"{text} {values['image']}") if pulls else _service(text)
    values["action"] = _first(text, (_ACTION,)) or (service.action if service else "the permission")
    values["endpoint"] = _endpoint(text, service, "the image's registry" if pulls else "what it needs to start")
    values["way"] = _way(text, service)
    return values


def _first(text: str, patterns: tuple[str, ...]) -> str | None:
    matches = (has(pattern, text) for pattern in patterns)
    return next((match[1].strip(".,;:") for match in matches if match), None)


def _registry(text: str) -> _Service | None:
    """What an image is pulled from, by the text or the image's name; None where that is not ECR."""
    return _ECR if has(r"amazon ecr|\becr\b[^ ]*amazonaws|registry auth", text) else None


def _service(text: str) -> _Service | None:
    plain = re.sub(_PREFIX, "", text, flags=re.IGNORECASE)
    found = next((service for service in _SERVICES if has(service.pattern, plain)), None)
    return found or (_ECR if has(_PREFIX, text) else None)


def _endpoint(text: str, service: _Service | None, otherwise: str = "") -> str:
    elsewhere = has(_ELSEWHERE, text)
    if elsewhere and not elsewhere[1].endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return f"`{elsewhere[1]}`"
    return service.name if service else otherwise


def _way(text: str, service: _Service | None) -> str:
    plain = "a NAT gateway, or a public subnet with a public address"
    inside = service and _endpoint(text, service) == service.name
    return f"{plain}, or the VPC endpoint {service.endpoints}" if service and inside else plain
