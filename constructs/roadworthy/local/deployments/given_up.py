"""What ends a service deployment early."""


class GivenUpError(Exception):
    """It has failed, or somebody has ended it: it is rolled back, or stopped where that is not asked for."""

    def __init__(self, reason: str, *, roll_back: bool = True) -> None:
        super().__init__(reason)
        self.roll_back = roll_back


class ReplacedError(Exception):
    """Another deployment of the service has begun, or the service is gone."""
