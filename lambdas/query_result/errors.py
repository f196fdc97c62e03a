"""What can go wrong with a query, as exceptions that carry their HTTP answer."""

HOP_DYNAMODB = "dynamodb"
HOP_SELF = "query-result"


class InvalidRequestError(Exception):
    """The caller's mistake: answered with 400 and the field's name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class HopError(Exception):
    """A hop behind this function failed: answered with 502, 503 or 504 and the hop's name."""

    def __init__(self, status: int, message: str, *, hop: str = HOP_DYNAMODB, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.hop = hop
        self.retry_after = retry_after
