"""What to deploy: an app and the images that its services run, as plain data."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class ImagePush:
    """A local image to push.

    Attributes:
        after: the stack that makes the repository; the image is pushed once that is deployed.
        repository: the repository's name.
        tag: the image's tag.
        argv: what the image runs; `{python}` is the interpreter with `requirements`, `{host}` and `{port}` the address.
        cwd: the folder that it runs in.
        port: the port that it listens on.
        requirements: what its interpreter holds, locked with hashes; None: `{python}` is this environment's.
    """

    after: str
    repository: str
    tag: str
    argv: tuple[str, ...]
    cwd: Path
    port: int = 8000
    requirements: Path | None = None


@dataclasses.dataclass(frozen=True)
class App:
    """A CDK app for the local AWS.

    Attributes:
        folder: where it runs, beside its cdk.json.
        command: how it is started, as `--app` says it.
        region: where its stacks go.
        stacks: the stacks to deploy; those after whose images are pushed come before the ones behind them.
        context: CDK context values.
        images: the images that its services run.
        log_groups: prefixes of the log groups that `roadworthy local logs` shows.
    """

    folder: Path
    command: str
    region: str
    stacks: tuple[str, ...]
    context: Mapping[str, str] = dataclasses.field(default_factory=dict)
    images: tuple[ImagePush, ...] = ()
    log_groups: tuple[str, ...] = ()

    def steps(self) -> list[tuple[str, ...]]:
        """The stacks that are deployed together: a step ends where images are pushed."""
        awaited = {image.after for image in self.images}
        steps: list[tuple[str, ...]] = [()]
        for stack in self.stacks:
            steps[-1] += (stack,)
            if stack in awaited:
                steps.append(())
        return [step for step in steps if step]
