"""Why nothing could be asked at all."""

from roadworthy.errors import RoadworthyError


class OnlineError(RoadworthyError):
    """No credentials, expired ones, no region, or an AWS that cannot be reached; the message says what to do."""
