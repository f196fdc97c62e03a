"""What is checked before a deployment starts: does AWS have what the new tasks need, and is no alarm red already?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roadworthy.checking import check_sources
from roadworthy.config import Settings
from roadworthy.online.aws import Aws as OnlineAws
from roadworthy.online.engine.registry import described
from roadworthy.online.errors import OnlineError
from roadworthy.operations.errors import NoAwsError
from roadworthy.operations.live import sources
from roadworthy.operations.place import Target
from roadworthy.report.report import ReportedFinding

# It reads the secret's value: whoever deploys need not be allowed to.
LEFT_OUT = ("secret-json-key-unknown",)


@dataclass(frozen=True)
class Preflight:
    """What the checks found.

    Attributes:
        refusals: the new tasks could not start.
        warnings: worth knowing, what could not be asked too.
    """

    refusals: tuple[ReportedFinding, ...]
    warnings: tuple[ReportedFinding, ...]


def preflight(target: Target, definition: Mapping[str, Any], service: Mapping[str, Any]) -> Preflight:
    """Check what is to be deployed against AWS, and by all rules.

    An error that the rules find in the definition alone is no refusal: the same definition, but for the image, runs.

    Raises:
        NoAwsError: AWS cannot be asked.
    """
    aws = target.cluster.aws
    try:
        online = OnlineAws(aws.session, aws.region)
        report = check_sources(
            sources(definition, service, name=target.label), Settings(ignore=LEFT_OUT), online=online
        )
    except OnlineError as error:
        raise NoAwsError(str(error)) from error
    asked = {rule.id for rule in described()}
    refusals = [each for each in report.findings if each.severity == "error" and each.rule in asked]
    return Preflight(tuple(refusals), tuple(each for each in report.findings if each not in refusals))
