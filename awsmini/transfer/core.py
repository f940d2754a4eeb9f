"""The engine's hold on the core: a client of its own whose requests go out the engine's way.

Nothing else of this package reaches into a client.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from awsmini.client import Client
from awsmini.errors import ClientError
from awsmini.flow import build_request, error_code, is_mended, prepare, settled, sign_attempt
from awsmini.model.shapes import OperationModel
from awsmini.parse import FOR_PYTHON, parse, parse_error
from awsmini.records import Call, Conversions, Credentials, Output, Reply, Request, replace
from awsmini.send.checksums import default_algorithm
from awsmini.send.options import SenderOptions
from awsmini.send.retry import Retries, RetryPolicy

Sender = Callable[[Request], Reply]
OpenSender = Callable[[SenderOptions], Sender]
LOOP_SCHEMES = ("s3v4", "s3express", "none")  # ways of signing that call templates know


class Core:
    """The stages of one client. `client` makes calls, from any thread, through what `open_sender` opens."""

    def __init__(self, client: Client, open_sender: OpenSender | None = None) -> None:
        context = client._context._replace(trailers=False)
        if open_sender is not None:
            context = context._replace(app=replace(context.app, open_sender=open_sender))
        self.client = type(client)(client._service_model, context)
        self.app = context.app
        self._context = context
        self._router = self.client._router

    @property
    def sender_options(self) -> SenderOptions:
        return self._context.sender_options()

    @property
    def is_observed(self) -> bool:
        """Whether somebody wants to be told of each call."""
        return bool(self._context.observers)

    @property
    def retry_policy(self) -> RetryPolicy:
        return self._context.retry_policy

    @property
    def validates_answers(self) -> bool:
        """Whether checksums of answers are looked at (`response_checksum_validation`)."""
        return self._context.response_checksum == "when_supported"

    @property
    def adds_checksums(self) -> bool:
        """Whether requests carry checksums that nobody asked for (`request_checksum_calculation`)."""
        return self._context.request_checksum == "when_supported"

    @property
    def signs_payload(self) -> bool:
        """Whether the user wants bodies signed behind TLS too (`payload_signing_enabled`)."""
        return self._context.endpoints.payload_signing is True

    @property
    def leaves_payload_unsigned(self) -> bool:
        return self._context.endpoints.payload_signing is False

    @property
    def is_secure(self) -> bool:
        """Whether requests go over https. A custom endpoint says so; all others are."""
        url = self._context.endpoints.endpoint_url
        return url is None or url.startswith("https:")

    @property
    def default_algorithm(self) -> str:
        return default_algorithm()

    def operation(self, name: str) -> OperationModel:
        return self.client._service_model.operation_model(name)

    def prepare(self, operation: OperationModel, params: Mapping[str, Any]) -> Call:
        """The call with everything settled. Raises what a client's method would."""
        return prepare(operation, params, self._context, self._router)

    def signed(self, call: Call) -> Request:
        """The request of a call, signed."""
        return sign_attempt(build_request(call, self._context, self._router), call, self._context, self._router)

    def identity(self, call: Call) -> Credentials | None:
        """What a call is signed with, fresh."""
        return self._router.identity(call)

    def retries(self, operation: OperationModel, invocation: str | None = None) -> Retries:
        """The retries of a call whose first attempt said `invocation`."""
        return self._context.retry_policy.call(operation, invocation)

    def now(self) -> datetime:
        """The time to sign by."""
        return self._context.now()

    def is_mended(self, code: str, remedied: set[str], call: Call, reply: Reply) -> bool:
        """Whether a refusal is worth another signature, by what has changed since."""
        return is_mended(code, remedied, call, reply, self._context, self._router)

    def settled(self, call: Call, reply: Reply) -> Reply:
        """The reply, as a 500 where it is a success that holds an error."""
        return settled(call, reply)

    def error_code(self, call: Call, reply: Reply) -> str | None:
        return error_code(call, reply)

    def output(self, call: Call, reply: Reply) -> Output:
        return parse(call.operation, reply, FOR_PYTHON)

    def error(self, call: Call, reply: Reply) -> Output:
        return parse_error(call.operation, reply, FOR_PYTHON)

    def exception(self, call: Call, output: Output) -> ClientError:
        """A parsed error as the exception that a client's method would raise."""
        return self.client.exceptions.specific(ClientError(output, call.operation.name), call.operation)

    def should_ask_elsewhere(self, call: Call, output: Output) -> bool:
        """Whether an error says where the bucket is; that is kept for the calls prepared from now on."""
        return self._router.should_ask_elsewhere(call, output)

    def call(self, operation_name: str, params: Mapping[str, Any], conversions: Conversions | None = None) -> Output:
        """One API call, made from this thread. `conversions`: what timestamps and blobs become, if not Python's own."""
        return self.client._make_api_call(operation_name, params, conversions, ("S3_TRANSFER",))

    @property
    def sender(self) -> Sender | None:
        """What the calls go out through, if any was made."""
        opened: Sender | None = self._context.__dict__.get("send")
        return opened

    def close(self) -> None:
        self.client.close()


def known_members(operation: OperationModel, params: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the members that an operation takes."""
    shape = operation.input_shape
    members = shape.traits.get("members", {}) if shape else {}
    return {name: value for name, value in params.items() if name in members}
