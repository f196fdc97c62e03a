"""`roadworthy permissions VERB...`: the IAM policy with which verbs work on a service."""

import argparse
import json
from typing import TYPE_CHECKING

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import emit
from roadworthy.errors import RoadworthyError
from roadworthy.operations.permissions import VERBS

if TYPE_CHECKING:
    from roadworthy.catalogue import ServiceEntry
    from roadworthy.operations.context import Context

EPILOG = """\
example: roadworthy permissions restart watch --service api --env prod --account 111122223333

Nothing is asked of AWS. What is not known (account, log groups, repositories, roles, secrets, parameters) is written
in capitals, to be filled in; with CDK, `service.grant_operate(role)` knows it all."""
UNKNOWN = {
    "account": "ACCOUNT",
    "log_groups": "LOG_GROUP",
    "repositories": "REPOSITORY_ARN",
    "roles": "ROLE_ARN",
    "secrets": "SECRET_ARN",
    "parameters": "PARAMETER_ARN",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    add = parser.add_argument
    add("verbs", nargs="+", metavar="VERB", choices=VERBS, help=", ".join(VERBS))
    add("--service", metavar="SERVICE", help="its name, as in services.toml or in ECS (default: any service)")
    add("--env", metavar="ENV", help="the environment (default: services.toml's, stage)")
    add("--account", metavar="ACCOUNT", help="the AWS account (default: services.toml's)")
    add("--log-group", metavar="NAME", action="append", help="a log group of it")
    add("--repository", metavar="ARN", action="append", help="an ECR repository of its images")
    add("--role", metavar="ARN", action="append", help="its task role, its execution role")
    add("--secret", metavar="ARN", action="append", help="a secret of its containers, in Secrets Manager")
    add("--parameter", metavar="ARN", action="append", help="a parameter of its containers, in Parameter Store")
    add("--partition", default="aws", help="aws, aws-cn, aws-us-gov (default: aws)")
    arguments.add_place(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Print the policy; AWS is not asked.

    Raises:
        RoadworthyError: services.toml cannot be read, or does not know the service; nothing says where it is.
    """
    from roadworthy.operations.permissions import Target, statements  # noqa: PLC0415

    entry = _entry(args)
    region = args.region or (entry.environment.region if entry else None)
    cluster = args.cluster or (entry.cluster if entry else None)
    if not region or not cluster:
        raise RoadworthyError("where is it? Pass --service with a services.toml here, or --cluster and --region")
    target = Target(
        region=region,
        account=args.account or (entry.environment.account if entry else None) or UNKNOWN["account"],
        cluster=cluster,
        service=entry.name if entry else args.service or "*",
        partition=args.partition,
        log_groups=args.log_group or [UNKNOWN["log_groups"]],
        repositories=args.repository or [UNKNOWN["repositories"]],
        roles=args.role or [UNKNOWN["roles"]],
        secrets=args.secret or [UNKNOWN["secrets"]],
        parameters=args.parameter or [UNKNOWN["parameters"]],
    )
    emit(json.dumps({"Version": "2012-10-17", "Statement": statements(args.verbs, target)}, indent=2))
    return ExitCode.OK


def _entry(args: argparse.Namespace) -> "ServiceEntry | None":
    """What services.toml says of the service; None where flags say where it is."""
    if args.service is None or (args.cluster and args.region):
        return None
    from roadworthy.catalogue import Catalogue  # noqa: PLC0415

    return Catalogue.load(args.catalogue).service(args.service, args.env)
