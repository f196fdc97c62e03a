"""Failures on the way to the handler, as exceptions that carry their HTTP answer."""

HOP_HANDLER = "handler"


class RefusedError(Exception):
    """The caller's mistake: a body that is missing, unreadable or too large."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class HandlerError(Exception):
    """The handler, or the load balancer before it, gave no answer of ours."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
