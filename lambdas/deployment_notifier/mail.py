"""A notice as an e-mail: plain text, and a subject within SNS's limits."""

from deployment_notifier.notice import Notice

# ASCII without line breaks, below 100 characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
SUBJECT = 99


def subject(notice: Notice) -> str:
    """One line, e.g. `[stage] api: deployment failed`."""
    text = f"[{notice.environment}] {notice.subject}: {notice.title}"
    ascii_only = "".join(letter if " " <= letter <= "~" else "?" for letter in text)
    return ascii_only if len(ascii_only) <= SUBJECT else f"{ascii_only[: SUBJECT - 3]}..."


def body(notice: Notice) -> str:
    """A line for each thing that is known."""
    lines = [
        ("What", f"{notice.subject}: {notice.title}"),
        ("Environment", notice.environment),
        *(("Image", line) for line in notice.images),
        ("Reason", notice.reason),
        ("Time", notice.time),
        ("Console", notice.link),
    ]
    return "\n".join(f"{name + ':':<13}{value}" for name, value in lines if value) + "\n"
