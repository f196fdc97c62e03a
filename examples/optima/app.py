"""Thirteen services in two environments, as services.toml has them.

cd examples/optima && npx cdk synth
"""

import os
import sys
from pathlib import Path
from typing import Any

from roadworthy.start import start_quickly

start_quickly()  # before aws_cdk: jsii starts its Node.js on import

import aws_cdk as cdk  # noqa: E402
from cdk_nag import AwsSolutionsChecks  # noqa: E402
from optima.images import ImagesStack, tag_of  # noqa: E402
from optima.service import ServiceStack  # noqa: E402
from optima.shared import SharedStack  # noqa: E402

from roadworthy.catalogue import Catalogue, Environment  # noqa: E402
from roadworthy.plugin import run_app  # noqa: E402

FOLDER = Path(__file__).parent
# Who may call a service that has a load balancer of its own; those behind the shared one everybody may.
CALLERS = {
    "session-gateway": ["ai-shell-web-ui"],
    "pgbouncer": ["commerce-backend", "commerce-rq-worker", "commerce-rq-scheduler"],
}


def build(app: cdk.App) -> None:
    """Add the images' repositories, and each environment with its services."""
    catalogue = Catalogue.load(FOLDER / "services.toml")
    images = ImagesStack(app, "optima-images", env=account_of(catalogue.environment()), entries=catalogue.entries)
    for environment in catalogue.environments:
        prefix, env = f"optima-{environment.name}", account_of(environment)
        shared = SharedStack(app, f"{prefix}-shared", env=env, settings=environment)
        services: dict[str, Any] = {}
        for entry in catalogue.services(environment.name):
            if not entry.active:
                note = f"{entry.service} is not active in services.toml: its stack is left as it is"
                cdk.Annotations.of(shared).add_warning_v2(f"optima:{entry.service}", note)
                continue
            id, tag = f"{prefix}-{entry.service}", tag_of(entry)
            stack = ServiceStack(app, id, env=env, shared=shared, entry=entry, tag=tag)
            stack.add_stack_dependency(images)
            services[entry.service] = stack.service
        connect(services)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))


def connect(services: dict[str, Any]) -> None:
    """Let the callers in, as far as the environment has both."""
    for called, callers in CALLERS.items():
        for caller in callers:
            if called in services and caller in services:
                services[called].allow_from(services[caller])


def account_of(environment: Environment) -> cdk.Environment:
    """Where an environment's stacks go; without an account, to that of the credentials in use."""
    account = environment.account or os.environ.get("CDK_DEFAULT_ACCOUNT")
    return cdk.Environment(account=account, region=environment.region)


if __name__ == "__main__":
    sys.exit(run_app(build))
