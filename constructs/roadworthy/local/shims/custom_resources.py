"""Custom resources.

Lack: a custom resource's function that fails before it answers lets CloudFormation wait, as in AWS, up to an hour; and
    two of the CDK's own need packages that AWS's Node image has and this machine has not.
Effect: a mistake in such a function looks like a hang; so do S3 auto-delete and the default group's restriction.
Shim: a function that raised fails its resource at once with its own error; the CDK's two are done here, natively.
Faithful: the outcome; a function that answers (SUCCESS or FAILED, by an HTTP PUT to ResponseURL) is not touched.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import custom_resource, ec2, handlers, lambda_service, s3


def install(_: Settings) -> None:
    """Fail at once, and do the CDK's own."""
    execute = lambda_service._execute_function_with_config_scope

    def reported(function: dict[str, Any], event: Any) -> dict[str, Any]:
        result: dict[str, Any] = execute(function, event)
        if result.get("error") and isinstance(event, dict) and "ResponseURL" in event:
            _fail(event, result)
        return result

    lambda_service._execute_function_with_config_scope = reported
    handlers["Custom::S3AutoDeleteObjects"] = {
        "create": lambda _id, properties, _stack: (f"auto-delete-{properties['BucketName']}", {}),
        "update": lambda physical_id, _old, _new, _stack: (physical_id, {}),
        "delete": _empty_bucket,
    }
    handlers["Custom::VpcRestrictDefaultSG"] = {
        "create": _restrict,
        "update": lambda physical_id, _old, _new, _stack: (physical_id, {}),
        "delete": lambda _physical_id, _properties: None,
    }


def _fail(event: dict[str, Any], result: dict[str, Any]) -> None:
    body = result.get("body")
    said = body.get("errorMessage") if isinstance(body, dict) else body
    reason = f"the function of {event['LogicalResourceId']} failed before it answered: {said or 'no message'}"
    token = str(event["ResponseURL"]).rsplit("/", 1)[-1]
    custom_resource.deliver_response(token, {"Status": "FAILED", "Reason": reason})


def _empty_bucket(_physical_id: str, properties: dict[str, Any]) -> None:
    bucket = s3._buckets.get(properties.get("BucketName"))
    for store in (getattr(s3, name, None) for name in ("_object_versions", "_versions")):
        if isinstance(store, dict):
            store.pop(properties.get("BucketName"), None)
    if bucket is not None:
        for key in list(bucket.get("objects", {})):
            bucket["objects"].pop(key, None)


def _restrict(_logical_id: str, properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, Any]]:
    group = ec2._security_groups.get(properties["DefaultSecurityGroupId"])
    if group:
        group.update(IpPermissions=[], IpPermissionsEgress=[])
    return f"restrict-{properties['DefaultSecurityGroupId']}", {}
