"""The whole app: the environment asked for, its stacks, the rules, the synthesis.

    cdk deploy QueryServiceStack -c env=prod -c image_tag=3f2a9c1d0b7e

Context: `env` (default: services.toml's), and `image_tag` or `image_digest` of the handler's image (default: the
tag of the last commit that changed containers/query_handler). `first=true` makes the first deployment of a guarded
environment without deletion protection, since a protected resource cannot be rolled back: docs/deploying.md.
"""

import dataclasses
import os
import sys
from pathlib import Path

from roadworthy.start import start_quickly

start_quickly()  # before aws_cdk: jsii starts its Node.js on import

import aws_cdk as cdk  # noqa: E402
from cdk_nag import AwsSolutionsChecks  # noqa: E402

from roadworthy.commit import last_commit  # noqa: E402
from roadworthy.environments import Environment  # noqa: E402
from roadworthy.patterns import UnpinnedImageError  # noqa: E402
from roadworthy.plugin import run_app  # noqa: E402
from stacks.image_repository import ImageRepositoryStack  # noqa: E402
from stacks.operations import OperationsStack  # noqa: E402
from stacks.query_service import QueryServiceStack  # noqa: E402

ROOT = Path(__file__).parent


def build(app: cdk.App) -> None:
    """Add the stacks and the rules to `app`."""
    environment = Environment.load(app.node.try_get_context("env"), path=ROOT / "services.toml")
    if app.node.try_get_context("first") in {True, "true"}:
        environment = dataclasses.replace(environment, guarded=False)
    env = cdk.Environment(
        account=environment.account or os.environ.get("CDK_DEFAULT_ACCOUNT"), region=environment.region
    )
    repository = ImageRepositoryStack(app, "ImageRepositoryStack", env=env)
    service = QueryServiceStack(
        app, "QueryServiceStack", env=env, environment=environment, image_reference=image_reference(app)
    )
    service.add_stack_dependency(repository)
    OperationsStack(app, "OperationsStack", env=env, environment=environment)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))


def image_reference(app: cdk.App) -> str:
    """The tag or digest that the context names, or the commit of the image's sources."""
    tag, digest = app.node.try_get_context("image_tag"), app.node.try_get_context("image_digest")
    if tag is not None and digest is not None:
        raise UnpinnedImageError(f"image_tag={tag} and image_digest={digest}: name one of the two")
    if digest is not None and not str(digest).startswith("sha256:"):
        raise UnpinnedImageError(f"image_digest={digest}: a digest is sha256: and 64 hex digits")
    if tag is None and digest is None:
        return last_commit(ROOT / "containers" / "query_handler")
    return str(tag if digest is None else digest)


if __name__ == "__main__":
    sys.exit(run_app(build))
