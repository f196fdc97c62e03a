"""What needs no emulator: names, images, addresses, isolation, the reaper, validation messages."""

import dataclasses
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.local import isolation
from roadworthy.local.app import App, ImagePush
from roadworthy.local.commands import Commands
from roadworthy.local.errors import LocalError
from roadworthy.local.fargate.addresses import Addresses, NoAddressError
from roadworthy.local.images import LocalImage, NotALocalImageError
from roadworthy.local.json_schema import violations
from roadworthy.local.names import localise_apis
from roadworthy.local.reaper import reap
from roadworthy.local.signed_http import Answer

API = "https://abc123.execute-api.eu-west-1.amazonaws.com/v1"


def test_an_api_outside_a_vpc_is_the_public_door():
    assert localise_apis(API, port=1) == "http://127.0.0.1:1/_aws/execute-api/abc123/v1"


def test_an_api_inside_a_vpc_is_the_endpoints_door():
    assert localise_apis(API, port=1, endpoint="vpce-9") == "http://127.0.0.1:1/_vpce/vpce-9/abc123/v1"


def test_an_api_named_with_its_endpoint_is_that_endpoints_door():
    named = API.replace("abc123", "abc123-vpce-0a")
    assert localise_apis(named, port=1) == "http://127.0.0.1:1/_vpce/vpce-0a/abc123/v1"


@given(st.text())
def test_a_value_without_an_aws_name_stays_as_it_is(text):
    assert localise_apis(text, port=1) == text


@given(st.lists(st.text(), min_size=1), st.text(), st.integers(1, 65535))
def test_an_image_comes_back_out_of_its_manifest(argv, cwd, port):
    image = LocalImage(argv=tuple(argv), cwd=cwd, port=port)
    assert LocalImage.parse(image.manifest()) == image


@pytest.mark.parametrize("manifest", ["", "{}", "[]", '{"annotations": {"roadworthy.local/argv": "x"}}'])
def test_another_manifest_is_not_a_local_image(manifest):
    with pytest.raises(NotALocalImageError, match="has no local command"):
        LocalImage.parse(manifest)


def test_a_command_gets_its_address():
    image = LocalImage(argv=("serve", "{host}:{port}", "{other}"), cwd="/", port=80)
    assert image.command("127.1.2.3") == ["serve", "127.1.2.3:80", "{other}"]


def test_two_emulators_never_share_an_address():
    assert Addresses(4566).take() == "127.17.214.10"
    assert Addresses(4567).take() == "127.17.215.10"


def test_an_address_that_was_given_back_is_used_last():
    addresses = Addresses(4566)
    first = addresses.take()
    addresses.give_back(first)
    assert addresses.take() != first


def test_the_addresses_end():
    addresses = Addresses(4566)
    taken = {addresses.take() for _ in range(245)}
    assert len(taken) == 245
    with pytest.raises(NoAddressError, match="no free addresses"):
        addresses.take()


def test_the_users_aws_settings_do_not_pass(monkeypatch):
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "CDK_DEFAULT_ACCOUNT", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "the-users")
    assert "the-users" not in isolation.clean().values()


def test_aws_tools_get_no_settings_file_of_the_user(tmp_path):
    variables = isolation.aws(tmp_path, port=4566, region="eu-west-1")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        assert (tmp_path / variables[name]).read_bytes() == b""


@pytest.mark.parametrize(
    "url", ["https://sts.amazonaws.com", "http://10.0.0.1:4566", "http://localhost.example", "127.0.0.1", ""]
)
def test_an_address_beyond_loopback_is_refused(url):
    with pytest.raises(LocalError, match="is not a loopback address"):
        isolation.require_loopback(url)


def test_the_reaper_kills_what_is_left_and_removes_the_folder(tmp_path):
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    left, ended = (subprocess.Popen(sleeper, start_new_session=True) for _ in range(2))
    (tmp_path / "work").mkdir()
    reap(io.StringIO(f"+{left.pid}\n+{ended.pid}\n-{ended.pid}\n"), tmp_path / "work")
    assert left.wait() == -9
    assert ended.poll() is None
    assert not (tmp_path / "work").exists()
    ended.kill()
    ended.wait()


def run(commands, code, tmp_path):
    return commands.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=dict(os.environ), log=tmp_path / "log", what="the step"
    )


def test_a_tools_output_is_answered_and_logged(tmp_path):
    assert run(Commands(), "print('hello')", tmp_path) == "hello\n"
    assert (tmp_path / "log").read_text() == "hello\n"


def test_a_failed_tool_is_told_by_the_line_that_says_why(tmp_path):
    code = "print('start\\n ❌  Stack failed: no image\\nbye'); raise SystemExit(1)"
    with pytest.raises(LocalError, match="the step failed: ❌  Stack failed: no image") as told:
        run(Commands(), code, tmp_path)
    assert told.value.detail.endswith("bye")


def test_a_failed_resource_is_told_by_its_stack_type_path_and_reason(tmp_path):
    event = "Stack | 1/9 | 3:50:12 AM | CREATE_FAILED | AWS::SQS::Queue | Queue/Resource (Queue1) no such key"
    with pytest.raises(LocalError, match=r"failed: Stack: AWS::SQS::Queue Queue/Resource \(Queue1\) no such key"):
        run(Commands(), f"print({event!r}); raise SystemExit(1)", tmp_path)


def test_a_tool_that_does_not_exist_is_told_in_one_line(tmp_path):
    with pytest.raises(LocalError, match="the step failed: /no/such cannot be started: No such file"):
        Commands().run(["/no/such"], cwd=tmp_path, env={}, log=tmp_path / "log", what="the step")


def test_nothing_starts_after_the_end(tmp_path):
    commands = Commands()
    commands.kill()
    with pytest.raises(LocalError, match="stopped"):
        run(commands, "print()", tmp_path)


@pytest.mark.parametrize(
    ("header", "hops"),
    [
        ("dynamodb;dur=5.1, query-result;dur=6", [("dynamodb", 5.1), ("query-result", 6.0)]),
        ("cache", []),
        ("", []),
    ],
)
def test_the_hops_are_read_from_server_timing(header, hops):
    assert Answer(200, None, {"server-timing": header}, 0.1).hops == hops


VIOLATIONS = [
    ({"required": ["b", "a"]}, {}, 'object has missing required properties (["a","b"])'),
    ({"type": "string"}, 1, 'instance type (integer) does not match any allowed primitive type (allowed: ["string"])'),
    ({"minimum": 1}, 0, "numeric instance is lower than the required minimum (minimum: 1, found: 0)"),
    ({"maximum": 100}, 101, "numeric instance is greater than the required maximum (maximum: 100, found: 101)"),
    ({"minLength": 1}, "", 'string "" is too short (length: 0, required minimum: 1)'),
    ({"maxLength": 1}, "ab", 'string "ab" is too long (length: 2, maximum allowed: 1)'),
    ({"enum": ["A"]}, "B", 'instance value ("B") not found in enum (possible values: ["A"])'),
    ({"properties": {"a": {"type": "null"}}}, {"a": None}, None),
    (
        {"additionalProperties": False, "properties": {"a": {}}},
        {"a": 1, "b": 2},
        'object instance has properties which are not allowed by the schema: ["b"]',
    ),
]


@pytest.mark.parametrize(("schema", "value", "said"), VIOLATIONS)
def test_a_violation_is_told_in_the_gateways_words(schema, value, said):
    assert list(violations(schema, value)) == ([said] if said else [])


def test_stacks_are_deployed_together_up_to_where_images_are_pushed():
    push = ImagePush(after="Images", repository="api", tag="1", argv=("serve",), cwd=Path())
    app = App(folder=Path(), command="", region="eu-west-1", stacks=("Images", "Network", "Api"), images=(push,))
    assert app.steps() == [("Images",), ("Network", "Api")]
    assert dataclasses.replace(app, images=()).steps() == [("Images", "Network", "Api")]
