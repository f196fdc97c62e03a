"""A Lambda function's network, key, dead letters and reserved concurrency.

Lack: CloudFormation drops VpcConfig, KmsKeyArn, DeadLetterConfig and ReservedConcurrentExecutions of a function.
Effect: no function is in a VPC, so private DNS does not hold for it; a limit on concurrency is not there.
Shim: the four are put into the function's record, as CreateFunction and PutFunctionConcurrency do.
Faithful: the VPC decides on names (see names.py), the limit on throttling; the key is a record.
"""

from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import handlers, lambda_service


def install(_: Settings) -> None:
    """Complete each function after it is created or updated."""
    handler = handlers["AWS::Lambda::Function"]
    create, update = handler["create"], handler["update"]

    def create_whole(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        created: tuple[str, dict[str, Any]] = create(logical_id, properties, stack)
        _complete(created[0], properties)
        return created

    def update_whole(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> tuple[str, dict[str, Any]]:
        updated: tuple[str, dict[str, Any]] = update(name, old, new, *rest)
        _complete(updated[0], new)
        return updated

    handler.update(create=create_whole, update=update_whole)


def _complete(name: str, properties: dict[str, Any]) -> None:
    function = lambda_service._functions[name]
    function["config"]["VpcConfig"] = lambda_service._vpc_config_with_id(properties.get("VpcConfig"))
    for source, target in (("KmsKeyArn", "KMSKeyArn"), ("DeadLetterConfig", "DeadLetterConfig")):
        if properties.get(source):
            function["config"][target] = properties[source]
    reserved = properties.get("ReservedConcurrentExecutions")
    function["concurrency"] = None if reserved is None else int(reserved)
