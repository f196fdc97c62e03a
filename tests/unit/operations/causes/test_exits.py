import pytest

from roadworthy.operations.causes import cause_of_task

EXITED = ("EssentialContainerExited", "Essential container in task exited")
CODES = [
    (0, "container-finished", "container `api` ended with exit code 0"),
    (1, "container-exited", "container `api` exited with code 1: an error in the application"),
    (2, "container-exited", "container `api` exited with code 2"),
    (126, "command-not-executable", "container `api` exited with code 126: its command may not be executed"),
    (127, "command-not-found", "container `api` exited with code 127: its command does not exist in the image"),
    (134, "container-aborted", "container `api` aborted itself (SIGABRT, exit code 134)"),
    (
        137,
        "container-killed",
        "container `api` was killed (SIGKILL, exit code 137): too little memory, or too slow to stop",
    ),
    (139, "segmentation-fault", "container `api` accessed memory that is not its own (SIGSEGV, exit code 139)"),
    (143, "container-terminated", "container `api` was asked to end (SIGTERM, exit code 143)"),
]


@pytest.mark.parametrize(("code", "kind", "what"), CODES)
def test_an_exit_code_is_explained(stopped, code, kind, what):
    cause = cause_of_task(stopped(*EXITED, exitCode=code))
    assert (cause.kind, cause.what) == (kind, what)


def test_a_container_that_ran_out_of_memory_is_told_from_one_that_was_killed(stopped):
    reason = "OutOfMemoryError: Container killed due to memory usage"
    cause = cause_of_task(stopped(*EXITED, exitCode=137, reason=reason))
    assert cause.what == "container `api` used more memory than it has, and was killed"
    assert cause.evidence == f"EssentialContainerExited: {EXITED[1]}; api: exit code 137; {reason}"


def test_a_task_that_says_itself_that_it_ran_out_of_memory_is_told_from_one_that_was_killed(stopped):
    reason = "OutOfMemoryError: container killed due to memory usage"
    assert cause_of_task(stopped("EssentialContainerExited", reason, exitCode=137)).kind == "out-of-memory"


@pytest.mark.parametrize(
    "why",
    ["no users found", "open /tmp/x/etc/passwd: no such file or directory", "unable to find user app: no matching"],
)
def test_a_user_that_the_image_does_not_have_is_no_missing_command(stopped, why):
    reason = f"CannotStartContainerError: ResourceInitializationError: unable to create new container: {why}"
    cause = cause_of_task(stopped("TaskFailedToStart", "Task failed to start", reason=reason))
    assert (cause.kind, cause.what) == ("user-missing", "the image does not have the user that container `api` runs as")


def test_the_container_that_failed_is_named_not_those_that_it_took_along(stopped):
    cause = cause_of_task(stopped(*EXITED, {"name": "proxy", "exitCode": 3}, exitCode=143))
    assert cause.what == "container `proxy` exited with code 3"


def test_a_log_tells_that_the_image_is_for_another_processor(stopped):
    log = ["exec /usr/local/bin/python: exec format error"]
    cause = cause_of_task(stopped(*EXITED, exitCode=255), log=log)
    assert cause.kind == "image-platform-mismatch"
    assert cause.what.endswith("/api:4f1c2ab` is built for another processor than the task's")


def test_a_command_that_the_image_does_not_have_is_named(stopped):
    reason = (
        "CannotStartContainerError: ResourceInitializationError: runc create failed: unable to start container "
        'process: exec: "npm run start": executable file not found in $PATH: unknown'
    )
    cause = cause_of_task(stopped("TaskFailedToStart", "Task failed to start", reason=reason))
    assert (cause.kind, cause.what) == ("command-not-found", "the image has no command `npm run start`")


def test_the_same_crash_of_two_tasks_is_one_cause(stopped):
    first, second = stopped(*EXITED, exitCode=1), stopped(*EXITED, exitCode=1, reason="Something else")
    assert cause_of_task(first) == cause_of_task(second)


LAST_LINES = [
    ("Error: listen EADDRINUSE: address already in use :::8080", "port-in-use"),
    ("OSError: [Errno 30] Read-only file system: '/app/cache'", "file-system-read-only"),
    ("OSError: [Errno 28] No space left on device", "storage-full"),
    ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "out-of-memory"),
    ('Exception in thread "main" java.lang.OutOfMemoryError: Java heap space', "out-of-memory"),
    ("ModuleNotFoundError: No module named 'fastapi'", "module-missing"),
    ("Error: Cannot find module 'express'", "module-missing"),
    ("KeyError: 'DATABASE_URL'", "variable-missing"),
    ("panic: required environment variable REDIS_URL is not set", "variable-missing"),
    ('FATAL: password authentication failed for user "shop"', "login-refused"),
    ("Error: connect ECONNREFUSED 10.0.1.5:5432", "dependency-unreachable"),
    ("dial tcp: lookup db.internal on 10.0.0.2:53: no such host", "dependency-unreachable"),
    ("2026/11/22 10:00:00 listen tcp :80: bind: permission denied", "port-forbidden"),
    ("Error: listen EACCES: permission denied 0.0.0.0:80", "port-forbidden"),
    ("Error: EACCES: permission denied, open '/app/data/cache.json'", "file-access-denied"),
    ("PermissionError: [Errno 13] Permission denied: '/var/cache/app'", "file-access-denied"),
    ('psycopg2.OperationalError: FATAL: database "shop" does not exist', "database-missing"),
    ('FATAL: no pg_hba.conf entry for host "10.0.1.5", user "api", database "shop", no encryption', "login-refused"),
    ("PrismaClientInitializationError: Can't reach database server at `db`:`5432`", "dependency-unreachable"),
    ("botocore.exceptions.NoCredentialsError: Unable to locate credentials", "credentials-missing"),
    ("pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings", "variable-missing"),
    ("IllegalArgumentException: Could not resolve placeholder 'DB_URL' in value \"${DB_URL}\"", "variable-missing"),
    ("ERROR: permission denied for table orders", "container-exited"),
    ("ValueError: port must be a number", "container-exited"),
    ("panic: runtime error: index out of range [3] with length 3", "container-exited"),
]


@pytest.mark.parametrize(("line", "kind"), LAST_LINES)
def test_the_line_that_tells_of_the_end_is_quoted(stopped, line, kind):
    cause = cause_of_task(stopped(*EXITED, exitCode=1), log=["started", line, "bye"])
    assert (cause.kind, cause.what) == (kind, f"container `api` exited with code 1: {line}")


def test_a_permission_that_the_application_lacks_is_named_with_its_role(stopped):
    line = (
        "botocore.errorfactory.AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/api-task/01 is not "
        "authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
    )
    cause = cause_of_task(stopped(*EXITED, exitCode=1), log=[line])
    assert cause.next_step == (
        "Allow dynamodb:GetItem on `arn:aws:dynamodb:eu-west-1:111122223333:table/orders` to role `api-task`"
    )


def test_a_log_that_tells_nothing_leaves_the_exit_code(stopped):
    cause = cause_of_task(stopped(*EXITED, exitCode=1), log=["listening on 8080", "GET /health 200"])
    assert cause.what == "container `api` exited with code 1: an error in the application"


def test_a_container_that_was_killed_is_not_blamed_on_its_log(stopped):
    cause = cause_of_task(stopped(*EXITED, exitCode=137), log=["ValueError: port must be a number"])
    assert cause.kind == "container-killed"


@pytest.mark.parametrize(
    "line",
    [
        "standard_init_linux.go:228: exec user process caused: no such file or directory",
        "exec /entrypoint.sh: no such file or directory",
    ],
)
def test_a_script_without_its_interpreter_is_told_as_that(stopped, line):
    cause = cause_of_task(stopped(*EXITED, exitCode=1), log=[line])
    assert cause.what == "the command of container `api` is a script whose interpreter the image does not have"
