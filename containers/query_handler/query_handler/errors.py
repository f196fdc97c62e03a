"""Errors in the API's one shape: `{"message", "field"?, "hop"?, "correlation_id"}`."""

from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from query_handler import correlation

HOP_SELF = "handler"


class QueryError(Exception):
    """An answer that is not 200: the caller's mistake (`field`) or a failed hop (`hop`)."""

    def __init__(self, status: int, message: str, *, field: str = "", hop: str = "", retry_after: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.field = field
        self.hop = hop
        self.retry_after = retry_after


def answer(error: QueryError) -> JSONResponse:
    """The HTTP answer to an error."""
    named = {name: value for name, value in (("field", error.field), ("hop", error.hop)) if value}
    body = {"message": str(error), **named, "correlation_id": correlation.current()}
    headers = {"Retry-After": error.retry_after} if error.retry_after else {}
    return JSONResponse(body, status_code=error.status, headers=headers)


async def on_query_error(_: Request, error: Exception) -> JSONResponse:
    """Answer a QueryError."""
    assert isinstance(error, QueryError)
    return answer(error)


async def on_invalid_body(_: Request, error: Exception) -> JSONResponse:
    """Answer pydantic's first complaint with a 400 that names the field (FastAPI's own answer is a 422)."""
    assert isinstance(error, RequestValidationError)
    complaint = error.errors()[0]
    place = complaint["loc"]
    field = str(place[1]) if len(place) > 1 and isinstance(place[1], str) else "body"
    shown = field[:64].encode("unicode_escape").decode() or "body"  # a field may have the empty name
    return answer(QueryError(400, f"{shown}: {complaint['msg']}", field=shown))


async def on_http_error(_: Request, error: Exception) -> JSONResponse:
    """Answer what the framework refuses: unknown path, wrong method, unreadable body."""
    assert isinstance(error, HTTPException)
    field = "body" if error.status_code == HTTPStatus.BAD_REQUEST else ""
    given = answer(QueryError(error.status_code, str(error.detail), field=field))
    given.headers.update(error.headers or {})
    return given
