"""The query service as the local AWS deploys it: its stacks, its image, its log groups, in this one place."""

import hashlib
import shlex
import sys
from pathlib import Path

from roadworthy.environments import Environment
from roadworthy.local.app import App, ImagePush
from roadworthy.local.errors import LocalError

REPOSITORY_STACK, SERVICE_STACK = "ImageRepositoryStack", "QueryServiceStack"
_REPOSITORY = "query-service"
_PORT = 8000


def query_service(root: Path, *, environment: str = "stage") -> App:
    """QueryServiceStack and the repository of its image.

    Args:
        root: the repository's folder, with app.py.
        environment: the environment of services.toml whose region and settings are taken.

    Raises:
        LocalError: `root` is not the repository.
    """
    container = root / "containers" / "query_handler"
    if not (root / "app.py").is_file() or not container.is_dir():
        raise LocalError(f"{root} has no app.py and containers/query_handler: run this in the repository's folder")
    tag = _tag(container)
    return App(
        folder=root,
        command=f"{shlex.quote(sys.executable)} app.py",
        region=Environment.load(environment, path=root / "services.toml").region,
        stacks=(REPOSITORY_STACK, SERVICE_STACK),
        context={"env": environment, "image_tag": tag},
        images=(
            ImagePush(
                after=REPOSITORY_STACK,
                repository=_REPOSITORY,
                tag=tag,
                argv=("{python}", "-m", "query_handler", "--host", "{host}", "--port", "{port}"),
                cwd=container,
                port=_PORT,
                requirements=container / "requirements.txt",
            ),
        ),
        log_groups=("/ecs/query-service", "/aws/lambda/", "/apigateway/"),
    )


def _tag(container: Path) -> str:
    """Twelve hex digits of what the image is made of: uncommitted changes count too, unlike in a commit's hash."""
    digest = hashlib.sha256()
    for file in sorted(container.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(container)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:12]
