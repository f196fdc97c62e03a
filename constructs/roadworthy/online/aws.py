"""The one place that talks to AWS: clients, retries, time limits, and every question asked only once.

Partitions and regions are botocore's: aws, aws-cn, aws-us-gov and the others are all right.
"""

import json
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from roadworthy.aws.session import SessionError, open_session, region_of
from roadworthy.aws.trouble import refusal
from roadworthy.online.arn import parse_arn
from roadworthy.online.errors import OnlineError
from roadworthy.online.failures import meaning
from roadworthy.online.operations import GET_CALLER_IDENTITY, Operation

Answer = TypeVar("Answer")

CONCURRENCY = 16  # calls at a time
CONNECT_TIMEOUT = 5  # seconds
READ_TIMEOUT = 20  # seconds
# With "adaptive" each client keeps to the rate that AWS grants it, so that a thousand services are slow, not refused.
# Source: https://docs.aws.amazon.com/boto3/latest/guide/retries.html
RETRIES = {"mode": "adaptive", "total_max_attempts": 8}
FIRST_RETRIES = {"mode": "standard", "total_max_attempts": 2}  # of the first call: no network is soon told
LARGEST_DOWNLOAD = 1024 * 1024  # bytes; an image's configuration has a few thousand


class Aws:
    """An AWS account in a region, to be asked from many threads at once.

    Attributes:
        region: where names without an ARN are looked up.
        account: the caller's account, 12 digits.
        caller: the caller's ARN.
    """

    def __init__(self, session: Any, region: str, *, download: Callable[[str], bytes] | None = None) -> None:
        """Ask AWS who we are.

        Args:
            session: a `boto3.Session`.
            region: the region to start from.
            download: fetches a presigned URL; None: over HTTPS.

        Raises:
            OnlineError: no credentials, expired ones, or no connection.
        """
        self.region = region
        self.download = download or _download
        self._session = session
        self._clients: dict[tuple[str, str], Any] = {}
        self._answers: dict[tuple[str, str, str], Future[Any]] = {}
        self._lock = threading.Lock()
        try:
            client = self._client("sts", region, FIRST_RETRIES)
            self.account, self.caller = GET_CALLER_IDENTITY.keep(client.get_caller_identity())
        except Exception as error:
            raise OnlineError(refusal(error)) from None

    @classmethod
    def open(cls, profile: str | None = None, region: str | None = None) -> "Aws":
        """The account of `profile` (default: boto3's own choice) in `region` (default: the profile's).

        Raises:
            OnlineError: boto3 is not installed, no such profile, no region, or nothing can be asked.
        """
        try:
            session = open_session(profile)
            return cls(session, region_of(session, region))
        except SessionError as error:
            raise OnlineError(str(error)) from None

    def ask(self, operation: Operation[Answer], *, region: str, about: str, **arguments: object) -> Answer:
        """The answer to a question. The same question is asked once, whoever asks it again.

        Args:
            operation: what to ask.
            region: where.
            about: the ARN that it is about, for who lacks the permission.
            arguments: boto3's arguments of the call.

        Raises:
            Absent: AWS says that the thing does not exist.
            Elsewhere: the same of a resource in another account, or that account does not let the caller ask.
            Denied: the caller lacks the permission.
            Unanswered: AWS did not answer.
            OnlineError: nothing can be asked any more: credentials have expired, or there is no connection.
        """
        key = (operation.service + "." + operation.method, region, json.dumps(arguments, sort_keys=True))
        with self._lock:
            first = key not in self._answers
            future: Future[Answer] = self._answers.setdefault(key, Future())
        if first:
            self._answer(future, operation, region, about, arguments)
        return future.result()

    def partition(self, region: str) -> str:
        """The partition of a region: "aws", "aws-cn", "aws-us-gov" ..."""
        try:
            return str(self._session.get_partition_for_region(region))
        except Exception:
            return "aws"

    def url_suffix(self, region: str) -> str:
        """What AWS::URLSuffix is in a region: "amazonaws.com", "amazonaws.com.cn" ..."""
        known = self._session._session.get_data("partitions")["partitions"]
        suffixes = {each["id"]: each["outputs"]["dnsSuffix"] for each in known}
        return str(suffixes.get(self.partition(region), "amazonaws.com"))

    def _answer(
        self,
        future: "Future[Answer]",
        operation: Operation[Answer],
        region: str,
        about: str,
        arguments: dict[str, object],
    ) -> None:
        try:
            call = getattr(self._client(operation.service, region, RETRIES), operation.method)
            future.set_result(operation.keep(call(**arguments)))
        except Exception as error:
            arn = parse_arn(about)
            own = arn is None or arn.account in {"", self.account}
            future.set_exception(meaning(error, operation, about, at_home=region == self.region, own=own))

    def _client(self, service: str, region: str, retries: dict[str, object]) -> Any:
        from botocore.config import Config  # noqa: PLC0415 - only `--online` needs it

        with self._lock:  # boto3's sessions make clients in one thread at a time
            if (service, region) not in self._clients:
                config = Config(
                    retries=retries,  # type: ignore[arg-type] # its stub knows three keys
                    connect_timeout=CONNECT_TIMEOUT,
                    read_timeout=READ_TIMEOUT,
                    max_pool_connections=CONCURRENCY,
                )
                self._clients[service, region] = self._session.client(service, region_name=region, config=config)
            return self._clients[service, region]


def _download(url: str) -> bytes:
    if not url.startswith("https://"):
        raise ValueError("not an HTTPS address")
    import urllib.request  # noqa: PLC0415 - it is slow to import, and seldom needed

    with urllib.request.urlopen(url, timeout=READ_TIMEOUT) as answer:  # noqa: S310 - HTTPS, see above
        return bytes(answer.read(LARGEST_DOWNLOAD))
