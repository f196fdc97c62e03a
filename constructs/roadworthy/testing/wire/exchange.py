"""One call from its bytes to the bytes of its reply."""

from typing import Any

from botocore.exceptions import ParamValidationError
from botocore.model import OperationModel
from botocore.validate import validate_parameters

from roadworthy.testing.wire.backend import Backend
from roadworthy.testing.wire.errors import AwsError
from roadworthy.testing.wire.http import Reply, Request
from roadworthy.testing.wire.models import operation_model
from roadworthy.testing.wire.protocols import Speaker, speaker_of

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


def exchange(backend: Backend, request: Request, service: str, operation: str) -> Reply:
    """The reply to a request, from whoever plays the operation.

    Raises:
        ConnectionResetError: the connection is dropped, as scripted.
        NotPlayedError, ShapeError: the test has a fault.
    """
    model = operation_model(service, operation)
    speaker = speaker_of(model)
    request_id = backend.request_id()
    try:
        answer = backend.answer(service, operation, _parameters(speaker, request, model))
    except AwsError as error:
        return speaker.write_error(error, model, request_id)
    return speaker.write(answer, model, request_id)


def _parameters(speaker: Speaker, request: Request, model: OperationModel) -> dict[str, Any]:
    """The parameters, which AWS validates too: not every client has botocore's models."""
    try:
        parameters = speaker.read(request, model)
        if model.input_shape:
            validate_parameters(parameters, model.input_shape)
    except UNREADABLE as error:
        raise AwsError("SerializationException", f"the request cannot be read: {error}") from None
    except ParamValidationError as error:
        raise AwsError("ValidationException", str(error)) from None
    return parameters
