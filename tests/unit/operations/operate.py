"""Running the command in process against a FakeEcs, in virtual time."""

import argparse
import importlib
from dataclasses import dataclass, field
from pathlib import Path

from roadworthy.cli import VERBS
from roadworthy.cli.help import HelpFormatter
from roadworthy.errors import RoadworthyError
from roadworthy.operations.context import Context
from roadworthy.operations.records import table
from roadworthy.operations.records.name import NAME
from roadworthy.testing import FakeEcs

SERVICES = """\
project = "shop"

[environments.stage]
region = "eu-west-1"

[environments.prod]
region = "eu-west-1"

[services.api]
kind = "http"
port = 8080

[services.worker]
kind = "worker"

[services.mailer]
kind = "worker"
active = false

[services.nightly]
kind = "scheduled"
schedule = "rate(1 day)"
"""
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:4f1c2ab"
STAGE = "shop-stage-cluster"
PROD = "shop-prod-cluster"


@dataclass
class Answers:
    """A person at the terminal, who gives these answers; without any there is nobody."""

    answers: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def present(self) -> bool:
        return bool(self.answers or self.questions)

    def ask(self, question: str) -> str:
        self.questions.append(question)
        return self.answers.pop(0)


@dataclass
class Shop:
    """The services of services.toml on a FakeEcs."""

    fake: FakeEcs
    terminal: Answers = field(default_factory=Answers)

    def run(self, verb: str, *arguments: str) -> int:
        """The exit code of `roadworthy VERB ...`; an error is raised as it is."""
        module = importlib.import_module(VERBS[verb])
        parser = argparse.ArgumentParser(prog=f"roadworthy {verb}", formatter_class=HelpFormatter)
        module.configure(parser)
        context = Context(self.fake.clock, lambda profile: self.fake.session(), self.terminal)
        return int(module.run(parser.parse_args(arguments), context))

    def code(self, verb: str, *arguments: str) -> int:
        """The exit code, of an error too."""
        try:
            return self.run(verb, *arguments)
        except RoadworthyError as error:
            return int(getattr(error, "exit_code", 2))

    def made(self, operation: str) -> list[dict[str, object]]:
        """The parameters of the calls of an operation, "UpdateService"."""
        return [dict(call.parameters) for call in self.fake.calls if call.operation == operation]


def add_records(fake: FakeEcs) -> None:
    """The table of OperationsStack."""
    fake.neighbours.dynamodb.add_table(
        NAME,
        {table.PARTITION_KEY: "S", table.SORT_KEY: "S"},
        {table.INDEX: {table.INDEX_PARTITION_KEY: "S", table.INDEX_SORT_KEY: "N"}},
    )


def shop(folder: Path) -> Shop:
    """The shop; its services.toml is in the folder."""
    (folder / "services.toml").write_text(SERVICES)
    fake = FakeEcs()
    add_records(fake)
    fake.add_image("api", "4f1c2ab")
    for cluster, environment in ((STAGE, "stage"), (PROD, "prod")):
        fake.add_service(cluster, f"api-{environment}", image=IMAGE, container={"name": "api"})
        fake.add_service(cluster, f"worker-{environment}", image=IMAGE, port=None, container={"name": "worker"})
        fake.add_service(cluster, f"mailer-{environment}", image=IMAGE, port=None, container={"name": "mailer"})
    return Shop(fake)
