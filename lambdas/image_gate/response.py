"""The answer to CloudFormation: a PUT to the presigned URL that came with the request.

Whoever knows that URL can answer in our name, so it is never logged.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

REASON_BYTES = 3000  # the whole answer may have 4096
SECONDS = 10


@dataclass(frozen=True)
class Result:
    """What became of the resource; `reason` is shown to the person who deploys."""

    succeeded: bool
    physical_id: str
    reason: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


def send(event: Mapping[str, Any], result: Result) -> None:
    """Answer the request that `event` is; raises OSError if the answer cannot be delivered."""
    body = {
        "Status": "SUCCESS" if result.succeeded else "FAILED",
        "Reason": result.reason.encode()[:REASON_BYTES].decode(errors="ignore"),
        "PhysicalResourceId": result.physical_id,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Data": dict(result.data),
    }
    request = urllib.request.Request(  # noqa: S310 - CloudFormation's own https URL
        event["ResponseURL"],
        data=json.dumps(body, ensure_ascii=False).encode(),
        method="PUT",
        headers={"Content-Type": ""},  # the URL is signed for an empty content type
    )
    with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
        pass
