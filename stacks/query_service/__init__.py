"""The notification-query service: its stack, its OpenAPI document and its time budget."""

from stacks.query_service.stack import QueryServiceStack

__all__ = ["QueryServiceStack"]
