"""CDK constructs with which a correct Fargate service takes a dozen lines."""

from roadworthy.patterns.access_log_bucket import AccessLogBucket
from roadworthy.patterns.api_gateway_logging import ApiGatewayLogging
from roadworthy.patterns.bundling import BundlingError
from roadworthy.patterns.deployment import CircuitBreaker, Deployment, InvalidDeploymentError, ThresholdType
from roadworthy.patterns.encryption import EncryptionKey
from roadworthy.patterns.function import Function
from roadworthy.patterns.health_check import HealthCheck
from roadworthy.patterns.health_timing import InvalidHealthCheckError
from roadworthy.patterns.http_service import HttpService
from roadworthy.patterns.image import Image, InvalidImageError, UnpinnedImageError
from roadworthy.patterns.image_gate import ImageGate
from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.operate import OperatorPolicy, grant_operate, operate_statements
from roadworthy.patterns.private_api import PrivateApi
from roadworthy.patterns.private_network import PrivateNetwork
from roadworthy.patterns.probe import Probe
from roadworthy.patterns.public_api import PublicApi
from roadworthy.patterns.record_table import ExistingTable, Index, RecordTable
from roadworthy.patterns.scaling import InvalidScalingError, Scaling, ScheduledBounds
from roadworthy.patterns.service_alarms import AlarmKind, AlarmTopic, InvalidAlarmError, ServiceAlarms
from roadworthy.patterns.service_dashboard import ServiceDashboard
from roadworthy.patterns.task_size import Architecture, InvalidTaskSizeError, TaskSize
from roadworthy.patterns.variables import DuplicateVariable, DuplicateVariableError, InvalidVariableError
from roadworthy.patterns.waivers import waive

__all__ = [
    "AccessLogBucket",
    "AlarmKind",
    "AlarmTopic",
    "ApiGatewayLogging",
    "Architecture",
    "BundlingError",
    "CircuitBreaker",
    "Deployment",
    "DuplicateVariable",
    "DuplicateVariableError",
    "EncryptionKey",
    "ExistingTable",
    "Function",
    "HealthCheck",
    "HttpService",
    "Image",
    "ImageGate",
    "Index",
    "InvalidAlarmError",
    "InvalidDeploymentError",
    "InvalidHealthCheckError",
    "InvalidImageError",
    "InvalidScalingError",
    "InvalidTaskSizeError",
    "InvalidVariableError",
    "OperatorPolicy",
    "PrivateApi",
    "PrivateNetwork",
    "Probe",
    "PublicApi",
    "RecordTable",
    "Scaling",
    "ScheduledBounds",
    "ServiceAlarms",
    "ServiceDashboard",
    "ServiceLogs",
    "TaskSize",
    "ThresholdType",
    "UnpinnedImageError",
    "grant_operate",
    "operate_statements",
    "waive",
]
