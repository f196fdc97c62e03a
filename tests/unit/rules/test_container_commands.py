"""Rules on what a container runs: words for a shell that is not there, and commands that end."""

import pytest

OPEN = {"Ref": "Open"}
SECTIONS = {
    "Parameters": {"Open": {"Type": "String"}, "Line": {"Type": "String", "Default": "npm start"}},
    "Conditions": {"A": {"Fn::Equals": [OPEN, "a"]}},
}
NOT_EXEC, ONE_SHOT = "command-not-exec-form", "one-shot-container-essential"
PORT = [{"Name": "PORT", "Value": "80"}]

FOR_A_SHELL = {
    "a line": ({"Command": ["npm run start"]}, "the whole line `npm run start` as one word in its command"),
    "a line as entry point": ({"EntryPoint": ["sh -c"]}, "the whole line `sh -c` as one word in its entry point"),
    "and": ({"Command": ["alembic", "upgrade", "&&", "uvicorn"]}, "the shell's `&&` in its command"),
    "a pipe": ({"EntryPoint": ["serve"], "Command": ["x", "|", "tee"]}, "the shell's `|` in its command"),
    "a variable": ({"Command": ["serve", "-b", ":$PORT"], "Environment": PORT}, "the shell's `$PORT` in its command"),
    "a braced variable": ({"Command": ["serve", "${PORT}"], "Environment": PORT}, "the shell's `$PORT`"),
    "a secret": ({"Command": ["x", "$KEY"], "Secrets": [{"Name": "KEY", "ValueFrom": "x"}]}, "the shell's `$KEY`"),
    "in a branch": ({"Command": {"Fn::If": ["A", ["npm run x"], ["npm"]]}}, "the whole line `npm run x` as one word"),
}
FOR_NO_SHELL = {
    "words": {"Command": ["npm", "run", "start"]},
    "one word": {"Command": ["serve"]},
    "a shell": {"Command": ["sh", "-c", "a && b | c $PORT"], "Environment": PORT},
    "a shell by its path": {"Command": ["/bin/bash", "-lc", "a && b"]},
    "a shell as entry point": {"EntryPoint": ["sh", "-c"], "Command": ["npm run start"]},
    "a shell behind another program": {"Command": ["tini", "--", "sh", "-c", "a && b"]},
    "an unknown entry point": {"EntryPoint": OPEN, "Command": ["npm run start"]},
    "an unknown program": {"EntryPoint": [OPEN], "Command": ["npm run start"]},
    "a line for an entry point": {"EntryPoint": ["/start.sh"], "Command": ["npm run start"]},
    "an option": {"Command": ["--config a b"]},
    "a placeholder": {"Command": ["serve", "$PORT"]},
    "a sum of money": {"Command": ["pay", "$100"], "Environment": PORT},
    "an operator as text": {"Command": ["grep", "a|b"]},
    "unknown": {"Command": [OPEN]},
    "empty": {"Command": []},
}
ENDING = [
    ["alembic", "upgrade", "head"],
    ["alembic", "-c", "x.ini", "upgrade", "head"],
    ["python", "manage.py", "migrate"],
    ["python", "-m", "orders.migrate"],
    ["bundle", "exec", "rake", "db:migrate"],
    ["npm", "run", "migrate"],
    ["npx", "prisma", "migrate", "deploy"],
    ["flyway", "-url=x", "migrate"],
    ["aws", "s3", "cp", "s3://x/y", "/y"],
    ["chown", "-R", "1000", "/data"],
    ["sh", "-c", "mkdir -p /data && chown app /data"],
    ["sh", "-c", "echo ready; exit 0"],
]
GOING_ON = [
    ["npm", "start"],
    ["sh", "-c", "alembic upgrade head && uvicorn app"],
    ["sh", "-c", "python manage.py migrate; python manage.py runserver"],
    ["sh", "-c", "cp a b && nginx"],
    ["python", "manage.py", "runserver"],
    ["npm", "run", "migrate-and-start"],
    ["sh", "-c", "sleep 10 & exit 0"],
    ["/start.sh", "migrate"],
    [OPEN],
    [],
]


@pytest.mark.parametrize("case", FOR_A_SHELL)
def test_words_for_a_shell_that_is_not_started_are_a_warning(found, task, case):
    container, expected = FOR_A_SHELL[case]
    ((severity, message),) = found(NOT_EXEC, task(**container), **SECTIONS)
    assert severity == "warning"
    assert expected in message


@pytest.mark.parametrize("case", FOR_NO_SHELL)
def test_words_that_may_be_meant_so_are_silent(found, task, case):
    assert found(NOT_EXEC, task(**FOR_NO_SHELL[case]), **SECTIONS) == []


def test_the_message_says_where_and_by_which_default(found, task):
    findings = found(NOT_EXEC, task(Command=[{"Ref": "Line"}]), **SECTIONS)
    message = "container `api` has the whole line `npm start` as one word in its command, without a shell"
    assert findings == [("warning", f"{message} (by the default of parameter `Line`)")]


def beside(command, server=None, **container):
    containers = [{"Name": "job", "Image": "x:1", "Command": command, **container}]
    containers += [server] if server else []
    return {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": containers}}}


API = {"Name": "api", "Image": "x:1"}


@pytest.mark.parametrize("command", ENDING, ids=" ".join)
def test_an_essential_container_that_ends_beside_a_server_is_a_warning(found, command):
    findings = found(ONE_SHOT, beside(command, API))
    message = f"container `job` is essential and ends by itself: it runs `{' '.join(command)}`"
    assert findings == [("warning", message)]


@pytest.mark.parametrize("command", GOING_ON, ids=str)
def test_a_command_that_may_go_on_is_silent(found, command):
    assert found(ONE_SHOT, beside(command, API), **SECTIONS) == []


@pytest.mark.parametrize(
    ("server", "container"),
    [
        (None, {}),
        (API, {"Essential": False}),
        (API, {"Essential": OPEN}),
        ({**API, "Essential": False}, {}),
        ({**API, "Command": ["cp", "a", "b"]}, {}),
    ],
)
def test_a_task_that_is_meant_to_end_is_silent(found, server, container):
    assert found(ONE_SHOT, beside(["alembic", "upgrade", "head"], server, **container), **SECTIONS) == []
