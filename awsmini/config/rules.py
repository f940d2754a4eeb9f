"""The language of endpoint rules: conditions, functions and templates, evaluated as they are met.

A rule has conditions, which must all hold, and is an endpoint, an error, or a tree of more rules. A condition
holds unless it gives None or False; what it is told to `assign` can be referred to further down that branch.
Nothing is compiled beforehand: one call walks a few dozen of the thousands of nodes that S3's rules have.
(Smithy's specification of the rules engine; where it is silent, as AWS CLI v2 does.)
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from awsmini.errors import EndpointError
from awsmini.records import Endpoint
from awsmini.serialize.url import without_dots

Scope = dict[str, Any]  # parameters, and the variables assigned on the way here
Function = Callable[..., Any]


# Evaluation ----------------------------------------------------------------------------------------------------


def evaluate(rules: Sequence[Mapping[str, Any]], scope: Scope, functions: Mapping[str, Function]) -> Endpoint | None:
    """The endpoint of the first rule that gives one; raises EndpointError at an error rule that holds."""
    for rule in rules:
        inner = _held(rule["conditions"], scope, functions)
        if inner is None:
            continue
        if rule["type"] == "error":
            raise EndpointError(_value(rule["error"], inner, functions))
        if rule["type"] == "endpoint":
            return _endpoint(rule["endpoint"], inner, functions)
        found = evaluate(rule["rules"], inner, functions)
        if found is not None:
            return found
    return None


def _held(conditions: Sequence[Mapping[str, Any]], scope: Scope, functions: Mapping[str, Function]) -> Scope | None:
    """The scope with what the conditions assign, or None where one of them does not hold."""
    for condition in conditions:
        result = _call(condition, scope, functions)
        if result is None or result is False:
            return None
        if "assign" in condition:
            scope = {**scope, condition["assign"]: result}
    return scope


def _call(expression: Mapping[str, Any], scope: Scope, functions: Mapping[str, Function]) -> Any:
    function = functions.get(expression["fn"])
    if function is None:
        raise EndpointError(f"The endpoint rules use a function that is not known here: {expression['fn']}")
    return function(*[_value(argument, scope, functions) for argument in expression["argv"]])


def _value(expression: Any, scope: Scope, functions: Mapping[str, Function]) -> Any:
    if isinstance(expression, dict):
        if "ref" in expression:
            return scope.get(expression["ref"])
        return _call(expression, scope, functions)
    if isinstance(expression, str) and "{" in expression:
        return expression.format_map(_Names(scope))
    return expression


class _Names(dict[str, Any]):
    """What a template may name: variables, and their attributes as in `{PartitionResult#dnsSuffix}`."""

    def __missing__(self, key: str) -> Any:
        name, *path = key.split("#")
        if not path:
            raise KeyError(key)
        value = self[name]
        for part in path:
            value = value[part]
        return value


def _endpoint(rule: Mapping[str, Any], scope: Scope, functions: Mapping[str, Function]) -> Endpoint:
    headers = rule.get("headers", {})
    return Endpoint(
        url=_value(rule["url"], scope, functions),
        headers={name: [_value(item, scope, functions) for item in items] for name, items in headers.items()},
        properties=_properties(rule.get("properties", {}), scope, functions),
    )


def _properties(value: Any, scope: Scope, functions: Mapping[str, Function]) -> Any:
    """Properties are data of any depth, in which only strings are templates."""
    if isinstance(value, dict):
        return {name: _properties(item, scope, functions) for name, item in value.items()}
    if isinstance(value, list):
        return [_properties(item, scope, functions) for item in value]
    return _value(value, scope, functions)


# Functions -----------------------------------------------------------------------------------------------------


def functions_for(partitions: Mapping[str, Any]) -> dict[str, Function]:
    """Every function by name, with `aws.partition` bound to the partitions of `partitions.json`."""
    return {**FUNCTIONS, "aws.partition": partial(partition, partitions["partitions"])}


def partition(partitions: Sequence[Mapping[str, Any]], region: str | None) -> dict[str, Any]:
    """The facts of a region's partition: by name, else by the partition's pattern, else those of `aws`."""
    for candidate in partitions:
        if region in candidate["regions"]:
            return {"name": candidate["id"], **candidate["outputs"]}
    for candidate in partitions:
        if region and re.match(candidate["regionRegex"], region):
            return {"name": candidate["id"], **candidate["outputs"]}
    return {"name": partitions[0]["id"], **partitions[0]["outputs"]}


def get_attr(value: Any, path: str) -> Any:
    """`name`, `name.inner`, `name[0]` or `[0]` of a value; None where there is nothing."""
    for part in path.split("."):
        name, bracket, index = part.partition("[")
        if name:
            value = value.get(name) if isinstance(value, Mapping) else None
        if bracket:
            at = int(index[:-1])
            value = value[at] if isinstance(value, (list, tuple)) and at < len(value) else None
    return value


def parse_arn(value: str | None) -> dict[str, Any] | None:
    """The parts of an ARN, the resource split at `:` and `/`; None for anything else."""
    parts = value.split(":", 5) if value else []
    if len(parts) < 6 or parts[0] != "arn" or not (parts[1] and parts[2] and parts[5]):
        return None
    return {
        "partition": parts[1],
        "service": parts[2],
        "region": parts[3],
        "accountId": parts[4],
        "resourceId": parts[5].replace(":", "/").split("/"),
    }


def parse_url(value: str | None) -> dict[str, Any] | None:
    """Scheme, authority and path of an http(s) URL that has no query; None for anything else."""
    if value is None:
        return None
    try:
        url = urlsplit(value)
        url.port  # noqa: B018 - reading it raises ValueError for a port that is no number
    except ValueError:
        return None
    if url.scheme not in ("http", "https") or url.query:
        return None
    normalized = quote(without_dots(url.path))
    host = url.hostname or ""
    return {
        "scheme": url.scheme,
        "authority": url.netloc,
        "path": url.path,
        "normalizedPath": normalized if normalized.endswith("/") else f"{normalized}/",
        "isIp": ":" in host or _is_ipv4(host),
    }


def _is_ipv4(host: str) -> bool:
    """Whether a name is four groups of up to three digits."""
    groups = host.split(".")
    return len(groups) == 4 and all(len(group) < 4 and group.isascii() and group.isdigit() for group in groups)


def is_valid_host_label(value: str | None, allow_subdomains: bool = False) -> bool:
    """Whether a value is a host label of RFC 1123, or several joined by dots."""
    if value is None:
        return False
    if allow_subdomains:
        return all(is_valid_host_label(label) for label in value.split("."))
    return 0 < len(value) < 64 and value[0] != "-" != value[-1] and value.isascii() and value.replace("-", "").isalnum()


def is_virtual_hostable_bucket(value: str | None, allow_subdomains: bool) -> bool:
    """Whether a bucket's name can stand in a host name; with subdomains, whether each part of it could."""
    if value is None or len(value) < 3 or value != value.lower() or _is_ipv4(value):
        return False
    if allow_subdomains:
        return all(is_virtual_hostable_bucket(label, False) for label in value.split("."))
    return is_valid_host_label(value)


def string_equals(left: Any, right: Any) -> bool:
    if not (isinstance(left, str) and isinstance(right, str)):
        raise EndpointError(f"Both values must be strings, not {type(left)} and {type(right)}.")
    return left == right


def boolean_equals(left: Any, right: Any) -> bool:
    if not (isinstance(left, bool) and isinstance(right, bool)):
        raise EndpointError(f"Both arguments must be bools, not {type(left)} and {type(right)}.")
    return left is right


def substring(value: Any, start: int, stop: int, reverse: bool) -> str | None:
    """The characters from `start` up to `stop`, counted from the end with `reverse`; None where there are too few."""
    if not isinstance(value, str):
        raise EndpointError(f"Input must be a string, not {type(value)}.")
    if start >= stop or len(value) < stop or not value.isascii():
        return None
    return value[len(value) - stop : len(value) - start] if reverse else value[start:stop]


def split(value: str, delimiter: str, limit: int) -> list[str]:
    """At most `limit` parts, or all of them where it is 0."""
    return value.split(delimiter, limit - 1 if limit else -1)


FUNCTIONS: dict[str, Function] = {
    "aws.isVirtualHostableS3Bucket": is_virtual_hostable_bucket,
    "aws.parseArn": parse_arn,
    "booleanEquals": boolean_equals,
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "getAttr": get_attr,
    "isSet": lambda value: value is not None,
    "isValidHostLabel": is_valid_host_label,
    "ite": lambda condition, true, false: true if condition else false,
    "not": lambda value: not value,
    "parseURL": parse_url,
    "split": split,
    "stringEquals": string_equals,
    "substring": substring,
    "uriEncode": lambda value: None if value is None else quote(value, safe="-._~"),
}
