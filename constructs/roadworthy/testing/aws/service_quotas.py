"""Service Quotas: what an account may have of a thing.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
"""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing.wire.backend import AwsError, Backend


class ServiceQuotas:
    """Quotas, by service code and quota code: ("fargate", "L-3032A538")."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._quotas: dict[tuple[str, str], tuple[float, str]] = {}
        backend.register("service-quotas", "GetServiceQuota", self._get_service_quota)

    def set(self, service: str, code: str, value: float, *, name: str = "") -> None:
        """Let a quota have a value, for example `set("fargate", "L-3032A538", 6)`: the vCPUs of Fargate."""
        self._quotas[service, code] = (value, name or code)

    def _get_service_quota(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        service, code = asked["ServiceCode"], asked["QuotaCode"]
        if (service, code) not in self._quotas:
            raise AwsError(
                "NoSuchResourceException", "The request failed because the specified resource does not exist."
            )
        value, name = self._quotas[service, code]
        arn = self._backend.arn("servicequotas", f"{service}/{code}")
        quota = {"ServiceCode": service, "QuotaCode": code, "QuotaArn": arn, "QuotaName": name, "Value": float(value)}
        return {"Quota": {**quota, "Unit": "None", "Adjustable": True, "GlobalQuota": False}}
