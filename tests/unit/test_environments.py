import contextlib
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.catalogue import Catalogue
from roadworthy.environments import Environment, EnvironmentsError, ExistingTables, Notifications

STAGE = '[environments.stage]\nregion = "eu-west-1"\navailability_zones = ["eu-west-1a", "eu-west-1b"]\n'
STREAM = "arn:aws:dynamodb:eu-west-1:111122223333:table/command-records/stream/2026-01-01T00:00:00.000"


@pytest.fixture
def load(tmp_path):
    def load(text: str, name: str | None = "stage") -> Environment:
        path = tmp_path / "services.toml"
        path.write_text(text, encoding="utf-8")
        return Environment.load(name, path=path)

    return load


def test_the_repositorys_own_file_has_stage_by_default_and_a_guarded_prod():
    path = Path(__file__).parents[2] / "services.toml"
    assert Environment.load(path=path).name == "stage"
    assert Environment.load("prod", path=path).guarded is True


def test_settings_have_documented_defaults(load):
    stage = load(STAGE)
    assert (stage.account, stage.log_retention_days, stage.guarded, stage.existing_tables) == (None, 30, False, None)


def test_the_repositorys_own_names_are_those_of_the_stack():
    catalogue = Catalogue.load(Path(__file__).parents[2] / "services.toml")
    entry = catalogue.service("query-service", "prod")
    assert (entry.cluster, entry.name, entry.container) == ("query-service-cluster", "query-service", "ecs-handler")


def test_who_is_told_is_read(load):
    told = load(f'{STAGE}[environments.stage.notifications]\nemails = ["a@example.com"]\nslack_secret = "shop/slack"\n')
    assert told.notifications == Notifications(("a@example.com",), "shop/slack")
    assert load(STAGE).notifications == Notifications()


def test_existing_tables_are_read(load):
    tables = load(f'{STAGE}[environments.stage.existing_tables]\ncommand_stream_arn = "{STREAM}"\n').existing_tables
    assert tables == ExistingTables(STREAM)


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("x = [", "stage", "is not TOML"),
        ("", "stage", "no [environments.NAME] table"),
        ("environments = 3", "stage", "no [environments.NAME] table"),
        (STAGE, "stagee", "no environment `stagee`; did you mean `stage`?"),
        (STAGE, "qa-7", "no environment `qa-7`; known: stage"),
        (STAGE.replace("stage", "a") + STAGE.replace("stage", "b"), None, "no `default_environment`: name one of a, b"),
        (f"default_environment = 'stage'\n{STAGE}", "", "the environment's name is empty"),
        ("[environments]\nstage = 3", "stage", "must be a table"),
        (f"{STAGE}colour = 'red'\n", "stage", "unknown key `colour`"),
        (STAGE.replace("eu-west-1b", "us-east-1b"), "stage", "`us-east-1b` is not in eu-west-1"),
        (STAGE.replace('"eu-west-1a", ', ""), "stage", "name two or more different zones"),
        (STAGE.replace("eu-west-1b", "eu-west-1a"), "stage", "name two or more different zones"),
        (STAGE.replace('"eu-west-1"', '"Europe"'), "stage", "region = 'Europe'"),
        (f"{STAGE}account = 111122223333\n", "stage", "account = 111122223333"),
        (f"{STAGE}account = '123'\n", "stage", "account = '123'"),
        (f"{STAGE}log_retention_days = 31\n", "stage", "log_retention_days = 31 is not one"),
        (f"{STAGE}log_retention_days = true\n", "stage", "log_retention_days = True is not one"),
        (f"{STAGE}guarded = 'yes'\n", "stage", "guarded = 'yes': it must be true or false"),
        (f'{STAGE}[environments.stage.notifications]\nemails = ["oncall"]\n', "stage", "`oncall` is no e-mail address"),
        (f"{STAGE}[environments.stage.notifications]\nslack_secret = 5\n", "stage", "the name of a secret"),
        (f'{STAGE}[environments.stage.notifications]\nemail = ""\n', "stage", "did you mean `emails`"),
        (f"{STAGE}existing_tables = 3\n", "stage", "must be a table"),
        (f"{STAGE}[environments.stage.existing_tables]\n", "stage", "`command_stream_arn` is missing"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_value(load, text, name, message):
    with pytest.raises(EnvironmentsError) as told:
        load(text, name)
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(EnvironmentsError, match="does not exist"):
        Environment.load("stage", path=tmp_path / "services.toml")


def test_a_file_that_is_no_text_is_told(tmp_path):
    path = tmp_path / "services.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EnvironmentsError, match="byte 0xff is no UTF-8"):
        Environment.load("stage", path=path)


keys = st.sampled_from(["region", "availability_zones", "account", "guarded", "log_retention_days", "existing_tables"])
values = st.sampled_from(['"eu-west-1"', "[]", "{}", "0", "-1", "true", "1.5", "1979-05-27", '["a", "b"]', "nan", '""'])


@given(st.dictionaries(keys | st.text(string.ascii_lowercase, min_size=1), values))
def test_no_setting_ends_in_anything_but_our_own_error(tmp_path_factory, settings):
    path = tmp_path_factory.mktemp("settings") / "services.toml"
    path.write_text("[environments.stage]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()))
    with contextlib.suppress(EnvironmentsError):
        Environment.load("stage", path=path)
