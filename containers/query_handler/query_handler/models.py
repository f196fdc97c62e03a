"""The queries' bodies, as stacks/query_service/internal_api.yaml describes them (tests/contract compares).

`""` stands for "not given": a client's own empty string is refused, and so is `null`.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(min_length=1, max_length=256)]
Limit = Annotated[int, Field(ge=1, le=100)]
Token = Annotated[str, Field(min_length=1, max_length=4096)]


class Query(BaseModel):
    """What the three queries share."""

    model_config = ConfigDict(extra="forbid", strict=True)

    limit: Limit = 10
    next_token: Token = ""
    ap_id: Id = ""


class UserQuery(Query):
    """A user's notifications."""

    user_id: Id


class MarketingQuery(Query):
    """A campaign's notifications."""

    marketing_id: Id


class FailQuery(Query):
    """A transaction's failed notifications."""

    transaction_id: Id
