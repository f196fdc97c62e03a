"""What an application's last lines tell of its end, in the words of common runtimes, drivers and servers.

Sources: https://nodejs.org/api/errors.html#common-system-errors
https://docs.python.org/3/library/exceptions.html
https://www.postgresql.org/docs/current/server-start.html#CLIENT-CONNECTION-PROBLEMS
https://dev.mysql.com/doc/refman/8.4/en/error-access-denied.html
https://www.prisma.io/docs/orm/reference/error-reference
https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
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
        Wording(
            "port-forbidden",
            r"listen EACCES|listen .*bind: permission denied|bind\(\) to \S+ failed \(13: permission denied\)",
            WHAT,
            "Listen on a port of 1024 or more, or run as a user who may listen on that one",
        ),
        Wording(
            "file-access-denied",
            r"EACCES: permission denied|PermissionError: \[Errno 13\]",
            WHAT,
            "Let the container's user have that file: give it to him in the image, or on the volume",
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
            r"(?:missing|required|undefined) env(?:ironment)? ?var|"
            r"validation errors? for \w*(?:Settings|Config)\b|Could not resolve placeholder '|"
            r"Missing `?secret_key_base|required key \w+ missing value",
            WHAT,
            "Add the variable to the container's environment or secrets",
        ),
        Wording(
            "login-refused",
            r"no pg_hba\.conf entry",
            WHAT,
            "Connect with TLS where it says `no encryption`; else let the server take this user from these addresses",
        ),
        Wording(
            "database-missing",
            r"database \"?[\w-]+\"? does not exist|Unknown database '",
            WHAT,
            "Create the database on the server, or correct its name in what the container is given",
        ),
        Wording(
            "credentials-missing",
            r"Unable to locate credentials|CredentialsProviderError|Could not load credentials from any providers|"
            r"NoCredentialProviders|Unable to load (?:AWS )?credentials",
            WHAT,
            "Give the task definition a taskRoleArn",
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
            r"UnknownHostException|could not connect to server|can't reach database server|Communications link failure|"
            r"ServerSelectionTimeoutError|MongoServerSelectionError|no such host|i/o timeout",
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
