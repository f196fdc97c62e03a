"""`roadworthy deploy`, against a simulated ECS."""

import os
import signal
import stat
from pathlib import Path

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.errors import RoadworthyError
from roadworthy.operations.errors import CancelledError, NotFoundError, OperationError
from roadworthy.operations.image_reference import ImageReferenceError
from roadworthy.testing import faults
from tests.unit.operations.operate import STAGE, Shop

NEW = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:9d8e7f6"


@pytest.fixture(autouse=True)
def new_image(shop: Shop) -> None:
    shop.fake.add_image("api", "9d8e7f6")


def images(shop: Shop) -> list[str]:
    """The images of the containers that were registered."""
    return [each["image"] for made in shop.made("RegisterTaskDefinition") for each in made["containerDefinitions"]]


def test_the_new_revision_has_another_image_and_is_the_same_else(shop: Shop):
    assert shop.run("deploy", "api", "--image", "9d8e7f6") == ExitCode.OK
    ecs = shop.fake.session().client("ecs")
    old, new = (
        ecs.describe_task_definition(taskDefinition=f"api-stage:{revision}")["taskDefinition"] for revision in (1, 2)
    )
    assert new["containerDefinitions"][0].pop("image") == NEW
    old["containerDefinitions"][0].pop("image")
    of_aws = ("taskDefinitionArn", "revision", "registeredAt", "registeredBy")
    assert {name: old[name] for name in old if name not in of_aws} == {
        name: new[name] for name in new if name not in of_aws
    }


def test_the_service_is_updated_once_to_the_new_revision(shop: Shop):
    shop.run("deploy", "api", "--image", "9d8e7f6")
    (update,) = shop.made("UpdateService")
    assert update["taskDefinition"].endswith("task-definition/api-stage:2")
    assert "forceNewDeployment" not in update


def test_a_digest_takes_the_place_of_the_tag(shop: Shop):
    digest = shop.fake.add_image("api", "other")
    shop.run("deploy", "api", "--image", digest)
    assert images(shop) == [f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api@{digest}"]


@pytest.mark.parametrize("image", ["latest", "api:latest", "", "a b", "api@sha256:12"])
def test_an_image_that_is_not_pinned_or_none_is_refused(shop: Shop, image: str):
    with pytest.raises(ImageReferenceError if image else RoadworthyError):
        shop.run("deploy", "api", "--image", image)


def test_an_image_that_is_not_in_ecr_is_not_deployed(shop: Shop, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(OperationError, match="nothing was deployed: 1 check failed"):
        shop.run("deploy", "api", "--image", "0000000")
    assert "image-tag-missing" in capsys.readouterr().err
    assert (shop.made("RegisterTaskDefinition"), shop.made("UpdateService")) == ([], [])


def test_an_image_of_another_architecture_is_not_deployed(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.add_image("api", "arm", architectures=["arm64"])
    assert shop.code("deploy", "api", "--image", "arm") == ExitCode.FAILED
    assert "image-platform-mismatch" in capsys.readouterr().err


def test_checks_can_be_left_out(shop: Shop):
    assert shop.run("deploy", "api", "--image", "0000000", "--no-checks") == ExitCode.OK


def test_the_image_that_runs_already_is_started_anew(shop: Shop):
    shop.run("deploy", "api", "--image", "4f1c2ab")
    assert shop.made("RegisterTaskDefinition") == []
    assert [update["forceNewDeployment"] for update in shop.made("UpdateService")] == [True]


def test_a_revision_that_could_not_be_deployed_is_taken_back(shop: Shop):
    shop.fake.aws.deny("ecs:UpdateService")
    assert shop.run("deploy", "api", "--image", "9d8e7f6") == ExitCode.ACCESS_DENIED
    assert [made["taskDefinition"].rpartition("/")[2] for made in shop.made("DeregisterTaskDefinition")] == [
        "api-stage:2"
    ]


def test_a_deployment_that_ecs_rolls_back_fails(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.crash_loop(3))
    assert shop.run("deploy", "api", "--image", "9d8e7f6") == ExitCode.FAILED
    assert "✗ api stage: rolled back" in capsys.readouterr().out


def test_restart_only_registers_nothing(shop: Shop):
    assert shop.run("deploy", "api", "--type", "restart-only") == ExitCode.OK
    assert shop.made("RegisterTaskDefinition") == []


@pytest.mark.parametrize("arguments", [["--type", "restart-only", "--image", "x"], []])
def test_types_that_contradict_the_rest_are_refused(shop: Shop, arguments: list[str]):
    with pytest.raises(RoadworthyError, match="--image"):
        shop.run("deploy", "api", *arguments)


def test_one_of_several_containers_must_be_named(shop: Shop):
    with pytest.raises(NotFoundError, match="no container `db`; it has api"):
        shop.run("deploy", "api", "--image", "9d8e7f6", "--container", "db")


def test_a_service_that_is_not_active_is_skipped_with_a_warning(shop: Shop, capsys: pytest.CaptureFixture[str]):
    assert shop.run("deploy", "mailer", "--image", "9d8e7f6") == ExitCode.OK
    assert "mailer is not active" in capsys.readouterr().err
    assert shop.made("UpdateService") == []


def test_ctrl_c_between_two_steps_ends_it(shop: Shop):
    other = shop.fake.session().client("ecs")
    other.update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    shop.fake.clock.after(5, lambda: signal.raise_signal(signal.SIGINT))
    assert shop.run("deploy", "api", "--image", "9d8e7f6", "--if-busy", "wait") == ExitCode.BUSY
    assert shop.made("RegisterTaskDefinition") == []
    assert CancelledError.exit_code == ExitCode.INTERRUPTED


def test_a_dry_run_tells_the_commands_of_docker_and_changes_nothing(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    shop.run("deploy", "api", "prod", "--image", "1a2b3c4", "--build", str(tmp_path), "--dry-run")
    out = capsys.readouterr().out.splitlines()
    image = NEW.replace("9d8e7f6", "1a2b3c4")
    assert out[0] == f"would run docker build --platform linux/amd64 --tag {image} {tmp_path}"
    assert out[2] == f"would run docker push {image}"
    assert out[3].startswith("would register api-prod anew, container api: ")
    assert not {call.operation for call in shop.fake.calls} & {"UpdateService", "RegisterTaskDefinition", "PutItem"}


def docker(folder: Path, script: str) -> str:
    """A `docker` that notes its arguments in the folder; the PATH with it."""
    command = folder / "docker"
    command.write_text(f'#!/bin/sh\necho "$@" >> {folder}/calls\n{script}\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM scratch\n")
    return folder


def test_an_image_is_built_and_pushed_with_the_password_of_ecr(
    shop: Shop, tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
):
    shop.fake.backend.register("ecr", "GetAuthorizationToken", lambda asked: AUTHORIZATION)
    keeps_password = f'if [ "$1" = login ]; then cat > {tmp_path}/password; fi'
    monkeypatch.setenv("PATH", docker(tmp_path, keeps_password))
    shop.fake.add_image("api", "1a2b3c4")
    assert shop.run("deploy", "api", "--image", "1a2b3c4", "--build", str(sources)) == ExitCode.OK
    calls = (tmp_path / "calls").read_text().splitlines()
    assert [call.split()[0] for call in calls] == ["build", "login", "push"]
    assert "letmein" not in "".join(calls)
    assert (tmp_path / "password").read_text() == "letmein"


def test_a_build_that_fails_deploys_nothing(shop: Shop, tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", docker(tmp_path, "exit 3"))
    with pytest.raises(OperationError, match="ended with 3: nothing was deployed"):
        shop.run("deploy", "api", "--image", "1a2b3c4", "--build", str(sources))
    assert shop.made("UpdateService") == []


def test_without_docker_it_is_told_what_to_do(
    shop: Shop, tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OperationError, match="--build needs the command `docker`, which is not on the PATH"):
        shop.run("deploy", "api", "--image", "1a2b3c4", "--build", str(sources))


def test_a_folder_without_a_dockerfile_is_refused(shop: Shop, tmp_path: Path):
    with pytest.raises(NotFoundError, match="there is no Dockerfile"):
        shop.run("deploy", "api", "--image", "1a2b3c4", "--build", str(tmp_path / "nowhere"))


AUTHORIZATION = {"authorizationData": [{"authorizationToken": "QVdTOmxldG1laW4="}]}  # AWS:letmein


def test_tags_of_aws_are_not_written_by_us(shop: Shop):
    ecs = shop.fake.session().client("ecs")
    arn = ecs.describe_task_definition(taskDefinition="api-stage:1")["taskDefinition"]["taskDefinitionArn"]
    tags = [{"key": "aws:cloudformation:stack-name", "value": "Stage"}, {"key": "team", "value": "shop"}]
    ecs.tag_resource(resourceArn=arn, tags=tags)
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks")
    assert shop.made("RegisterTaskDefinition")[0]["tags"] == tags[1:]


def test_a_revision_that_cannot_be_taken_back_is_said_with_what_went_wrong(
    shop: Shop, capsys: pytest.CaptureFixture[str]
):
    shop.fake.aws.deny("ecs:UpdateService")
    shop.fake.aws.deny("ecs:DeregisterTaskDefinition")
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks")
    told = capsys.readouterr().out
    assert "the credentials lack ecs:UpdateService" in told
    assert "revision api-stage:2 stays registered" in told
