"""Smithy models (their JSON AST, as in AWS's repository of API models) turned into what a botocore model says.

    files = smithy.files(json.loads(Path("kinesis-video-2017-09-30.json").read_bytes()))
    files["service-2"]["operations"]["ListStreams"]

The facts are the same in both; names and places differ. Prose is not looked at. The traits are those of the
Smithy 2.0 specification (smithy.io/2.0) and of its AWS part; models of version 1.0 are read as well.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from awsmini.errors import ModelError
from awsmini.model.shapes import PROTOCOLS
from awsmini.model.smithy_shapes import Shapes
from awsmini.model.smithy_traits import paginator, waiters

_PROTOCOLS: dict[str, tuple[str, dict[str, str]]] = {
    "aws.protocols#awsJson1_0": ("json", {"jsonVersion": "1.0"}),
    "aws.protocols#awsJson1_1": ("json", {"jsonVersion": "1.1"}),
    "aws.protocols#awsQuery": ("query", {}),
    "aws.protocols#ec2Query": ("ec2", {}),
    "aws.protocols#restJson1": ("rest-json", {"jsonVersion": "1.1"}),
    "aws.protocols#restXml": ("rest-xml", {}),
    "smithy.protocols#rpcv2Cbor": ("smithy-rpc-v2-cbor", {}),
}
_AUTH = ("aws.auth#sigv4", "aws.auth#sigv4a", "smithy.api#httpBearerAuth")
_NO_AUTH = "smithy.api#noAuth"
_NAMESPACED = ("ec2", "query")
_SIGNATURES = {"S3": "s3", "S3 Control": "s3v4"}
_OPERATION_ID = re.compile(r"[?&]x-id=\w+$")  # S3's, for servers that tell operations apart by their URL alone
_RESOURCE_OPERATIONS = ("create", "put", "read", "update", "delete", "list")


class SmithyError(ModelError):
    """The model is no Smithy model, or has something in it that no command can be made of."""


def is_smithy(model: Mapping[str, Any]) -> bool:
    return isinstance(model.get("smithy"), str) and isinstance(model.get("shapes"), dict)


def files(ast: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The files of a botocore model, by their names without `.json`. Raises SmithyError."""
    try:
        return _Service(ast["shapes"]).files()
    except KeyError as error:
        raise SmithyError(f"The Smithy model refers to {error.args[0]}, which it does not have") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise SmithyError(f"The Smithy model is not built as its specification says: {error}") from error


class _Service:
    def __init__(self, shapes: Mapping[str, Any]) -> None:
        self.ast = shapes
        services = [name for name, shape in shapes.items() if shape["type"] == "service"]
        if len(services) != 1:
            raise SmithyError(f"The Smithy model has to have one service; it has {', '.join(services) or 'none'}")
        self.id = services[0]
        self.shape: Mapping[str, Any] = shapes[self.id]
        self.traits: Mapping[str, Any] = self.shape.get("traits", {})
        self.protocols = [_PROTOCOLS[trait] for trait in sorted(self.traits) if trait in _PROTOCOLS]
        if not self.protocols:
            raise SmithyError("The service of the Smithy model speaks none of the protocols known here")
        self.protocol, self.protocol_facts = min(self.protocols, key=lambda known: PROTOCOLS.index(known[0]))
        self.shapes = Shapes(shapes, self.shape, self.protocol)

    def files(self) -> dict[str, dict[str, Any]]:
        operations = {
            operation.rpartition("#")[2]: self.ast[operation] for operation in sorted(set(self._operations()))
        }
        made: dict[str, dict[str, Any]] = {
            "service-2": {
                "version": "2.0",
                "metadata": self._metadata(),
                "operations": {name: self._operation(name, shape) for name, shape in operations.items()},
                "shapes": self.shapes.made,
            },
            "paginators-1": {"pagination": self._paginators(operations)},
            "waiters-2": {"version": 2, "waiters": self._waiters(operations)},
            "endpoint-rule-set-1": self._rule_set(),
        }
        context = self.traits.get("smithy.rules#clientContextParams")
        if context:
            made["service-2"]["clientContextParams"] = context
        return made

    # The service ------------------------------------------------------------------------------------------------

    def _metadata(self) -> dict[str, Any]:
        about = self.traits.get("aws.api#service", {})
        name = self.id.rpartition("#")[2]
        service_id = about.get("sdkId", name)
        prefix = about.get("endpointPrefix") or about.get("arnNamespace") or service_id.lower().replace(" ", "")
        found = {
            "apiVersion": self.shape.get("version", ""),
            "auth": self._auth(),
            "endpointPrefix": prefix,
            "protocol": self.protocol,
            "protocols": [protocol for protocol, _ in self.protocols],
            "serviceFullName": self.traits.get("smithy.api#title", service_id),
            "serviceId": service_id,
            "signatureVersion": self._signature_version(service_id),
            "signingName": self.traits.get("aws.auth#sigv4", {}).get("name", prefix),
            "uid": f"{service_id.lower().replace(' ', '-')}-{self.shape.get('version', '')}",
            **self.protocol_facts,
        }
        if self.protocol in ("json", "smithy-rpc-v2-cbor"):
            found["targetPrefix"] = name
        if self.protocol in _NAMESPACED and "smithy.api#xmlNamespace" in self.traits:
            found["xmlNamespace"] = self.traits["smithy.api#xmlNamespace"]["uri"]
        if "aws.protocols#awsQueryCompatible" in self.traits:
            found["awsQueryCompatible"] = {}
        return found

    def _auth(self) -> list[str]:
        named = self.traits.get("smithy.api#auth")
        return list(named if named is not None else filter(self.traits.__contains__, _AUTH)) or [_NO_AUTH]

    def _signature_version(self, service_id: str) -> str:
        by_auth = {"smithy.api#httpBearerAuth": "bearer", _NO_AUTH: "none"}
        return _SIGNATURES.get(service_id) or by_auth.get(self._auth()[0], "v4")

    def _rule_set(self) -> dict[str, Any]:
        rules: dict[str, Any] | None = self.traits.get("smithy.rules#endpointRuleSet")
        if rules is None:
            return standard_rule_set(self._metadata()["endpointPrefix"])
        parameters = {name: {**facts, "type": facts["type"].lower()} for name, facts in rules["parameters"].items()}
        return {**rules, "parameters": parameters}

    # Operations -------------------------------------------------------------------------------------------------

    def _operations(self) -> Iterator[str]:
        """The shape IDs of all operations, those of resources included."""
        waiting = [self.shape]
        while waiting:
            holder = waiting.pop()
            for key in ("operations", "collectionOperations"):
                yield from (reference["target"] for reference in holder.get(key, ()))
            yield from (holder[key]["target"] for key in _RESOURCE_OPERATIONS if key in holder)
            waiting += [self.ast[reference["target"]] for reference in holder.get("resources", ())]

    def _operation(self, name: str, shape: Mapping[str, Any]) -> dict[str, Any]:
        traits = shape.get("traits", {})
        made: dict[str, Any] = {"name": name, "http": self._http(name, traits)}
        if "input" in shape:
            made |= self.shapes.input(shape["input"]["target"])
        if "output" in shape:
            made |= self.shapes.output(shape["output"]["target"], name)
        errors = [*shape.get("errors", ()), *self.shape.get("errors", ())]
        if errors:
            made["errors"] = [{"shape": self.shapes.make(error["target"])} for error in errors]
        return made | self._facts(name, traits)

    def _http(self, name: str, traits: Mapping[str, Any]) -> dict[str, Any]:
        if not self.protocol.startswith("rest-"):
            return {"method": "POST", "requestUri": "/"}
        if "smithy.api#http" not in traits:
            raise SmithyError(f"The operation {name} has no smithy.api#http, which {self.protocol} needs")
        http = traits["smithy.api#http"]
        uri = _OPERATION_ID.sub("", http["uri"])
        return {"method": http["method"], "requestUri": uri, "responseCode": http.get("code", 200)}

    def _facts(self, name: str, traits: Mapping[str, Any]) -> dict[str, Any]:
        """What else the traits of an operation say."""
        found: dict[str, Any] = {}
        for trait, key in _OPERATION_FLAGS.items():
            if trait in traits:
                found[key] = True
        for trait, key in _OPERATION_FACTS.items():
            if trait in traits:
                found[key] = traits[trait]
        if "smithy.api#optionalAuth" in traits or traits.get("smithy.api#auth") == []:
            found |= {"authtype": "none", "auth": [_NO_AUTH]}
        elif "smithy.api#auth" in traits:
            found["auth"] = traits["smithy.api#auth"]
        if "aws.auth#unsignedPayload" in traits:
            found |= {"authtype": "v4-unsigned-body", "unsignedPayload": True}
        discovery = self.traits.get("aws.api#clientEndpointDiscovery", {})
        if discovery.get("operation", "").rpartition("#")[2] == name:
            found["endpointoperation"] = True
        return found

    def _paginators(self, operations: Mapping[str, Any]) -> dict[str, Any]:
        defaults = self.traits.get("smithy.api#paginated", {})
        made = {
            name: paginator({**defaults, **shape["traits"]["smithy.api#paginated"]}, self.shapes.output_members(shape))
            for name, shape in operations.items()
            if "smithy.api#paginated" in shape.get("traits", {})
        }
        return {name: config for name, config in made.items() if config}

    def _waiters(self, operations: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, shape in operations.items():
            waitable = shape.get("traits", {}).get("smithy.waiters#waitable")
            if waitable:
                made |= waiters(name, waitable, self.shapes.error_codes(shape))
        return made


_OPERATION_FLAGS = {
    "smithy.api#deprecated": "deprecated",
    "smithy.api#httpChecksumRequired": "httpChecksumRequired",
    "smithy.api#idempotent": "idempotent",
    "smithy.api#readonly": "readonly",
}
_OPERATION_FACTS = {
    "aws.api#clientDiscoveredEndpoint": "endpointdiscovery",
    "aws.protocols#httpChecksum": "httpChecksum",
    "smithy.api#endpoint": "endpoint",
    "smithy.api#requestCompression": "requestcompression",
    "smithy.rules#operationContextParams": "operationContextParams",
    "smithy.rules#staticContextParams": "staticContextParams",
}


def standard_rule_set(endpoint_prefix: str) -> dict[str, Any]:
    """Endpoint rules for a service that states none: an endpoint given, or `https://PREFIX.REGION.SUFFIX`."""
    given = {"fn": "isSet", "argv": [{"ref": "Endpoint"}]}
    partition = {"fn": "aws.partition", "argv": [{"ref": "Region"}], "assign": "PartitionResult"}
    standard = f"https://{endpoint_prefix}.{{Region}}.{{PartitionResult#dnsSuffix}}"
    return {
        "version": "1.0",
        "parameters": {
            "Region": {"builtIn": "AWS::Region", "required": False, "type": "string"},
            "Endpoint": {"builtIn": "SDK::Endpoint", "required": False, "type": "string"},
        },
        "rules": [
            _endpoint_rule([given], {"ref": "Endpoint"}),
            _endpoint_rule([{"fn": "isSet", "argv": [{"ref": "Region"}]}, partition], standard),
            {"conditions": [], "error": "Invalid Configuration: Missing Region", "type": "error"},
        ],
    }


def _endpoint_rule(conditions: list[dict[str, Any]], url: str | dict[str, str]) -> dict[str, Any]:
    return {"conditions": conditions, "endpoint": {"url": url, "properties": {}, "headers": {}}, "type": "endpoint"}
