"""How ECS replaces the tasks of a service: `Deployment` is what users write, each way a file of its own."""

from roadworthy.patterns.deployment.circuit_breaker import CircuitBreaker, ThresholdType
from roadworthy.patterns.deployment.deployment import Deployment
from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.deployment.rolling import RollingDeployment

__all__ = ["CircuitBreaker", "Deployment", "InvalidDeploymentError", "RollingDeployment", "ThresholdType"]
