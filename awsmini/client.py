"""Client classes, made with `type()` from a service model: one snake_case method an operation, as in boto3.

    client = awsmini.client("kinesisvideo", region_name="us-east-1")
    client.list_streams(MaxResults=10)["StreamInfoList"]

Every API call, from Python and from the command line, goes through `Client._make_api_call`.
"""

import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from types import ModuleType
from typing import Any, NoReturn, SupportsIndex, TypeVar

from awsmini import services
from awsmini.calls.context import ClientContext
from awsmini.calls.routing import make_router
from awsmini.config.client import UNSIGNED, Config
from awsmini.config.endpoint import endpoint_for
from awsmini.config.rules import functions_for
from awsmini.errors import AwsminiError, ClientError, PaginationError, ParamValidationError, revived
from awsmini.flow import prepare, presigned_url, run, signed_request
from awsmini.model.names import operation_py_name
from awsmini.model.shapes import OperationModel, ServiceModel
from awsmini.paging import PageIterator, PagingConfig
from awsmini.parse import FOR_PYTHON
from awsmini.parse.errors import error_shape
from awsmini.records import Call, Conversions, Credentials, Request
from awsmini.references import resolve_name
from awsmini.waiting import Waiter, WaiterConfig

MAKE_CLIENT = "awsmini:make_client"
METHOD_TEXT = "awsmini.help.python:method_text"  # the docstrings of methods
C = TypeVar("C", bound="Client")


class NoSuchPaginatorError(AwsminiError, KeyError):
    """The operation has no pages, or there is none of that name."""

    __str__ = Exception.__str__  # a KeyError shows quotes


class NoSuchWaiterError(AwsminiError, ValueError):
    """The service has no waiter of that name."""


class NotWithoutAnswerError(AwsminiError):
    """A request that cannot be known without sending another one."""

    def __init__(self, operation_name: str) -> None:
        super().__init__(f"The request depends on the answer to {operation_name}, and nothing is sent to print one.")


class ClientMeta:
    """What a client can say of itself; names as in boto3."""

    def __init__(self, service_model: ServiceModel, context: ClientContext) -> None:
        self.service_model = service_model
        self._context = context
        self.region_name = context.endpoints.region

    @cached_property
    def method_to_api_mapping(self) -> dict[str, str]:
        return {operation_py_name(name): name for name in self.service_model.operation_names}

    @cached_property
    def partition(self) -> str:
        """That of the region; `aws` where there is none."""
        facts = functions_for(self._context.partitions)["aws.partition"](self.region_name or "us-east-1")
        return str(facts["name"])

    @cached_property
    def endpoint_url(self) -> str | None:
        """Where calls go that say nothing of it themselves; None where the service's rules need to know the call."""
        context, operations = self._context, self.service_model.operation_names
        if not context.endpoints.endpoint_url and operations:
            free = {name: value for name, value in context.built_ins.items() if not callable(value)}
            with suppress(AwsminiError):
                operation = self.service_model.operation_model(operations[0])
                url = endpoint_for(operation, {}, free, context.partitions, context.client_context).url
                return url if context.use_ssl else url.replace("https:", "http:", 1)
        return context.endpoints.endpoint_url

    @cached_property
    def config(self) -> Config:
        """What the client goes by: what it was given, over what the settings say."""
        context, sending = self._context, self._context.sender_options()
        s3 = self.service_model.endpoint_prefix == "s3"
        version = context.endpoints.signature_version or ("s3v4" if s3 else self.service_model.signature_version)
        return Config(
            region_name=self.region_name,
            signature_version=version if context.endpoints.sign else UNSIGNED,
            connect_timeout=sending.connect_timeout,
            read_timeout=sending.read_timeout,
            max_pool_connections=sending.max_connections,
            parameter_validation=context.validate_parameters,
            retries={"mode": context.retry_mode, "total_max_attempts": context.retry_policy.max_attempts},
            s3={"addressing_style": context.endpoints.addressing_style} if s3 else None,
            user_agent=context.user_agent(()),
        ).merge(context.config)


class Client:
    """The base of all client classes."""

    def __init__(self, service_model: ServiceModel, context: ClientContext) -> None:
        self._service_model = service_model
        self._context = context
        self._router = make_router(context, self._ask)
        self.exceptions = Exceptions(service_model)

    @cached_property
    def meta(self) -> ClientMeta:
        return ClientMeta(self._service_model, self._context)

    def _make_api_call(
        self,
        operation_name: str,
        api_params: Mapping[str, Any],
        conversions: Conversions | None = None,
        features: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """Call one operation. Raises ClientError, as the exception class of its code, where the service refuses.

        `features` are what the User-Agent says of who calls: PAGINATOR, WAITER.
        """
        operation = self._service_model.operation_model(operation_name)
        try:
            return run(operation, api_params, self._context, self._router, conversions or FOR_PYTHON, features)
        except ClientError as error:
            raise self.exceptions.specific(error, operation) from None

    def _ask(self, operation_name: str, api_params: Mapping[str, Any], *, errors: bool = False) -> dict[str, Any]:
        """A further call on the way to another: its output or, with `errors`, the parsed error."""
        try:
            return self._make_api_call(operation_name, api_params)
        except ClientError as error:
            if errors:
                return error.response
            raise

    def _endpoint_url(self, operation_name: str, api_params: Mapping[str, Any]) -> str:
        """Where a call would go. Nothing is sent."""
        operation = self._service_model.operation_model(operation_name)
        return prepare(operation, api_params, self._context, self._router).endpoint.url

    def _check(self, operation: OperationModel, params: Mapping[str, Any]) -> None:
        """Everything that `_make_api_call` checks before it sends. Raises ParamValidationError, NoRegionError …"""
        prepare(operation, params, self._context, self._router)

    def can_paginate(self, operation_name: str) -> bool:
        """Whether the method of that name hands out pages."""
        api_name = self.meta.method_to_api_mapping.get(operation_name)
        return api_name is not None and self._service_model.paginator(api_name) is not None

    def get_paginator(self, operation_name: str) -> "Paginator":
        """The paginator of a method: `get_paginator("list_streams").paginate(...)`."""
        if not self.can_paginate(operation_name):
            raise NoSuchPaginatorError(f"Operation cannot be paginated: {operation_name}")
        return Paginator(self, self._service_model.operation_model(self.meta.method_to_api_mapping[operation_name]))

    @property
    def waiter_names(self) -> list[str]:
        return [operation_py_name(name) for name in self._service_model.waiter_names]

    def get_waiter(self, waiter_name: str) -> Waiter:
        """The waiter of that snake_case name."""
        for name in self._service_model.waiter_names:
            if waiter_name in (operation_py_name(name), name):
                facts = self._service_model.waiter(name) or {}
                method = self._method(facts["operation"], "WAITER")
                return Waiter(name, WaiterConfig(facts), method, self._context.app.sleep)
        raise NoSuchWaiterError(f"Waiter does not exist: {waiter_name}")

    def _method(self, api_name: str, *features: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        return lambda params: self._make_api_call(api_name, params, features=features)

    def generate_presigned_url(
        self,
        ClientMethod: str,  # noqa: N803 - boto3's names
        Params: Mapping[str, Any] | None = None,  # noqa: N803
        ExpiresIn: int = 3600,  # noqa: N803
        HttpMethod: str | None = None,  # noqa: N803
    ) -> str:
        """A URL that makes the call for whoever has it, for `ExpiresIn` seconds. Nothing is sent."""
        api_name = self.meta.method_to_api_mapping.get(ClientMethod)
        if api_name is None:
            raise AwsminiError(f"Client does not have method: {ClientMethod}")
        operation = self._service_model.operation_model(api_name)
        if not isinstance(ExpiresIn, int):
            raise ParamValidationError(f"ExpiresIn has to be a number of seconds, and is {ExpiresIn!r}")
        return presigned_url(operation, Params or {}, self._context, self._router, ExpiresIn, HttpMethod)

    def _signed_request(
        self,
        operation: OperationModel,
        params: Mapping[str, Any],
        *,
        trailers: bool = True,
        features: tuple[str, ...] = (),
    ) -> tuple[Call, Request, Credentials | None]:
        """What `_make_api_call` would send first, and what it is signed with. Nothing is sent.

        With `trailers` off, no checksum follows the body. Raises NotWithoutAnswerError where another call would
        have to be made first.
        """
        context = self._context._replace(trailers=trailers)
        silent = make_router(context, refuse)
        call, request = signed_request(operation, params, context, silent, features)
        return call, request, silent.identity(call)

    def close(self) -> None:
        """Give the pooled connections back."""
        self._context.close()

    def __enter__(self: C) -> C:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"A client cannot be copied or sent to another process, as it holds connections and credentials: make one "
            f'there, with awsmini.client("{self._service_model.service_name}").'
        )


def refuse(operation_name: str, api_params: Mapping[str, Any], *, errors: bool = False) -> dict[str, Any]:
    """In the place of a call, where nothing may be sent."""
    raise NotWithoutAnswerError(operation_name)


class Paginator:
    """Pages of one operation."""

    def __init__(self, client: Client, operation: OperationModel) -> None:
        self._client = client
        self._operation = operation

    def paginate(self, **params: Any) -> PageIterator:
        """Raw pages; `PaginationConfig` may set `MaxItems`, `PageSize` and `StartingToken`."""
        return paginate(self._operation, params, self._client._method(self._operation.name, "PAGINATOR"))


def paginate(
    operation: OperationModel, params: Mapping[str, Any], method: Callable[[dict[str, Any]], dict[str, Any]]
) -> PageIterator:
    """The pages of an operation, with `PaginationConfig` taken out of the parameters."""
    paginator = operation.paginator
    if paginator is None:
        raise NoSuchPaginatorError(f"Operation cannot be paginated: {operation.name}")
    rest = dict(params)
    asked = rest.pop("PaginationConfig", {})
    if not isinstance(asked, Mapping):
        raise PaginationError(f"PaginationConfig has to be a map, and is {asked!r}")
    if unknown := set(asked) - {"MaxItems", "PageSize", "StartingToken"}:
        raise PaginationError(f"PaginationConfig has no {', '.join(sorted(map(str, unknown)))}")
    max_items = asked.get("MaxItems")
    config = PagingConfig(
        max_items=None if max_items is None else _integer(max_items),
        page_size=_page_size(operation, paginator, asked.get("PageSize")),
        starting_token=asked.get("StartingToken"),
    )
    return PageIterator(method, paginator, rest, config)


def _page_size(operation: OperationModel, paginator: Mapping[str, Any], size: Any) -> int | str | None:
    """The page size in the type that the limit member has."""
    if size is None or "limit_key" not in paginator or operation.input_shape is None:
        return None if size is None else _integer(size)
    limit = operation.input_shape.members[paginator["limit_key"]]
    return str(size) if limit.type_name == "string" else _integer(size)


def _integer(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise PaginationError(str(error)) from None


_error_classes: dict[tuple[str, str], type[ClientError]] = {}


def error_class(service_name: str, name: str) -> type[ClientError]:
    """The class of an error; one in a process, so that what comes from another one is caught by it as well."""
    key = service_name, name
    own = {"__module__": __name__, "__reduce__": lambda self: (_revived, (*key, self.args, self.__dict__))}
    return _error_classes.get(key) or _error_classes.setdefault(key, type(name, (ClientError,), own))


def _revived(service_name: str, name: str, args: tuple[Any, ...], facts: Mapping[str, Any]) -> ClientError:
    return revived(error_class(service_name, name), args, facts)


class Exceptions:
    """`client.exceptions`: an exception class for each error of the service, made when first named."""

    def __init__(self, service_model: ServiceModel) -> None:
        self._service_model = service_model
        self.ClientError = ClientError

    @cached_property
    def _codes(self) -> dict[str, str]:
        """Class name to error code."""
        return {shape.name: shape.error_code or shape.name for shape in self._service_model.error_shapes}

    def __getattr__(self, name: str) -> type[ClientError]:
        if name.startswith("_") or name not in self._codes:
            known = ", ".join(self._codes) if not name.startswith("_") else ""
            raise AttributeError(f"{self._service_model.service_name} has no exception {name}. It has: {known}")
        return self._class(name)

    def __dir__(self) -> list[str]:
        return [*self._codes, "ClientError"]

    def from_code(self, code: str) -> type[ClientError]:
        """The class of an error code; ClientError for one that the model does not know."""
        for name, known in self._codes.items():
            if known == code:
                return self._class(name)
        return ClientError

    def specific(self, error: ClientError, operation: OperationModel) -> ClientError:
        """The same error as an instance of its own class, if the service has one for it."""
        facts = error.response.get("Error", {})
        code = facts.get("QueryErrorCode") or facts.get("Code")  # services that spoke the query protocol answer both
        shapes = (shape for shape in operation.error_shapes if code in (shape.error_code, shape.name))
        shape = next(shapes, None) or error_shape(operation, code)
        return error if shape is None else self._class(shape.name)(error.response, error.operation_name)

    def _class(self, name: str) -> type[ClientError]:
        return error_class(self._service_model.service_name, name)


def class_name(service_model: ServiceModel) -> str:
    """`Kinesis Video` gives `KinesisVideo`: the service's short name without `Amazon`, `AWS` and anything but letters."""
    metadata = service_model.metadata
    name = metadata.get("serviceAbbreviation") or metadata.get("serviceFullName") or service_model.service_name
    return re.sub(r"\W+", "", name.replace("Amazon", "").replace("AWS", ""))


_CLASS = "client_class"


def client_class(service_model: ServiceModel) -> type[Client]:
    """A class with a method for each operation of the service, and for what boto3 has beside them: one for a model.

    It is kept with the model: many sessions that share one would each have as much as all the rest of them takes.
    """
    kept = vars(service_model)
    if _CLASS not in kept:
        kept[_CLASS] = _made_class(service_model)
    made: type[Client] = kept[_CLASS]
    return made


def _made_class(service_model: ServiceModel) -> type[Client]:
    own_doc = type("OperationDoc", (OperationDoc,), {"service_model": service_model})
    methods: dict[str, Any] = {
        operation_py_name(name): _api_method(name, own_doc) for name in service_model.operation_names
    }
    further = services.of(service_model.service_name).client_methods
    methods |= {name: _late_method(name, reference) for name, reference in further.items()}
    doc = f"A client of {service_model.metadata.get('serviceFullName')}, API version {service_model.api_version}."
    return type(class_name(service_model), (Client,), {**methods, "__module__": __name__, "__doc__": doc})


class LateDoc(str):
    """A docstring that is made when it is read, of the text that stands for it."""

    def __str__(self) -> str:
        return resolve_name(str.__str__(self)).__doc__ or ""

    def expandtabs(self, tabsize: SupportsIndex = 8) -> str:  # what inspect and pydoc ask for first
        return str(self)


class OperationDoc(LateDoc):
    """That of the operation of that name."""

    service_model: ServiceModel

    def __str__(self) -> str:
        text: str = resolve_name(METHOD_TEXT)(self.service_model, str.__str__(self))
        return text


def _late_method(name: str, reference: str) -> Callable[..., Any]:
    """A method whose first argument is the client."""

    def method(self: Client, *args: Any, **options: Any) -> Any:
        return resolve_name(reference)(self, *args, **options)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = LateDoc(reference)
    return method


def _api_method(api_name: str, doc: type[OperationDoc]) -> Callable[..., dict[str, Any]]:
    def method(self: Client, *args: Any, **params: Any) -> dict[str, Any]:
        if args:
            raise TypeError(f"{operation_py_name(api_name)}() only accepts keyword arguments.")
        return self._make_api_call(api_name, params)

    method.__name__ = method.__qualname__ = operation_py_name(api_name)
    method.__doc__ = doc(api_name)
    return method


class _Module(ModuleType):
    """`awsmini.client` is this module, and the function that makes clients too: loading the one hides the other."""

    def __call__(self, service_name: str, *args: Any, **options: Any) -> Client:
        made: Client = resolve_name(MAKE_CLIENT)(service_name, *args, **options)
        return made


sys.modules[__name__].__class__ = _Module
