"""The real CDK CLI, pinned by package-lock.json and run by the pinned Node.js, pointed at the local AWS."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from roadworthy.local import isolation
from roadworthy.local.commands import Commands
from roadworthy.local.errors import LocalError
from roadworthy.node import pinned_node

_AT_ONCE = 8  # stacks: most of the time each waits for its service's tasks


class Cdk:
    """The CDK CLI.

    Args:
        tools: the folder with package.json and package-lock.json; its node_modules is made when it is missing.
        state: the folder for logs and private settings.
        commands: runs it.
        port: the local AWS's port.
        region: the region to deploy to.
    """

    def __init__(self, *, tools: Path, state: Path, commands: Commands, port: int, region: str) -> None:
        self._tools, self._state, self._commands = tools, state, commands
        self._region = region
        self._aws = isolation.aws(state, port=port, region=region)
        self._node = _node()
        self._cli = tools / "node_modules" / "aws-cdk" / "bin" / "cdk"

    @property
    def log(self) -> Path:
        """Where the CLI's output goes."""
        return self._state / "cdk.log"

    def install(self) -> bool:
        """Install the CLI from package-lock.json; false: it is there already.

        Raises:
            LocalError: it could not be installed.
        """
        if self._cli.exists():
            return False
        npm = self._node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        command: list[str | Path] = [self._node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        environment = self._environment(isolation.clean(proxies=True), {})
        self._commands.run(command, cwd=self._tools, env=environment, log=self.log, what="npm ci")
        return True

    def bootstrap(self) -> None:
        """`cdk bootstrap`: the roles and the bucket that deployments need."""
        arguments = ["bootstrap", f"aws://{isolation.ACCOUNT}/{self._region}", "--app", ""]
        self._run(arguments, cwd=self._state, what="cdk bootstrap")

    def synth(self, folder: Path, *, app: str, context: Mapping[str, str], out: Path) -> None:
        """`cdk synth` of the app in `folder` into the cloud assembly `out`.

        Raises:
            LocalError: the synthesis failed.
        """
        values = [word for name, value in context.items() for word in ("-c", f"{name}={value}")]
        # Bundling may need a package index, hence the proxies. CDK's own rules run in `cdk synth` by hand and in CI.
        environment = {**isolation.clean(proxies=True), "CDK_VALIDATION": "false"}
        arguments = ["synth", "--quiet", "--app", app, "--output", str(out), *values]
        self._run(arguments, cwd=folder, what="cdk synth", base=environment)

    def deploy(self, assembly: Path, stacks: Sequence[str]) -> dict[str, dict[str, str]]:
        """`cdk deploy` of stacks of a synthesized app, each as soon as those that it needs are there; their outputs.

        Raises:
            LocalError: a deployment failed; CloudFormation has rolled back.
        """
        outputs = self._state / f"outputs-{stacks[0]}.json"
        outputs.unlink(missing_ok=True)
        arguments = ["deploy", *stacks, "--exclusively", "--require-approval", "never", "--app", str(assembly)]
        arguments += ["--outputs-file", str(outputs), "--progress", "events"]
        if len(stacks) > 1:
            arguments += ["--concurrency", str(_AT_ONCE)]
        self._run(arguments, cwd=self._state, what="cdk deploy")
        named: dict[str, dict[str, str]] = json.loads(outputs.read_text(encoding="utf-8")) if outputs.exists() else {}
        return {stack: named.get(stack, {}) for stack in stacks}

    def destroy(self, assembly: Path, stacks: Sequence[str]) -> None:
        """`cdk destroy` of stacks of a synthesized app.

        Raises:
            LocalError: it failed.
        """
        arguments = ["destroy", *stacks, "--exclusively", "--force", "--app", str(assembly)]
        self._run(arguments, cwd=self._state, what="cdk destroy")

    def _run(self, arguments: Sequence[str], *, cwd: Path, what: str, base: Mapping[str, str] | None = None) -> str:
        environment = self._environment(isolation.clean() if base is None else base, self._aws)
        command: list[str | Path] = [self._node, self._cli, "--no-color", "--no-notices", *arguments]
        return self._commands.run(command, cwd=cwd, env=environment, log=self.log, what=what)

    def _environment(self, base: Mapping[str, str], aws: Mapping[str, str]) -> dict[str, str]:
        path = os.pathsep.join((str(self._node.parent), base.get("PATH", os.defpath)))
        return {**base, **aws, "PATH": path, "JSII_NODE": str(self._node)}


def _node() -> Path:
    node = pinned_node()
    if node is None:
        raise LocalError("the pinned Node.js is not installed: pip install 'roadworthy[cdk,aws,local]'")
    return node
