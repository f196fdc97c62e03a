"""A notice as a Slack message, and its way there: a POST to an incoming webhook.

Whoever knows the webhook's URL can write into the channel, so it is never logged and stands in no exception.
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

import json
from http.client import HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from deployment_notifier.notice import Mood, Notice

SECONDS = 5
ACCEPTED = 200
# The webhook was revoked or the channel is gone: the secret may hold a new URL by now.
GONE = frozenset({403, 404, 410})
TEXT = 3000  # characters of a section: https://docs.slack.dev/reference/block-kit/blocks/section-block
NAME, LINK = 300, 1000  # characters of a name and of the console's address that are shown
SHOWN = 200  # characters of Slack's answer in the log
ICONS = {Mood.GOOD: ":large_green_circle:", Mood.INFO: ":large_blue_circle:", Mood.BAD: ":red_circle:"}
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MORE = "..."
DOMAINS = (".slack.com", ".slack-gov.com")


class SlackError(Exception):
    """Slack did not take the message; Lambda tries again, then the message goes to the dead-letter queue."""


class WebhookGoneError(SlackError):
    """Slack does not know the webhook any more."""


def payload(notice: Notice) -> dict[str, Any]:
    """The message: one section, and the same as text for notifications and screen readers."""
    subject = escape(notice.subject, NAME)
    title = f"{ICONS[notice.mood]} *{subject}* ({escape(notice.environment, NAME)}): {escape(notice.title, NAME)}"
    link = f"<{notice.link}|Open in the console>" if 0 < len(notice.link) <= LINK else ""
    start = _cut("\n".join([title, *(f"`{escape(image)}`" for image in notice.images)]), TEXT // 2)
    end = f"{escape(notice.time, NAME)} {link}"
    text = f"{start}\n{escape(notice.reason, TEXT - len(start) - len(end) - 2)}\n{end}"
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    return {"text": f"{subject}: {escape(notice.title, NAME)}", "blocks": [section]}


def escape(text: str, longest: int = TEXT) -> str:
    """Text that Slack shows as it is, at most so many characters: nobody is mentioned and nothing becomes a link.

    https://docs.slack.dev/messaging/formatting-message-text/#escaping
    """
    letters = [_ENTITIES.get(letter, letter) for letter in text]
    length = sum(map(len, letters))
    if length <= longest:
        return "".join(letters)
    while letters and length > longest - len(_MORE):
        length -= len(letters.pop())
    return "".join(letters) + _MORE


def post(url: str, message: dict[str, Any]) -> None:
    """Send a message; redirects are not followed.

    Raises:
        WebhookGoneError: Slack answers that there is no such webhook.
        SlackError: the URL is none of Slack's, Slack cannot be reached, or it answers with anything but 200.
    """
    host, path = _split(url)
    connection = HTTPSConnection(host, timeout=SECONDS)
    try:
        connection.request("POST", path, json.dumps(message).encode(), {"Content-Type": "application/json"})
        response = connection.getresponse()
        status, answer = response.status, response.read(SHOWN).decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise SlackError(f"Slack cannot be reached: {type(error).__name__}") from None
    finally:
        connection.close()
    if status in GONE:
        raise WebhookGoneError(f"Slack answered {status}: {answer}")
    if status != ACCEPTED:
        raise SlackError(f"Slack answered {status}: {answer}")


def _split(url: str) -> tuple[str, str]:
    """Host and path of a webhook's URL."""
    try:
        parts = urlsplit(url)
        host, scheme, path = parts.hostname or "", parts.scheme, parts.path
    except ValueError:
        host, scheme, path = "", "", ""
    if scheme != "https" or not host.endswith(DOMAINS) or not path.isascii() or not path.isprintable() or " " in path:
        raise SlackError("the secret holds no URL of a Slack webhook: https://hooks.slack.com/services/...")
    return host, path


def _cut(text: str, longest: int) -> str:
    """Text of whole lines, at most so many characters."""
    while len(text) > longest:
        text = text.rpartition("\n")[0] or text[:longest]
    return text
