"""What the exit code of `roadworthy` says: `roadworthy exit-codes` prints this list."""

import enum


class ExitCode(enum.IntEnum):
    """The exit codes of every verb; a code means the same wherever it is met."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> "ExitCode":
        """A code and what it means."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    OK = 0, "done; a deployment succeeded; nothing at the fail level was found"
    FAILED = 1, "it failed: a deployment was rolled back, one of several services failed, something wrong was found"
    FINDINGS = 1, "another name of FAILED, for verbs that search"
    USAGE = 2, "wrong use: arguments, services.toml or an input that cannot be read"
    ROLLBACK_FAILED = 3, "the deployment failed and could not be rolled back: look at once"
    REPLACED = 4, "another deployment of the service took the place of ours"
    STOPPED = 5, "somebody stopped the deployment"
    TIMED_OUT = 6, "the deployment did not end in time; by default it was rolled back"
    PAUSED = 7, "the deployment waits for an approval: `roadworthy rollout continue` or `reject`"
    DECLINED = 8, "the question was not answered with yes, or there was no terminal to ask on"
    BUSY = 9, "another deployment of the service is in progress"
    NOT_FOUND = 10, "no such service, cluster, deployment, task or image"
    ACCESS_DENIED = 11, "the credentials lack a permission; the message names the IAM action"
    NO_AWS = 12, "AWS cannot be asked: no or expired credentials, no network, or throttled to the end"
    FAULT = 70, "a fault of Roadworthy itself: nothing is said about the service; --debug shows where"
    INTERRUPTED = 130, "Ctrl-C: 128 + SIGINT, as shells have it"
