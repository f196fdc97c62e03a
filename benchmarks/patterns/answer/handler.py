"""Answers GET /orders/{id}."""

import json
from typing import Any


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The order that the path names."""
    return {"statusCode": 200, "body": json.dumps({"id": event["pathParameters"]["id"]})}
