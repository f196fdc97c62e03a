"""What the load test's users do: ask for health and send the three queries, signed as callers are.

It runs against any deployment of the service: `locust -f benchmarks/load/locustfile.py --host https://.../v1`, with
credentials and region from the environment, as the AWS tools take them.
"""

import functools
import json
import random
from typing import Any

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from locust import FastHttpUser, constant, task

from benchmarks.load import CAMPAIGNS, TRANSACTIONS, USERS


@functools.cache
def _signer() -> SigV4Auth:
    session = botocore.session.get_session()
    credentials = session.get_credentials()
    if credentials is None:
        raise SystemExit("no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    return SigV4Auth(credentials, "execute-api", session.get_config_variable("region"))


class Caller(FastHttpUser):
    """A service that asks for notifications, one request after the other, without a pause."""

    wait_time = constant(0)

    @task(1)
    def health(self) -> None:
        """GET /health, through every hop up to the handler."""
        self._send("GET", "/health")

    @task(6)
    def user(self) -> None:
        """The newest notifications of a user."""
        self._send("POST", "/query/user", {"user_id": f"user-{random.randrange(USERS)}"})

    @task(2)
    def marketing(self) -> None:
        """A page of a campaign."""
        self._send("POST", "/query/marketing", {"marketing_id": f"campaign-{random.randrange(CAMPAIGNS)}", "limit": 20})

    @task(1)
    def fail(self) -> None:
        """The failures of a transaction."""
        self._send("POST", "/query/fail", {"transaction_id": f"tx-{random.randrange(TRANSACTIONS)}"})

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> None:
        data = json.dumps(body) if body is not None else None
        headers = {"content-type": "application/json"} if body is not None else {}
        request = AWSRequest(method, f"{self.host}{path}", data=data, headers=headers)
        _signer().add_auth(request)
        self.client.request(method, path, name=f"{method} {path}", data=data, headers=dict(request.headers))
