"""The handler's HTTP interface."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from query_handler import correlation, errors
from query_handler.errors import QueryError
from query_handler.internal_api import InternalApi
from query_handler.models import FailQuery, MarketingQuery, UserQuery
from query_handler.settings import Settings

logger = logging.getLogger(__name__)


def create_app(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> FastAPI:
    """Make the application; `transport` stands in for the network in tests."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        api = InternalApi(settings.internal_api_url, settings.request_timeout, transport)
        app.state.internal_api = api
        async with api.client:
            yield

    app = FastAPI(title="query-handler", lifespan=lifespan, openapi_url=None)
    app.add_exception_handler(QueryError, errors.on_query_error)
    app.add_exception_handler(RequestValidationError, errors.on_invalid_body)
    app.add_exception_handler(HTTPException, errors.on_http_error)
    app.add_middleware(correlation.CorrelationMiddleware)
    _add_queries(app)
    _add_health(app)
    return app


def _internal_api(request: Request) -> InternalApi:
    api: InternalApi = request.app.state.internal_api
    return api


Api = Annotated[InternalApi, Depends(_internal_api)]


def _add_queries(app: FastAPI) -> None:
    """The models judge the body; the bytes go on untouched, so that later hops judge what the client sent."""

    @app.post("/query/user")
    async def query_user(query: UserQuery, request: Request, api: Api) -> Response:
        return await _pass_on(api, "user", request)

    @app.post("/query/marketing")
    async def query_marketing(query: MarketingQuery, request: Request, api: Api) -> Response:
        return await _pass_on(api, "marketing", request)

    @app.post("/query/fail")
    async def query_fail(query: FailQuery, request: Request, api: Api) -> Response:
        return await _pass_on(api, "fail", request)


async def _pass_on(api: InternalApi, operation: str, request: Request) -> Response:
    try:
        page = await api.query(operation, await request.body())
    except QueryError as error:
        if error.hop:
            logger.warning("%s", error, extra={"facts": {"hop": error.hop, "cause": repr(error.__cause__)}})
        raise
    return Response(page.body, media_type="application/json", headers={correlation.TIMING: page.timing})


def _add_health(app: FastAPI) -> None:
    @app.get("/health")
    async def health() -> dict[str, str]:
        """Whether the process answers; nothing behind it is asked, so that a hop's failure kills no task."""
        return {"status": "ok"}

    @app.get("/ready")
    async def ready(api: Api) -> dict[str, str]:
        """Whether queries can be answered: 503 with the hop while the internal API cannot be reached."""
        try:
            await api.check()
        except QueryError as error:
            raise QueryError(503, str(error), hop=error.hop, retry_after=error.retry_after) from error
        return {"status": "ready"}
