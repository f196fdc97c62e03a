"""What an application's last lines tell of its end, in the words of common runtimes, drivers and servers.

Sources: https://nodejs.org/api/errors.html#common-system-errors
https://docs.python.org/3/library/exceptions.html
https://www.postgresql.org/docs/current/server-start.html#CLIENT-CONNECTION-PROBLEMS
https://dev.mysql.com/doc/refman/8.4/en/error-access-denied.html
"""

from roadworthy.operations.causes.wording import ANYTHING, Family, Wording

WHAT = "{container} exited with code {code}: {line}"

APPLICATION = Family(
    ANYTHING,
    (
        Wording(
            "port-in-use",
            r"EADDRINUSE|address already in use|port \d+ (?:is )?already in use",
            WHAT,
            "Let each process of the task listen on a port of its own",
        ),
        Wording(
            "file-system-read-only",
            r"EROFS|read-only file system",
            WHAT,
            "Mount a writable volume at that path, or unset readonlyRootFilesystem",
        ),
        Wording("storage-full", r"ENOSPC|no space left on device", WHAT, "Raise ephemeralStorage, or write less"),
        Wording(
            "out-of-memory",
            r"java\.lang\.OutOfMemoryError|heap out of memory|\bMemoryError\b|fatal error: out of memory",
            WHAT,
            "Raise the task's memory, and let the runtime's heap fit into it",
        ),
        Wording(
            "module-missing",
            r"No module named|Cannot find (?:module|package)|ClassNotFoundException|cannot load such file|"
            r"cannot open shared object file|Could not find or load main class",
            WHAT,
            "Build the image with everything that the application loads",
        ),
        Wording(
            "variable-missing",
            r"KeyError: '[A-Z][A-Z0-9]*_[A-Z0-9_]+'|"
            r"env(?:ironment)? ?var(?:iable)?s?\b.*(?:not set|not defined|missing|required|undefined)|"
            r"(?:missing|required|undefined) env(?:ironment)? ?var",
            WHAT,
            "Add the variable to the container's environment or secrets",
        ),
        Wording(
            "login-refused",
            r"password authentication failed|Access denied for user|Login failed for user|WRONGPASS|NOAUTH|"
            r"authentication failed",
            WHAT,
            "Compare the user and the password in the container's secrets with those of the server that refused them",
        ),
        Wording(
            "dependency-unreachable",
            r"ECONNREFUSED|connection refused|ETIMEDOUT|connection timed out|EHOSTUNREACH|no route to host|ENOTFOUND|"
            r"EAI_AGAIN|name or service not known|could not translate host name|temporary failure in name resolution|"
            r"UnknownHostException|could not connect to server|no such host|i/o timeout",
            WHAT,
            "Check the address that the application connects to, and that the security groups of both ends allow it",
        ),
    ),
)
# Any other line that looks like the last word of a program.
LAST_WORD = Family(
    ANYTHING,
    (
        Wording(
            "container-exited",
            r"\b\w*(?:Error|Exception)\b: |^\W*(?:panic|fatal|fatal error|FATAL): |\bunhandled\b|^Caused by: ",
            WHAT,
            "Correct it in the application, or what it was given, and deploy again",
        ),
    ),
)
