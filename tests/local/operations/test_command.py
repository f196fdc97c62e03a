"""The command as a process of its own, against a FakeEcs over HTTP: exit codes, streams, Ctrl-C, and no traceback."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from roadworthy.testing import FakeEcs, faults
from tests.unit.operations import operate

pytestmark = pytest.mark.e2e
SPEED = 200.0  # virtual seconds in one of the wall's
QUICK = ["--poll", "1s", "--record", "off"]
NO_CREDENTIALS = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "")


@dataclass
class Command:
    """`roadworthy` in a folder, asking a FakeEcs."""

    fake: FakeEcs
    folder: Path
    environment: dict[str, str]

    def start(self, arguments: Sequence[str], **changed: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "roadworthy.cli", *arguments]
        environment = {name: value for name, value in {**self.environment, **changed}.items() if value}
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True
        )

    def run(self, *arguments: str, **changed: str) -> tuple[int, str, str]:
        """The exit code, standard output, standard error."""
        process = self.start(arguments, **changed)
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in out + err
        return process.returncode, out, err


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    folder = tmp_path_factory.mktemp("shop")
    fake = operate.shop(folder).fake
    with fake.serve(speed=SPEED) as url:
        yield Command(fake, folder, fake.environment(url))


@pytest.fixture
def command(served: Command) -> Iterator[Command]:
    yield served
    served.fake.aws.calm()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["list", "--output", "json"], 0),
        (["status", "worker", "--output", "json"], 0),
        (["restart", "worker", *QUICK, "--output", "json"], 0),
        (["diagnose", "worker", "--output", "json"], 0),
        (["history", "worker", "--record", "off", "--output", "json"], 0),
        (["permissions", "restart", "--service", "worker"], 0),
        (["exit-codes", "--output", "json"], 0),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_standard_output_has_the_result_and_nothing_else(command: Command, arguments: list[str], code: int):
    found, out, _ = command.run(*arguments)
    assert (found, bool(json.loads(out))) == (code, True)


def test_a_deployment_that_is_rolled_back_is_exit_code_1_and_its_cause_is_told_meanwhile(command: Command):
    command.fake.script("worker-stage", faults.crash_loop(exit_code=3, logs=["KeyError: 'DB_HOST'"]))
    code, out, err = command.run("restart", "worker", *QUICK, "--output", "json")
    assert (code, json.loads(out)["services"][0]["outcome"]) == (1, "rolled back")
    assert "    | KeyError: 'DB_HOST'\n" in err


def test_an_image_is_rolled_out_and_the_last_line_is_json(command: Command):
    command.fake.add_image("api", "5a5a5a5")
    arguments = ["rollout", "start", "api", "--image", "5a5a5a5", *QUICK]
    code, out, _ = command.run(*arguments)
    assert (code, json.loads(out.splitlines()[-1])["version"]) == (0, "5a5a5a5")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["status", "wroker"], 10, "unknown service `wroker`"),
        (["list", "prdo"], 10, "did you mean `prod`?"),
        (["list", "--cluster", "absent"], 10, "no cluster `absent` in eu-west-1, account 111122223333"),
        (["restart", "worker", "prod"], 8, "it is guarded, and there is no terminal to ask on: pass --yes"),
        (["restart"], 2, "name the services to restart, or pass --all"),
        (["list", "--catalogue", "absent.toml"], 2, "absent.toml"),
        (["list", "--profile", "absent"], 2, "absent"),
        (["list", "--region", "Mars 1"], 2, "'Mars 1' is no AWS region"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_one_line(command: Command, arguments: list[str], code: int, told: str):
    found, out, err = command.run(*arguments)
    assert (found, out, err.count("\n")) == (code, "", 1), err
    assert told in err


@pytest.mark.parametrize("arguments", [["list"], ["restart", "worker", *QUICK]], ids=lambda value: value[0])
def test_without_credentials_it_says_so(command: Command, arguments: list[str]):
    code, out, err = command.run(*arguments, **NO_CREDENTIALS)
    assert (code, (out + err).count("\n")) == (12, 1)
    assert "no usable AWS credentials (Unable to locate credentials): log in" in out + err


@pytest.mark.parametrize("verb", ["list", "deploy"])
def test_an_expired_token_is_one_line(command: Command, verb: str):
    command.fake.aws.expire_token()
    flags = {"restart": QUICK, "deploy": ["--image", "4f1c2ab", *QUICK]}.get(verb, [])
    code, out, err = command.run(verb, *([] if verb == "list" else ["worker"]), *flags)
    assert (code, (out + err).count("\n")) == (12, 1)
    assert "the AWS credentials have expired (ExpiredTokenException): log in again\n" in out + err


def test_an_aws_that_cannot_be_reached_is_one_line(command: Command):
    code, out, err = command.run("status", "worker", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    told = 'Could not connect to the endpoint URL: "http://127.0.0.1:9/"'
    assert (code, out) == (12, "")
    assert err == f"roadworthy: AWS cannot be reached ({told}): check the network and --region\n"


def test_a_third_of_the_calls_throttled_is_no_obstacle(command: Command):
    command.fake.aws.throttle(0.3)
    code, out, _ = command.run("restart", "worker", *QUICK, "--output", "json")
    assert (code, json.loads(out)["ok"]) == (0, True)


def test_a_connection_that_is_dropped_is_no_obstacle(command: Command):
    command.fake.aws.reset_connections(3)
    code, out, _ = command.run("list", "--output", "json")
    assert (code, {row["service"] for row in json.loads(out)}) == (0, {"api", "worker", "mailer"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "services.toml does not exist"),
        ("[environments", "services.toml"),
        ("[environments.stage]\nregion = 7", "region"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_one_line(served: Command, tmp_path: Path, text: str | None, told: str):
    if text is not None:
        (tmp_path / "services.toml").write_text(text)
    code, out, err = Command(served.fake, tmp_path, served.environment).run("list")
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert told in err


def test_a_reader_who_goes_away_is_no_traceback_and_changes_no_exit_code_of_a_deployment(command: Command):
    process = command.start(["restart", "worker", *QUICK])
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert "BrokenPipe" not in err
    assert process.returncode == 0


def until(process: "subprocess.Popen[str]", told: str) -> str:
    """What the process says until it says this."""
    said = ""
    assert process.stderr is not None
    for line in process.stderr:
        said += line
        if told in line:
            return said
    raise AssertionError(said)


def test_ctrl_c_once_says_how_to_follow_and_twice_rolls_back(command: Command):
    command.fake.script("worker-stage", faults.slow_start(1500.0))
    process = command.start(["restart", "worker", *QUICK, "--timeout", "1h", "--output", "json"])
    until(process, "deployment")
    process.send_signal(signal.SIGINT)
    until(process, "`roadworthy watch worker stage`; Ctrl-C again rolls it back")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, json.loads(out)["services"][0]["outcome"]) == (1, "rolled back")
    assert "you asked for it: ECS was asked to roll back" in err
    assert "Traceback" not in err


def test_ctrl_c_ends_a_verb_that_reads_at_once(command: Command):
    command.fake.aws.latency(20.0)
    process = command.start(["list"])
    time.sleep(3)  # until it asks
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (130, "", "")
