"""A local AWS to use: start it, deploy to it, talk to it, stop it.

with LocalAws.start(Path(".local"), port=0) as aws:
    outputs = aws.deploy(app)
    aws.client("dynamodb").list_tables()
"""

import concurrent.futures
import contextlib
import functools
import json
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from roadworthy.local import images, interpreters, isolation
from roadworthy.local.app import App
from roadworthy.local.cdk import Cdk
from roadworthy.local.commands import Commands
from roadworthy.local.errors import LocalError
from roadworthy.local.names import base_url, localise_apis
from roadworthy.local.process import Emulator
from roadworthy.local.progress import Progress, Silence

Outputs = dict[str, dict[str, str]]


class LocalAws:
    """A running local AWS. Leaving the `with` block stops it, unless it was detached."""

    def __init__(self, emulator: Emulator, progress: Progress) -> None:
        self._emulator = emulator
        self._progress = progress
        self._commands = Commands()
        self._detached = False

    @classmethod
    def start(
        cls, state: Path, *, port: int | None = 0, region: str = "us-east-1", progress: Progress | None = None
    ) -> Self:
        """Start one; it ends with this process unless `detach` is called.

        Args:
            state: a folder of its own for logs and interpreters; made when it is missing.
            port: its loopback port; 0: any free one; None: 4566, or any free one when that is taken.
            region: the region of clients and unsigned calls.
            progress: says what is done; None: nothing is said.

        Raises:
            LocalError: one runs there already, the port is taken, or it did not come up.
        """
        progress = progress or Silence()
        state = state.resolve()
        state.mkdir(parents=True, exist_ok=True)
        python = interpreters.lambda_python(state / "lambda-python")
        emulator = Emulator.start(state, port=port, region=region, lambda_python=python)
        progress.say(f"embedded AWS is up at {base_url(emulator.running.port)} (region {region}, IAM enforced)")
        return cls(emulator, progress)

    @classmethod
    def attach(cls, state: Path, *, progress: Progress | None = None) -> Self:
        """Find the one that runs in this state folder; leaving the `with` block leaves it running.

        Raises:
            LocalError: none does.
        """
        emulator = Emulator.find(state.resolve())
        if emulator is None:
            raise LocalError(f"no local AWS runs in {state}: start it with `roadworthy local up`")
        aws = cls(emulator, progress or Silence())
        aws._detached = True
        return aws

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._commands.kill()
        if not self._detached:
            self.stop()

    @property
    def state(self) -> Path:
        """The state folder."""
        return self._emulator.state

    @property
    def port(self) -> int:
        """The loopback port."""
        return self._emulator.running.port

    @property
    def region(self) -> str:
        """The region of clients."""
        return self._emulator.running.region

    @property
    def url(self) -> str:
        """The endpoint of every service."""
        return base_url(self.port)

    @property
    def outputs(self) -> Outputs:
        """The outputs of each deployed stack."""
        file = self.state / "outputs.json"
        return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}

    def environment(self) -> dict[str, str]:
        """The variables that point any AWS tool here."""
        return isolation.aws(self.state, port=self.port, region=self.region)

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of the local account's root user; `options` go to boto3, e.g. other credentials."""
        from botocore.config import Config  # noqa: PLC0415 - the command line starts without it

        direct = Config(proxies={})  # never through the user's proxy
        return self._session.client(service, **{"endpoint_url": self.url, "config": direct, **options})

    @functools.cached_property
    def _session(self) -> Any:
        return isolation.session(self.region)  # which reads botocore's models once for all clients

    def local_url(self, url: str) -> str:
        """The local form of a REST API's AWS URL, such as a stack's output."""
        return localise_apis(url, port=self.port)

    def deploy(self, app: App, *, tools: Path | None = None) -> Outputs:
        """Bootstrap, synthesize and deploy an app with the real CDK CLI, and push its images.

        Args:
            app: what to deploy.
            tools: the folder with package-lock.json; None: the app's folder.

        Returns:
            The outputs of each of its stacks.

        Raises:
            LocalError: a step failed; the message says which and why.
        """
        cdk = Cdk(
            tools=tools or app.folder, state=self.state, commands=self._commands, port=self.port, region=app.region
        )
        cdk.log.unlink(missing_ok=True)
        assembly = self.state / "cdk.out"
        shutil.rmtree(assembly, ignore_errors=True)
        if cdk.install():
            self._progress.say("CDK CLI installed from package-lock.json")
        with self._together() as pool:  # they need different things: CPU, the emulator, the disk
            making = pool.submit(self._pythons, app)
            steps = [pool.submit(self._synth, cdk, app, assembly), pool.submit(self._bootstrap, cdk)]
            for step in concurrent.futures.as_completed(steps):
                step.result()
            pythons = making.result()
        outputs: Outputs = {}
        for stacks in app.steps():
            outputs.update(self._deploy_stacks(cdk, app, stacks, assembly, pythons))
        return outputs

    @contextlib.contextmanager
    def _together(self) -> Iterator[concurrent.futures.ThreadPoolExecutor]:
        """Threads whose tools are killed when one step fails or Ctrl-C comes: the others would only delay the news."""
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            try:
                yield pool
            except BaseException:
                self._commands.kill()
                self._commands = Commands()
                raise

    def _synth(self, cdk: Cdk, app: App, assembly: Path) -> None:
        cdk.synth(app.folder, app=app.command, context=app.context, out=assembly)
        self._progress.say(f"synthesized {', '.join(app.stacks)}")

    def _bootstrap(self, cdk: Cdk) -> None:
        cdk.bootstrap()
        self._progress.say("bootstrapped")

    def _pythons(self, app: App) -> dict[Path | None, Path]:
        """The interpreter for each image's requirements."""
        pythons: dict[Path | None, Path] = {None: Path(sys.executable)}
        for number, requirements in enumerate(sorted({one.requirements for one in app.images if one.requirements})):
            folder = self.state / f"task-python-{number}"
            pythons[requirements] = interpreters.task_python(
                folder, requirements, self._commands, log=self.state / "cdk.log"
            )
        return pythons

    def _deploy_stacks(
        self, cdk: Cdk, app: App, stacks: tuple[str, ...], assembly: Path, pythons: dict[Path | None, Path]
    ) -> Outputs:
        outputs = cdk.deploy(assembly, stacks)
        self._progress.say(f"deployed {', '.join(stacks)}")
        for image in app.images:
            if image.after in stacks:
                argv = [word.replace("{python}", str(pythons[image.requirements])) for word in image.argv]
                ecr = self.client("ecr", region_name=app.region)
                images.push(ecr, image.repository, image.tag, argv=argv, cwd=image.cwd, port=image.port)
                self._progress.say(f"pushed {image.repository}:{image.tag}")
        whole = self.state / "outputs.json.part"  # a reader meanwhile sees the old file or the new one
        whole.write_text(json.dumps({**self.outputs, **outputs}), encoding="utf-8")
        whole.replace(self.state / "outputs.json")
        return outputs

    def detach(self) -> None:
        """Let it run on after this process."""
        self._detached = True
        self._emulator.detach()

    def stop(self) -> None:
        """Stop it, with every process of it, and forget what was deployed. A second Ctrl-C waits until that is done."""
        previous = _ignore_interrupts()
        try:
            self._commands.kill()
            self._emulator.stop()
            (self.state / "outputs.json").unlink(missing_ok=True)
        finally:
            if previous is not None:
                signal.signal(signal.SIGINT, previous)


def _ignore_interrupts() -> Any:
    try:
        return signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:
        return None  # not in the main thread, where no Ctrl-C arrives either
