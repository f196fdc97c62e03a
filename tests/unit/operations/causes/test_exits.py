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
    assert cause.evidence == reason


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
