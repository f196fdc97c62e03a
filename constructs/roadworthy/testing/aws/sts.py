"""STS: who asks.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing.wire.backend import Backend

USER_ID = "AIDACKCEVSQ6C2EXAMPLE"  # AWS's own example


class Sts:
    """The caller is `backend.caller`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        backend.register("sts", "GetCallerIdentity", self._get_caller_identity)

    def _get_caller_identity(self, _: Mapping[str, Any]) -> dict[str, str]:
        return {"UserId": USER_ID, "Account": self._backend.account, "Arn": self._backend.caller}
