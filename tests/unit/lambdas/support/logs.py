"""What a Powertools logger writes."""

import io

import pytest
from aws_lambda_powertools import Logger


def log_of(logger: Logger, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Turn a logger's lines into a buffer for the rest of the test."""
    buffer = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", buffer)
    return buffer
