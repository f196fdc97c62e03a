"""The environments of `services.toml`: where a stack goes and how it is kept there."""

import dataclasses
import difflib
import re
import tomllib
from pathlib import Path
from typing import Any, Self

from roadworthy.errors import RoadworthyError

# The retentions that CloudWatch Logs accepts, in days:
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
LOG_RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_ACCOUNT = re.compile(r"\d{12}")
_STREAM_ARN = re.compile(r"arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table/[\w.-]+/stream/.+")
_KEY_ARN = re.compile(r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/.+")


class EnvironmentsError(RoadworthyError):
    """`services.toml` does not say what it should; the message names the file and the key."""


@dataclasses.dataclass(frozen=True)
class ExistingTables:
    """Live tables that are taken over instead of created."""

    command_stream_arn: str
    encryption_key_arn: str | None = None


@dataclasses.dataclass(frozen=True)
class Environment:
    """One environment, such as stage or prod.

    Attributes:
        name: the environment's name.
        region: the AWS region.
        availability_zones: the zones of the network, pinned so that synthesis asks AWS nothing.
        account: the AWS account; None: the account of the credentials in use.
        log_retention_days: how long logs are kept.
        guarded: deletion protection, and operations ask before they change something.
        existing_tables: live tables to take over; None: the stack creates them.
    """

    name: str
    region: str
    availability_zones: tuple[str, ...]
    account: str | None = None
    log_retention_days: int = 30
    guarded: bool = False
    existing_tables: ExistingTables | None = None

    @classmethod
    def load(cls, name: str | None = None, *, path: Path = Path("services.toml")) -> Self:
        """Read one environment from `services.toml`.

        Args:
            name: the environment's name; None: the file's `default_environment`.
            path: the file.

        Raises:
            EnvironmentsError: the file is missing or malformed, or does not know the environment.
        """
        document = _document(path)
        environments = document.get("environments")
        if not isinstance(environments, dict) or not environments:
            raise EnvironmentsError(f"{path}: no [environments.NAME] table: add one for each environment")
        name = str(document.get("default_environment") or "") if name is None else name
        if name not in environments:
            raise EnvironmentsError(_unknown(path, name, list(environments)))
        return cls._parse(name, environments[name], where=f"{path}: [environments.{name}]")

    @classmethod
    def _parse(cls, name: str, table: Any, *, where: str) -> Self:
        if not isinstance(table, dict):
            raise EnvironmentsError(f"{where} is {table!r}: it must be a table")
        _refuse_unknown_keys(table, cls, where)
        environment = cls(
            name=name,
            region=_string(table, "region", _REGION, where),
            availability_zones=_zones(table, where),
            account=_string(table, "account", _ACCOUNT, where) if "account" in table else None,
            log_retention_days=_retention(table, where),
            guarded=_flag(table, "guarded", where),
            existing_tables=_existing_tables(table.get("existing_tables"), f"{where[:-1]}.existing_tables]"),
        )
        for zone in environment.availability_zones:
            if not zone.startswith(environment.region):
                raise EnvironmentsError(f"{where} availability zone `{zone}` is not in {environment.region}")
        return environment


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise EnvironmentsError(f"{path} does not exist: run from the folder that holds it") from None
    except OSError as error:
        raise EnvironmentsError(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EnvironmentsError(f"{path} is not TOML: {error}") from None


def _unknown(path: Path, name: str, known: list[str]) -> str:
    if not name:
        return f"{path}: the environment's name is empty; known: {', '.join(known)}"
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"known: {', '.join(known)}"
    return f"{path}: no environment `{name}`; {hint}"


def _refuse_unknown_keys(table: dict[str, Any], kind: type, where: str) -> None:
    known = [field.name for field in dataclasses.fields(kind) if field.name != "name"]
    for key in table:
        if key not in known:
            raise EnvironmentsError(f"{where} unknown key `{key}`; known: {', '.join(known)}")


def _string(table: dict[str, Any], key: str, pattern: re.Pattern[str], where: str) -> str:
    value = table.get(key)
    if value is None:
        raise EnvironmentsError(f"{where} `{key}` is missing")
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise EnvironmentsError(f"{where} {key} = {value!r} does not look like one (expected {pattern.pattern})")
    return value


def _zones(table: dict[str, Any], where: str) -> tuple[str, ...]:
    zones = table.get("availability_zones")
    minimum = 2  # an Application Load Balancer needs subnets in two zones
    if not isinstance(zones, list) or len(set(map(str, zones))) < minimum:
        raise EnvironmentsError(f"{where} availability_zones = {zones!r}: name two or more different zones")
    return tuple(str(zone) for zone in zones)


def _retention(table: dict[str, Any], where: str) -> int:
    days = table.get("log_retention_days", 30)
    if isinstance(days, bool) or days not in LOG_RETENTION_DAYS:
        raise EnvironmentsError(
            f"{where} log_retention_days = {days!r} is not one that CloudWatch Logs takes: "
            f"{', '.join(map(str, LOG_RETENTION_DAYS))}"
        )
    return int(days)


def _flag(table: dict[str, Any], key: str, where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise EnvironmentsError(f"{where} {key} = {value!r}: it must be true or false")
    return value


def _existing_tables(table: Any, where: str) -> ExistingTables | None:
    if table is None:
        return None
    if not isinstance(table, dict):
        raise EnvironmentsError(f"{where} is {table!r}: it must be a table")
    _refuse_unknown_keys(table, ExistingTables, where)
    return ExistingTables(
        command_stream_arn=_string(table, "command_stream_arn", _STREAM_ARN, where),
        encryption_key_arn=_string(table, "encryption_key_arn", _KEY_ARN, where)
        if "encryption_key_arn" in table
        else None,
    )
