"""DynamoDB tables from a template.

Lack: CloudFormation's table drops TTL, point-in-time recovery, encryption and the indexes' status.
Effect: Describe* answers wrongly and items never expire.
Shim: the table goes through CreateTable itself, then UpdateTimeToLive and UpdateContinuousBackups.
Faithful: fully as far as those calls are; recovery and encryption are flags, nothing is backed up or encrypted.
"""

from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import dynamodb, handlers, provisioners

_COPIED = (
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "ProvisionedThroughput",
    "TableClass",
    "Tags",
)
_TTL, _RECOVERY = "TimeToLiveSpecification", "PointInTimeRecoverySpecification"


def install(_: Settings) -> None:
    """Create and update tables through DynamoDB's own calls."""
    handler = handlers["AWS::DynamoDB::Table"]
    original_update = handler["update"]

    def update(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> tuple[str, dict[str, Any]]:
        updated: tuple[str, dict[str, Any]] = original_update(name, old, new, *rest)
        _set_flags(updated[0], {key: new.get(key) for key in (_TTL, _RECOVERY) if new.get(key) != old.get(key)})
        return updated

    handler.update(create=_create, update=update)


def _create(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
    name = properties.get("TableName") or provisioners._physical_name(stack, logical_id, max_len=255)
    request = {"TableName": name, **{key: properties[key] for key in _COPIED if key in properties}}
    if properties.get("StreamSpecification"):
        request["StreamSpecification"] = {"StreamEnabled": True, **properties["StreamSpecification"]}
    if encryption := properties.get("SSESpecification"):
        details = {key: encryption[key] for key in ("SSEType", "KMSMasterKeyId") if key in encryption}
        request["SSESpecification"] = {"Enabled": _true(encryption.get("SSEEnabled")), **details}
    _require(dynamodb._create_table(request), "CreateTable")
    _set_flags(name, properties)
    table = dynamodb._tables[name]
    stream = table.get("LatestStreamArn")
    return name, {"Arn": table["TableArn"], **({"StreamArn": stream} if stream else {})}


def _set_flags(name: str, properties: dict[str, Any]) -> None:
    if ttl := properties.get(_TTL):
        specification = {"AttributeName": ttl["AttributeName"], "Enabled": _true(ttl.get("Enabled", True))}
        _require(dynamodb._update_ttl({"TableName": name, _TTL: specification}), "UpdateTimeToLive")
    if recovery := properties.get(_RECOVERY):
        specification = {"PointInTimeRecoveryEnabled": _true(recovery.get("PointInTimeRecoveryEnabled", False))}
        answer = dynamodb._update_continuous_backups({"TableName": name, _RECOVERY: specification})
        _require(answer, "UpdateContinuousBackups")


def _true(value: Any) -> bool:
    return str(value).lower() == "true"  # CloudFormation's booleans may be strings


def _require(answer: tuple[Any, ...], action: str) -> None:
    if answer[0] >= 400:  # noqa: PLR2004
        raise ValueError(f"{action}: {answer[2].decode() if isinstance(answer[2], bytes) else answer[2]}")
