"""Smithy's shapes and their traits, turned into the shapes of a botocore model."""

from collections.abc import Mapping
from typing import Any

_SIMPLE = {
    "bigDecimal": "double",
    "bigInteger": "long",
    "blob": "blob",
    "boolean": "boolean",
    "byte": "integer",
    "double": "double",
    "enum": "string",
    "float": "float",
    "intEnum": "integer",
    "integer": "integer",
    "long": "long",
    "short": "integer",
    "string": "string",
    "timestamp": "timestamp",
}
_PRELUDE = {name[0].upper() + name[1:]: {"type": name} for name in (*_SIMPLE, "document")}
_PRELUDE |= {f"Primitive{name}": shape for name, shape in _PRELUDE.items()}
_PRELUDE["Unit"] = {"type": "structure"}

_TIMESTAMP_FORMATS = {"date-time": "iso8601", "epoch-seconds": "unixTimestamp", "http-date": "rfc822"}

_FLAGS = {
    "aws.api#clientEndpointDiscoveryId": "endpointdiscoveryid",
    "smithy.api#box": "box",
    "smithy.api#deprecated": "deprecated",
    "smithy.api#eventHeader": "eventheader",
    "smithy.api#eventPayload": "eventpayload",
    "smithy.api#hostLabel": "hostLabel",
    "smithy.api#idempotencyToken": "idempotencyToken",
    "smithy.api#requiresLength": "requiresLength",
    "smithy.api#sensitive": "sensitive",
    "smithy.api#xmlAttribute": "xmlAttribute",
    "smithy.api#xmlFlattened": "flattened",
}
_FACTS = {
    "aws.protocols#ec2QueryName": "queryName",
    "smithy.api#pattern": "pattern",
    "smithy.api#xmlNamespace": "xmlNamespace",
    "smithy.rules#contextParam": "contextParam",
}
_LOCATIONS = {
    "smithy.api#httpHeader": "header",
    "smithy.api#httpPrefixHeaders": "headers",
    "smithy.api#httpQuery": "querystring",
}
_BOUND = (*_LOCATIONS, "smithy.api#httpLabel", "smithy.api#httpQueryParams", "smithy.api#httpResponseCode")

Traits = Mapping[str, Any]


class Shapes:
    """The shapes that the operations of one service reach; `made` fills as they are asked for."""

    def __init__(self, ast: Mapping[str, Any], service: Mapping[str, Any], protocol: str) -> None:
        traits: Traits = service.get("traits", {})
        self.ast = ast
        self.protocol = protocol
        self.renamed: Mapping[str, str] = service.get("rename", {})
        self.namespace: Mapping[str, str] | None = traits.get("smithy.api#xmlNamespace")
        self.has_query_errors = protocol == "query" or "aws.protocols#awsQueryCompatible" in traits
        self.made: dict[str, Any] = {}
        self._of: dict[str, str] = {}  # which shape ID each made name stands for

    def input(self, shape_id: str) -> dict[str, Any]:
        """`{"input": reference}` of an operation; empty where it takes nothing."""
        if shape_id == "smithy.api#Unit":
            return {}
        reference: dict[str, Any] = {"shape": self.make(shape_id)}
        if self.protocol == "rest-xml" and self._has_xml_body(shape_id):
            reference |= self._root(shape_id, {})
        return {"input": reference}

    def output(self, shape_id: str, operation_name: str) -> dict[str, Any]:
        """`{"output": reference}` of an operation; empty where it answers nothing."""
        if shape_id == "smithy.api#Unit":
            return {}
        reference = {"shape": self.make(shape_id)}
        if self.protocol == "query":
            reference["resultWrapper"] = f"{operation_name}Result"
        return {"output": reference}

    def error_codes(self, operation: Mapping[str, Any]) -> dict[str, str]:
        """The errors of an operation, by their IDs and by their names: their codes on the wire."""
        codes: dict[str, str] = {}
        for error in operation.get("errors", ()):
            name = self.make(error["target"])
            code = self.made[name].get("error", {}).get("code", name)
            codes |= {error["target"]: code, name: code}
        return codes

    def output_members(self, operation: Mapping[str, Any]) -> list[str]:
        """The names of the members of an operation's output."""
        target = operation.get("output", {}).get("target", "smithy.api#Unit")
        return list(self._source(target).get("members", {}))

    def make(self, shape_id: str) -> str:
        """The name of the shape in the model made, which it is put into with all that it reaches."""
        name = self._name(shape_id)
        if self._of.setdefault(name, shape_id) != shape_id:
            raise ValueError(f"two shapes are named {name}: {self._of[name]} and {shape_id}")
        if name not in self.made:
            self.made[name] = {}  # shapes may contain themselves
            self.made[name] = self._shape(shape_id, self._source(shape_id))
        return name

    def _name(self, shape_id: str) -> str:
        if shape_id.startswith("smithy.api#"):
            return f"__{shape_id.rpartition('#')[2]}"
        return self.renamed.get(shape_id) or shape_id.rpartition("#")[2]

    def _source(self, shape_id: str) -> Mapping[str, Any]:
        if shape_id.startswith("smithy.api#"):
            return _PRELUDE[shape_id.rpartition("#")[2]]
        found: Mapping[str, Any] = self.ast[shape_id]
        return found

    def _shape(self, shape_id: str, shape: Mapping[str, Any]) -> dict[str, Any]:
        kind: str = shape["type"]
        traits: Traits = shape.get("traits", {})
        facts = self._facts(traits)
        if kind in ("structure", "union"):
            return {"type": "structure", **self._structure(kind, shape, traits), **facts}
        if kind in ("list", "set"):
            return {"type": "list", "member": self._element(shape["member"]), **facts}
        if kind == "map":
            return {"type": "map", "key": self._element(shape["key"]), "value": self._element(shape["value"]), **facts}
        if kind == "document":
            return {"type": "structure", "members": {}, "document": True, **facts}
        if kind not in _SIMPLE:
            raise ValueError(f"{shape_id} is a {kind}, which is no type of a value")
        if kind == "enum":
            values = [self._enum_value(name, member) for name, member in shape["members"].items()]
            facts["enum"] = values
        elif "smithy.api#enum" in traits:
            facts["enum"] = [value["value"] for value in traits["smithy.api#enum"]]
        if "smithy.api#streaming" in traits:
            facts["streaming"] = True
        if kind == "string" and traits.get("smithy.api#mediaType") == "application/json":
            facts["jsonvalue"] = True
        return {"type": _SIMPLE[kind], **facts}

    @staticmethod
    def _enum_value(name: str, member: Mapping[str, Any]) -> str:
        value: str = member.get("traits", {}).get("smithy.api#enumValue", name)
        return value

    def _structure(self, kind: str, shape: Mapping[str, Any], traits: Traits) -> dict[str, Any]:
        members: Mapping[str, Any] = shape.get("members", {})
        made: dict[str, Any] = {
            "members": {name: self._member(name, member) for name, member in members.items()},
        }
        of_members = {name: member.get("traits", {}) for name, member in members.items()}
        required = [name for name, its in of_members.items() if "smithy.api#required" in its]
        if required:
            made["required"] = required
        payload = [name for name, its in of_members.items() if "smithy.api#httpPayload" in its]
        if payload and self.protocol.startswith("rest-"):
            made["payload"] = payload[0]
        if kind == "union":
            made["eventstream" if "smithy.api#streaming" in traits else "union"] = True
        if "smithy.api#streaming" in traits:
            for member in members.values():
                if "smithy.api#error" not in self._source(member["target"]).get("traits", {}):
                    self.made[self.make(member["target"])]["event"] = True
        if "smithy.api#error" in traits:
            made |= _error(traits, self.has_query_errors)
        return made

    def _member(self, name: str, member: Mapping[str, Any]) -> dict[str, Any]:
        target: str = member["target"]
        traits: Traits = member.get("traits", {})
        made = {"shape": self.make(target), **self._facts(traits)}
        if self.protocol == "ec2" and "locationName" not in made and "queryName" not in made:
            made["queryName"] = name[0].upper() + name[1:]
        if self.protocol.startswith("rest-"):
            made |= self._location(name, traits)
        if "location" in made:
            return made
        if self.protocol == "rest-json" and "smithy.api#jsonName" in traits:
            made["locationName"] = traits["smithy.api#jsonName"]
        if self.protocol == "rest-xml" and "smithy.api#httpPayload" in traits:
            made |= self._root(target, traits)
        return made

    @staticmethod
    def _location(name: str, traits: Traits) -> dict[str, Any]:
        for trait, location in _LOCATIONS.items():
            if trait in traits:
                return {"location": location, "locationName": traits[trait]}
        if "smithy.api#httpLabel" in traits:
            return {"location": "uri", "locationName": name}
        if "smithy.api#httpQueryParams" in traits:
            return {"location": "querystring"}
        return {"location": "statusCode"} if "smithy.api#httpResponseCode" in traits else {}

    def _element(self, member: Mapping[str, Any]) -> dict[str, Any]:
        """The member of a list, or the key or value of a map."""
        return {"shape": self.make(member["target"]), **self._facts(member.get("traits", {}))}

    def _facts(self, traits: Traits) -> dict[str, Any]:
        """What traits say that is the same for shapes and for members."""
        found: dict[str, Any] = {key: True for trait, key in _FLAGS.items() if trait in traits}
        found |= {key: traits[trait] for trait, key in _FACTS.items() if trait in traits}
        for trait in ("smithy.api#length", "smithy.api#range"):
            found |= traits.get(trait, {})
        if "smithy.api#xmlName" in traits and self.protocol in ("rest-xml", "query", "ec2"):
            found["locationName"] = traits["smithy.api#xmlName"]
        if "smithy.api#timestampFormat" in traits:
            found["timestampFormat"] = _TIMESTAMP_FORMATS[traits["smithy.api#timestampFormat"]]
        return found

    def _has_xml_body(self, shape_id: str) -> bool:
        """Whether some members of an input are bound to nothing, and so make up the document."""
        members = self._source(shape_id).get("members", {}).values()
        bound = [{*member.get("traits", {})} for member in members]
        return not any("smithy.api#httpPayload" in traits for traits in bound) and any(
            traits.isdisjoint(_BOUND) for traits in bound
        )

    def _root(self, shape_id: str, traits: Traits) -> dict[str, Any]:
        """The name and namespace of the root element of an XML document; nothing for a payload that is no structure."""
        source = self._source(shape_id)
        if source["type"] not in ("structure", "union") or "smithy.api#streaming" in source.get("traits", {}):
            return {}
        named = {**source.get("traits", {}), **traits}
        root: dict[str, Any] = {"locationName": named.get("smithy.api#xmlName") or self._name(shape_id)}
        namespace = named.get("smithy.api#xmlNamespace") or self.namespace
        if namespace:
            root["xmlNamespace"] = namespace
        return root


def _error(traits: Traits, has_query_errors: bool) -> dict[str, Any]:
    """What makes a structure an error."""
    made: dict[str, Any] = {"exception": True}
    query = traits.get("aws.protocols#awsQueryError") if has_query_errors else None
    status = traits.get("smithy.api#httpError")
    if query:
        fault = traits["smithy.api#error"] == "client"
        made["error"] = {"code": query["code"], "httpStatusCode": query["httpResponseCode"], "senderFault": fault}
    elif status:
        made["error"] = {"httpStatusCode": status}
    if traits["smithy.api#error"] == "server":
        made["fault"] = True
    if "smithy.api#retryable" in traits:
        made["retryable"] = {"throttling": bool(traits["smithy.api#retryable"].get("throttling"))}
    return made
