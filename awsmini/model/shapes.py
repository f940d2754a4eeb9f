"""Service models as values: services, operations and shapes, each read from the model when first asked for.

Attribute names are botocore's (`type_name`, `members`, `serialization`, `required_members` …), because
they are what everybody who has worked with these models knows.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from awsmini.errors import ModelError, UnknownOperationError, UnknownProtocolError

if TYPE_CHECKING:
    from awsmini.model.load import ModelLines

# In order of preference, where a model names several protocols (as botocore chooses).
PROTOCOLS = ("json", "rest-json", "rest-xml", "smithy-rpc-v2-cbor", "query", "ec2")

_SERIALIZATION = (
    "queryName", "flattened", "location", "payload", "streaming", "xmlNamespace", "resultWrapper",
    "xmlAttribute", "eventstream", "event", "eventheader", "eventpayload", "jsonvalue",
    "timestampFormat", "hostLabel",
)  # fmt: skip


class Shape:
    """One shape, together with the traits of the member that refers to it."""

    def __init__(self, name: str, traits: Mapping[str, Any], model: "ServiceModel") -> None:
        self.name = name
        self.traits = traits
        self.type_name: str = traits["type"]
        self.service_model = model

    def __repr__(self) -> str:
        return f"<{type(self).__name__}({self.name})>"

    @cached_property
    def serialization(self) -> dict[str, Any]:
        """How the shape is written on the wire; the model's `locationName` is `name` here."""
        found = {trait: self.traits[trait] for trait in _SERIALIZATION if trait in self.traits}
        if "locationName" in self.traits:
            found["name"] = self.traits["locationName"]
        return found

    @cached_property
    def metadata(self) -> Mapping[str, Any]:
        """Everything the model says of the shape (`min`, `enum`, `sensitive`, `contextParam` …)."""
        return self.traits

    @property
    def enum(self) -> list[str]:
        values: list[str] = self.traits.get("enum", [])
        return values

    @property
    def is_deprecated(self) -> bool:
        return bool(self.traits.get("deprecated"))

    @property
    def is_streaming(self) -> bool:
        return bool(self.traits.get("streaming"))

    @property
    def is_event_stream(self) -> bool:
        return bool(self.traits.get("eventstream"))


class StringShape(Shape):
    """A string, which may be one of an `enum`."""


class StructureShape(Shape):
    """A structure; `members` keeps the order of the model."""

    @cached_property
    def members(self) -> dict[str, Shape]:
        resolve = self.service_model.resolve_shape_ref
        return {name: resolve(reference) for name, reference in self.traits.get("members", {}).items()}

    @property
    def required_members(self) -> list[str]:
        names: list[str] = self.traits.get("required", [])
        return names

    @property
    def is_tagged_union(self) -> bool:
        return bool(self.traits.get("union"))

    @property
    def is_document_type(self) -> bool:
        return bool(self.traits.get("document"))

    @property
    def is_exception(self) -> bool:
        return bool(self.traits.get("exception"))

    @property
    def error_code(self) -> str | None:
        """The code on the wire of an error shape: its own, or its name; None for other structures."""
        if not self.is_exception:
            return None
        code: str = self.traits.get("error", {}).get("code", self.name)
        return code


class ListShape(Shape):
    """A list of `member`."""

    @cached_property
    def member(self) -> Shape:
        return self.service_model.resolve_shape_ref(self.traits["member"])


class MapShape(Shape):
    """A map from `key` to `value`."""

    @cached_property
    def key(self) -> Shape:
        return self.service_model.resolve_shape_ref(self.traits["key"])

    @cached_property
    def value(self) -> Shape:
        return self.service_model.resolve_shape_ref(self.traits["value"])


_CLASSES: dict[str, type[Shape]] = {
    "structure": StructureShape,
    "list": ListShape,
    "map": MapShape,
    "string": StringShape,
}


class ServiceModel:
    """One service: its metadata, and its operations and shapes by name."""

    def __init__(self, lines: "ModelLines") -> None:
        self._lines = lines
        self._shapes: dict[str, Shape] = {}
        self._operations: dict[str, OperationModel] = {}
        self.service_name = lines.service_name
        self.compiled: dict[Any, Any] = {}  # what a stage makes of the shapes once, under a key of its own

    def __repr__(self) -> str:
        return f"<{type(self).__name__}({self.service_name})>"

    @cached_property
    def description(self) -> dict[str, Any]:
        """The model's `service` line: `metadata` and what stands beside it."""
        return self._lines.get("service", self.service_name) or {}

    @cached_property
    def metadata(self) -> dict[str, Any]:
        found: dict[str, Any] | None = self.description.get("metadata")
        if found is None:
            raise ModelError(f"The model of {self.service_name} is damaged: it does not say what service it is of")
        return found

    @cached_property
    def operation_names(self) -> list[str]:
        return self._lines.names("operation")

    @cached_property
    def deprecated_operations(self) -> frozenset[str]:
        """The names of operations that are deprecated; only those that may be so are read."""
        near = self._lines.containing("operation", b'"deprecated"')
        return frozenset(name for name in near if self.operation_model(name).deprecated)

    def lines_of(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """All lines of a kind, each as its name and its JSON, not decoded."""
        return self._lines.of_kind(kind)

    @cached_property
    def shape_names(self) -> list[str]:
        return self._lines.names("shape")

    @cached_property
    def error_shapes(self) -> list[StructureShape]:
        """The shapes that are exceptions, and none but what looks like one is read: others are many."""
        shapes = map(self.shape_for, self._lines.containing("shape", b'"exception":'))
        return [shape for shape in shapes if isinstance(shape, StructureShape) and shape.is_exception]

    def operation_model(self, operation_name: str) -> "OperationModel":
        """The operation of that API name; raises UnknownOperationError."""
        found = self._operations.get(operation_name)
        if found is None:
            line = self._lines.get("operation", operation_name)
            if line is None:
                raise UnknownOperationError(self.service_name, operation_name)
            found = self._operations[operation_name] = OperationModel(operation_name, line, self)
        return found

    def shape_for(self, shape_name: str, member_traits: Mapping[str, Any] | None = None) -> Shape:
        """The shape of that name, with the traits of a referring member laid over its own."""
        shape = self._shapes.get(shape_name)
        if shape is None:
            line = self._lines.get("shape", shape_name)
            if line is None:
                raise KeyError(f"{self.service_name} has no shape {shape_name}")
            shape = self._shapes[shape_name] = self._make(shape_name, line)
        if not member_traits:
            return shape
        return self._make(shape_name, {**shape.traits, **member_traits})

    def resolve_shape_ref(self, reference: Mapping[str, Any]) -> Shape:
        """The shape of a reference such as `{"shape": "StreamName", "location": "uri"}`."""
        traits = dict(reference)
        return self.shape_for(traits.pop("shape"), traits)

    def _make(self, name: str, traits: Mapping[str, Any]) -> Shape:
        return _CLASSES.get(traits["type"], Shape)(name, traits, self)

    @property
    def service_id(self) -> str:
        found: str = self.metadata.get("serviceId") or self.service_name
        return found

    @property
    def endpoint_prefix(self) -> str:
        found: str = self.metadata["endpointPrefix"]
        return found

    @property
    def signing_name(self) -> str:
        found: str = self.metadata.get("signingName") or self.endpoint_prefix
        return found

    @property
    def api_version(self) -> str:
        found: str = self.metadata["apiVersion"]
        return found

    @property
    def signature_version(self) -> str:
        found: str = self.metadata["signatureVersion"]
        return found

    @cached_property
    def protocol(self) -> str:
        """The protocol spoken: the first of `PROTOCOLS` among those that the model names."""
        named = self.metadata.get("protocols") or [self.metadata["protocol"]]
        for protocol in PROTOCOLS:
            if protocol in named:
                return protocol
        raise UnknownProtocolError(self.service_name, named)

    @property
    def is_query_compatible(self) -> bool:
        return "awsQueryCompatible" in self.metadata

    @cached_property
    def endpoint_rule_set(self) -> dict[str, Any] | None:
        return self._lines.get("endpoints", self.service_name)

    @cached_property
    def paginated_names(self) -> list[str]:
        """The operations that have a paginator."""
        return self._lines.names("paginator")

    def paginator(self, operation_name: str) -> dict[str, Any] | None:
        """`input_token`, `output_token`, `limit_key`, `result_key`, `more_results`, `non_aggregate_keys`."""
        return self._lines.get("paginator", operation_name)

    @cached_property
    def waiter_names(self) -> list[str]:
        return self._lines.names("waiter")

    def waiter(self, name: str) -> dict[str, Any] | None:
        """`operation`, `delay` (seconds), `maxAttempts`, `acceptors`."""
        return self._lines.get("waiter", name)


REPEATABLE_METHODS = ("GET", "HEAD", "PUT", "DELETE")  # by HTTP's own rules
READING = ("Get", "List", "Describe", "Head", "Query", "Scan", "Search", "Select", "Lookup", "Assume", "Simulate")


class OperationModel:
    """One operation of a service."""

    def __init__(self, name: str, line: Mapping[str, Any], service_model: ServiceModel) -> None:
        self.name = name
        self.traits = line
        self.service_model = service_model
        self.http: dict[str, Any] = line.get("http", {})
        self.metadata = service_model.metadata

    def __repr__(self) -> str:
        return f"<{type(self).__name__}(name={self.name})>"

    @property
    def wire_name(self) -> str:
        """The name sent: as botocore, what the model's `name` says."""
        found: str = self.traits.get("name", self.name)
        return found

    @cached_property
    def input_shape(self) -> StructureShape | None:
        return self._structure("input")

    @cached_property
    def output_shape(self) -> StructureShape | None:
        return self._structure("output")

    def _structure(self, key: str) -> StructureShape | None:
        if key not in self.traits:
            return None
        shape = self.service_model.resolve_shape_ref(self.traits[key])
        assert isinstance(shape, StructureShape)
        return shape

    @cached_property
    def error_shapes(self) -> list[StructureShape]:
        shapes = (self.service_model.shape_for(name) for name in self.traits.get("errors", []))
        return [shape for shape in shapes if isinstance(shape, StructureShape)]

    @property
    def deprecated(self) -> bool:
        return bool(self.traits.get("deprecated"))

    @cached_property
    def idempotent_members(self) -> list[str]:
        """Top-level members that get a random UUID when not given."""
        return [name for name, member in self._input_members if "idempotencyToken" in member.traits]

    @property
    def is_repeatable(self) -> bool:
        """Whether making the call twice comes to the same as making it once, as far as model, method and name tell."""
        kind = self.name.removeprefix("Batch")
        return bool(
            self.traits.get("idempotent")
            or self.http.get("method") in REPEATABLE_METHODS
            or any(kind.startswith(verb) and not kind[len(verb) : len(verb) + 1].islower() for verb in READING)
            or self.idempotent_members
        )

    @property
    def _input_members(self) -> Iterable[tuple[str, Shape]]:
        return self.input_shape.members.items() if self.input_shape else ()

    @property
    def host_prefix(self) -> str | None:
        """`endpoint.hostPrefix`, a template with `{Member}` labels."""
        found: str | None = self.traits.get("endpoint", {}).get("hostPrefix")
        return found

    @property
    def static_context_parameters(self) -> dict[str, Any]:
        """Endpoint parameters that the operation fixes: name to value."""
        return {name: param["value"] for name, param in self.traits.get("staticContextParams", {}).items()}

    @cached_property
    def context_parameters(self) -> dict[str, str]:
        """Endpoint parameters taken from input members: parameter name to member name."""
        return {
            member.traits["contextParam"]["name"]: name
            for name, member in self._input_members
            if "contextParam" in member.traits
        }

    @property
    def operation_context_parameters(self) -> dict[str, str]:
        """Endpoint parameters found by a JMESPath over the input: parameter name to path."""
        return {name: param["path"] for name, param in self.traits.get("operationContextParams", {}).items()}

    @property
    def auth(self) -> list[str] | None:
        """The auth traits of the operation, or of its service (`aws.auth#sigv4` …)."""
        return self.traits.get("auth") or self.metadata.get("auth")

    @property
    def auth_type(self) -> str | None:
        """The older `authtype`: `none`, `v4`, `v4-unsigned-body`, `bearer` …"""
        return self.traits.get("authtype")

    @property
    def unsigned_payload(self) -> bool:
        return bool(self.traits.get("unsignedPayload"))

    @property
    def http_checksum_required(self) -> bool:
        return bool(self.traits.get("httpChecksumRequired"))

    @property
    def http_checksum(self) -> dict[str, Any]:
        found: dict[str, Any] = self.traits.get("httpChecksum", {})
        return found

    @property
    def request_compression(self) -> dict[str, Any] | None:
        return self.traits.get("requestcompression")

    @property
    def endpoint_discovery(self) -> dict[str, Any] | None:
        return self.traits.get("endpointdiscovery")

    @property
    def is_endpoint_discovery_operation(self) -> bool:
        return bool(self.traits.get("endpointoperation"))

    @cached_property
    def has_streaming_input(self) -> bool:
        return self.streaming_member(self.input_shape) is not None

    @cached_property
    def has_streaming_output(self) -> bool:
        return self.streaming_member(self.output_shape) is not None

    @cached_property
    def has_event_stream_input(self) -> bool:
        return self.event_stream_member(self.input_shape) is not None

    @cached_property
    def has_event_stream_output(self) -> bool:
        return self.event_stream_member(self.output_shape) is not None

    @staticmethod
    def streaming_member(shape: StructureShape | None) -> str | None:
        """The payload member where it is a blob sent or received as it is, as botocore decides it."""
        payload = shape.traits.get("payload") if shape else None
        if shape and payload and shape.members[payload].type_name == "blob":
            return str(payload)
        return None

    @staticmethod
    def event_stream_member(shape: StructureShape | None) -> str | None:
        """The member that is an event stream."""
        members = shape.members.items() if shape else ()
        return next((name for name, member in members if member.is_event_stream), None)

    @cached_property
    def paginator(self) -> dict[str, Any] | None:
        return self.service_model.paginator(self.name)
