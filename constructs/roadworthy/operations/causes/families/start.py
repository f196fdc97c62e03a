"""The container was made but its process did not start.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cannot-start-container.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

from roadworthy.operations.causes.wording import ANYTHING, Family, Wording

EXEC_FORMAT = Wording(
    "image-platform-mismatch",
    r"exec format error",
    "{image} is built for another processor than the task's",
    "Build the image for the task definition's runtimePlatform (X86_64 unless it says ARM64)",
)
NO_INTERPRETER = Wording(
    "command-not-found",
    r"exec user process caused:? \"?no such file or directory|^exec /\S+: no such file or directory",
    "the command of {container} is a script whose interpreter the image does not have",
    "Install the interpreter of its first line in the image, and end its lines without carriage returns",
)
NOT_FOUND = Wording(
    "command-not-found",
    r"exec: \\?\"(?P<command>[^\"\\]+)\\?\".*(?:executable file not found|no such file or directory)",
    "the image has no command `{command}`",
    "Correct command and entryPoint: a list with one element for each word, or a shell: sh, -c, words",
)
NO_USER = Wording(
    "user-missing",
    r"no users found|unable to find (?:user|group)|etc/(?:passwd|group): no such file",
    "the image does not have the user that {container} runs as",
    "Name a user of the image, or a numeric one, in the container's user, or add it in the image",
)

START = Family(
    r"Cannot(?:Start|Create|Inspect|Stop)Container\w*Error|ContainerRuntime(?:Timeout)?Error|DockerTimeoutError|"
    r"OCI runtime|runc create failed",
    (
        EXEC_FORMAT,
        NO_USER,
        NOT_FOUND,
        Wording(
            "command-not-found",
            r"executable file not found|no such file or directory",
            "the image does not have the container's command",
            "Correct the container's command and entryPoint",
        ),
        Wording(
            "command-not-executable",
            r"permission denied",
            "the container's command may not be executed",
            "Make the file executable in the image: `RUN chmod +x`",
        ),
        Wording(
            "dependency-failed",
            r"dependent container (?P<container>[\w-]+)",
            "{container}, on which others depend, failed",
            "Read the log of {container}",
        ),
        Wording(
            "out-of-memory",
            r"memory",
            "the container has too little memory to start",
            "Raise the container's memory, or the task's",
        ),
        Wording(
            "container-start-timeout",
            r"timed out|timeout",
            "the container did not start in time",
            "Wait: ECS tries again by itself; ask AWS Support if it goes on",
        ),
        Wording(
            "container-not-started",
            ANYTHING,
            "the container's process did not start",
            "Check the container's command, entryPoint, user and working directory",
        ),
    ),
)
