"""One environment of `services.toml`: where a stack goes and how it is kept there."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from roadworthy.catalogue.table import Table

DEFAULT_REGION = "ap-southeast-1"
GUARDED_NAMES = ("prod", "production")
# The retentions that CloudWatch Logs accepts, in days:
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
LOG_RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
_REGION = r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}"
_ACCOUNT = r"[0-9]{12}"
_STREAM_ARN = r"arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table/[\w.-]+/stream/.+"
_EMAIL = r"[^@\s]+@[^@\s]+"
# A name in Secrets Manager: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
_WEBHOOK = r"[\w/+=.@-]{1,512}"
_KEY_ARN = r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/.+"


@dataclasses.dataclass(frozen=True)
class ExistingTables:
    """Live tables that are taken over instead of created."""

    command_stream_arn: str
    encryption_key_arn: str | None = None


@dataclasses.dataclass(frozen=True)
class Notifications:
    """Who is told of deployments and alarms: e-mail addresses, and the secret that holds Slack's webhook."""

    emails: tuple[str, ...] = ()
    slack_secret: str | None = None


@dataclasses.dataclass(frozen=True)
class Environment:
    """One environment, such as stage or prod.

    Attributes:
        name: the environment's name.
        region: the AWS region; default: ap-southeast-1.
        availability_zones: the zones of the network, pinned so that synthesis asks AWS nothing; default: none, which
            is enough for the command line.
        account: the AWS account; None: the account of the credentials in use.
        log_retention_days: how long logs are kept.
        guarded: deletion protection, and operations ask before they change something; default: true for environments
            called prod or production.
        existing_tables: live tables to take over; None: the stack creates them.
        notifications: who is told of deployments and alarms.
        cluster: the ECS cluster's name; None where the file has no `project` to make it of.
    """

    name: str
    region: str = DEFAULT_REGION
    availability_zones: tuple[str, ...] = ()
    account: str | None = None
    log_retention_days: int = 30
    guarded: bool = False
    existing_tables: ExistingTables | None = None
    notifications: Notifications = Notifications()
    cluster: str | None = None

    @classmethod
    def load(cls, name: str | None = None, *, path: Path = Path("services.toml")) -> "Environment":
        """Read one environment from `services.toml`.

        Args:
            name: the environment's name; None: the file's `default_environment`.
            path: the file.

        Raises:
            CatalogueError: the file is missing or malformed, or does not know the environment.
        """
        from roadworthy.catalogue.catalogue import Catalogue  # noqa: PLC0415 - a catalogue is made of environments

        return Catalogue.load(path).environment(name)

    @classmethod
    def parse(cls, name: str, table: Table, *, cluster: str | None) -> "Environment":
        """Read `[environments.NAME]`; `cluster` is the resolved name."""
        table.refuse_unknown(KEYS)
        read: dict[str, Any] = {key: READERS[key](table, key) for key in table.values if key in READERS}
        environment = cls(**{"guarded": name in GUARDED_NAMES, **read}, name=name, cluster=cluster)
        for zone in environment.availability_zones:
            if not zone.startswith(environment.region):
                raise table.error("availability_zones", f"availability zone `{zone}` is not in {environment.region}")
        return environment


def _region(table: Table, key: str) -> str:
    return table.text_of(key, _REGION, "an AWS region such as eu-west-1")


def _account(table: Table, key: str) -> str:
    return table.text_of(key, _ACCOUNT, 'twelve digits in quotes, "111122223333"')


def _zones(table: Table, key: str) -> tuple[str, ...]:
    zones = tuple(table.texts(key))
    minimum = 2  # an Application Load Balancer needs subnets in two zones
    if len(set(zones)) < minimum:
        raise table.wrong(key, ": name two or more different zones")
    return zones


def _retention(table: Table, key: str) -> int:
    days = table.values[key]
    if type(days) is not int or days not in LOG_RETENTION_DAYS:
        raise table.wrong(key, f" is not one that CloudWatch Logs takes: {', '.join(map(str, LOG_RETENTION_DAYS))}")
    return days


def _existing_tables(table: Table, key: str) -> ExistingTables:
    tables = table.table(key)
    tables.refuse_unknown([field.name for field in dataclasses.fields(ExistingTables)])
    tables.require("command_stream_arn")
    command_stream_arn = tables.text_of("command_stream_arn", _STREAM_ARN, "the ARN of a DynamoDB stream")
    if "encryption_key_arn" not in tables:
        return ExistingTables(command_stream_arn)
    return ExistingTables(command_stream_arn, tables.text_of("encryption_key_arn", _KEY_ARN, "the ARN of a KMS key"))


def _notifications(table: Table, key: str) -> Notifications:
    given = table.table(key)
    given.refuse_unknown([field.name for field in dataclasses.fields(Notifications)])
    emails = tuple(given.texts("emails")) if "emails" in given else ()
    for address in emails:
        if not re.fullmatch(_EMAIL, address):
            raise given.wrong("emails", f": `{address}` is no e-mail address")
    slack = given.text_of("slack_secret", _WEBHOOK, "the name of a secret") if "slack_secret" in given else None
    return Notifications(emails, slack)


# The keys of `[environments.NAME]` that make an Environment.
READERS: dict[str, Callable[[Table, str], Any]] = {
    "region": _region,
    "account": _account,
    "availability_zones": _zones,
    "log_retention_days": _retention,
    "guarded": Table.flag,
    "existing_tables": _existing_tables,
    "notifications": _notifications,
}
KEYS = (*READERS, "cluster", "defaults")  # of the last two the services are made
