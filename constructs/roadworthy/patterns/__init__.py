"""CDK constructs with which a correct Fargate service takes a dozen lines."""

from roadworthy.patterns.access_log_bucket import AccessLogBucket
from roadworthy.patterns.alarm_topic import AlarmTopic
from roadworthy.patterns.api_gateway_logging import ApiGatewayLogging
from roadworthy.patterns.balancing import InvalidListenerError, UnknownLoadBalancerError
from roadworthy.patterns.blue_green.approval import Approval, Before
from roadworthy.patterns.blue_green.health_gate import HealthGate
from roadworthy.patterns.blue_green.hook import Hook
from roadworthy.patterns.blue_green.migration import Migration
from roadworthy.patterns.blue_green.options import ShiftOptions
from roadworthy.patterns.blue_green.stages import LifecycleStage, TimeoutAction
from roadworthy.patterns.blue_green.tick_guard import TickGuard
from roadworthy.patterns.bundling import BundlingError
from roadworthy.patterns.capacity import Capacity, InvalidCapacityError
from roadworthy.patterns.dead_letter_queue import DeadLetterQueue
from roadworthy.patterns.deployment import CircuitBreaker, Deployment, InvalidDeploymentError, ThresholdType
from roadworthy.patterns.deployment_notifications import (
    DeploymentNotifications,
    DeploymentState,
    InvalidNotificationError,
)
from roadworthy.patterns.draining import InvalidTimeoutError
from roadworthy.patterns.encryption import EncryptionKey
from roadworthy.patterns.function import Function, InvalidFunctionError
from roadworthy.patterns.health_check import HealthCheck
from roadworthy.patterns.health_timing import InvalidHealthCheckError
from roadworthy.patterns.http_service import HttpService
from roadworthy.patterns.image import Image, InvalidImageError, UnpinnedImageError
from roadworthy.patterns.image_gate import ImageGate
from roadworthy.patterns.log_group import InvalidRetentionError, ServiceLogs
from roadworthy.patterns.names import InvalidNameError
from roadworthy.patterns.openapi import InvalidApiError
from roadworthy.patterns.operate import OperatorPolicy, grant_operate, operate_statements
from roadworthy.patterns.private_api import PrivateApi
from roadworthy.patterns.private_network import InvalidNetworkError, PrivateNetwork
from roadworthy.patterns.probe import Probe
from roadworthy.patterns.public_api import PublicApi
from roadworthy.patterns.record_table import ExistingTable, Index, InvalidTableError, RecordTable
from roadworthy.patterns.redeploy import InvalidRedeployError, RedeployOnRotation
from roadworthy.patterns.resources import InvalidResourceError
from roadworthy.patterns.route import InvalidRouteError, Route
from roadworthy.patterns.scaling import InvalidScalingError, Scaling, ScheduledBounds
from roadworthy.patterns.scheduled_task import InvalidScheduleError, ScheduledTask
from roadworthy.patterns.service_alarms import AlarmKind, InvalidAlarmError, ServiceAlarms
from roadworthy.patterns.service_dashboard import ServiceDashboard
from roadworthy.patterns.service_options import InvalidServiceError, ServiceOptions
from roadworthy.patterns.singleton_service import SingletonService
from roadworthy.patterns.task_options import TaskOptions
from roadworthy.patterns.task_size import Architecture, InvalidTaskSizeError, TaskSize
from roadworthy.patterns.tcp_service import TcpService
from roadworthy.patterns.variables import DuplicateVariable, DuplicateVariableError, InvalidVariableError
from roadworthy.patterns.waivers import waive
from roadworthy.patterns.worker_service import WorkerService

__all__ = [
    "AccessLogBucket",
    "AlarmKind",
    "AlarmTopic",
    "ApiGatewayLogging",
    "Approval",
    "Architecture",
    "Before",
    "BundlingError",
    "Capacity",
    "CircuitBreaker",
    "DeadLetterQueue",
    "Deployment",
    "DeploymentNotifications",
    "DeploymentState",
    "DuplicateVariable",
    "DuplicateVariableError",
    "EncryptionKey",
    "ExistingTable",
    "Function",
    "HealthCheck",
    "HealthGate",
    "Hook",
    "HttpService",
    "Image",
    "ImageGate",
    "Index",
    "InvalidAlarmError",
    "InvalidApiError",
    "InvalidCapacityError",
    "InvalidDeploymentError",
    "InvalidFunctionError",
    "InvalidHealthCheckError",
    "InvalidImageError",
    "InvalidListenerError",
    "InvalidNameError",
    "InvalidNetworkError",
    "InvalidNotificationError",
    "InvalidRedeployError",
    "InvalidResourceError",
    "InvalidRetentionError",
    "InvalidRouteError",
    "InvalidScalingError",
    "InvalidScheduleError",
    "InvalidServiceError",
    "InvalidTableError",
    "InvalidTaskSizeError",
    "InvalidTimeoutError",
    "InvalidVariableError",
    "LifecycleStage",
    "Migration",
    "OperatorPolicy",
    "PrivateApi",
    "PrivateNetwork",
    "Probe",
    "PublicApi",
    "RecordTable",
    "RedeployOnRotation",
    "Route",
    "Scaling",
    "ScheduledBounds",
    "ScheduledTask",
    "ServiceAlarms",
    "ServiceDashboard",
    "ServiceLogs",
    "ServiceOptions",
    "ShiftOptions",
    "SingletonService",
    "TaskOptions",
    "TaskSize",
    "TcpService",
    "ThresholdType",
    "TickGuard",
    "TimeoutAction",
    "UnknownLoadBalancerError",
    "UnpinnedImageError",
    "WorkerService",
    "grant_operate",
    "operate_statements",
    "waive",
]
