"""The one error that the local AWS raises for what a user can understand and mend."""

from roadworthy.errors import RoadworthyError


class LocalError(RoadworthyError):
    """It did not work; the message is one line that says why and what to do.

    Attributes:
        detail: the tail of the log that shows it; may be empty.
    """

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail
