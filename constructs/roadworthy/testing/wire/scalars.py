"""Times, blobs, numbers and truth values, as text and back."""

import base64
import binascii
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from botocore.model import Shape
from botocore.utils import parse_to_aware_datetime

Time = datetime | float


def seconds(time: Time) -> float:
    """Seconds since 1970, with milliseconds: AWS tells no more. A datetime without a zone is in UTC."""
    if isinstance(time, datetime):
        aware = time if time.tzinfo else time.replace(tzinfo=UTC)
        return round(aware.timestamp(), 3)
    return round(time, 3)


def time_text(time: Time, style: str) -> str:
    """A time in one of AWS's three styles: "iso8601", "rfc822", "unixTimestamp".

    https://smithy.io/2.0/spec/protocol-traits.html#timestampformat-trait
    """
    moment = datetime.fromtimestamp(seconds(time), UTC)
    if style == "rfc822":
        return format_datetime(moment, usegmt=True)
    if style == "unixTimestamp":
        return repr(seconds(time))
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def time_of(value: Any) -> datetime:
    """The time that AWS reads from a text or a number, in UTC.

    Raises:
        ValueError: it is no time.
    """
    return parse_to_aware_datetime(value).astimezone(UTC)


def style_of(shape: Shape, default: str) -> str:
    """The style of a timestamp: its own, or the protocol's."""
    return str(shape.serialization.get("timestampFormat", default))


def blob_text(blob: bytes) -> str:
    """Bytes in base64."""
    return base64.b64encode(blob).decode()


def blob_of(text: str) -> bytes:
    """Bytes from base64.

    Raises:
        ValueError: it is no base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"{text!r} is not base64") from error


def text_of(value: Any, shape: Shape, style: str = "iso8601") -> str:
    """A scalar as the text of an XML element, a header or a query."""
    match shape.type_name:
        case "timestamp":
            return time_text(value, style_of(shape, style))
        case "blob":
            return blob_text(value)
        case "boolean":
            return "true" if value else "false"
        case _:
            return str(value)


def value_of(text: str, shape: Shape) -> Any:
    """A scalar from its text.

    Raises:
        ValueError: the text is not of this type.
    """
    match shape.type_name:
        case "timestamp":
            return time_of(text)
        case "blob":
            return blob_of(text)
        case "boolean":
            return text == "true"
        case "integer" | "long":
            return int(text)
        case "float" | "double":
            return float(text)
        case _:
            return text
