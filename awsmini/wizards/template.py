"""Templates: values in which names are filled in, and words that begin with `$` are done.

"{name}"                            the value of that name; a member or item whose value is None is left out
"rate({count} minutes)"             its text, within other text
{$when: {name: value}, …}           the rest of the map, if the name has that value (or one of a list of them)
{$when: …, $value: x, $else: y}     the same, for what is no map
{$json: x}  {$parse: text}          x as JSON text, and back
{$merge: [x, y]}                    both: maps are joined key by key, lists one after the other
{$read: path}                       the bytes of a file
{$call: iam.ListRoles, $params: …, $pick: JMESPath}   what AWS answers, or a part of it
{$enum: lambda.CreateFunction.Runtime}                what a member can be
{$profiles: all}                    the names of all profiles
"""

import json
import re
from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Any, Protocol

from awsmini.errors import AwsminiError
from awsmini.wizards.world import World

COMPILE = "awsmini.query:compile"
_NAME = re.compile(r"\{(\w+)\}")


class NotJsonError(AwsminiError):
    """What should be JSON is none."""


class Lookup(Protocol):
    """Values by name, None where there is none."""

    def __getitem__(self, name: str, /) -> Any: ...


def fill(template: Any, values: Lookup, world: World) -> Any:
    """The template's value; None is left out of maps and lists."""
    if isinstance(template, str):
        return _text(template, values)
    if isinstance(template, list):
        return [item for part in template if (item := fill(part, values, world)) is not None]
    if not isinstance(template, dict):
        return template
    for word, do in WORDS.items():
        if word in template:
            return do(template, values, world)
    return {key: item for key, part in template.items() if (item := fill(part, values, world)) is not None}


def holds(condition: Mapping[str, Any], values: Lookup) -> bool:
    """Whether all of the names have the values that the condition wants."""
    return all(
        values[name] in wanted if isinstance(wanted, list) else values[name] == wanted
        for name, wanted in condition.items()
    )


def names(template: Any) -> set[str]:
    """The names that a template uses, those of its conditions included."""
    if isinstance(template, str):
        return set(_NAME.findall(template))
    if isinstance(template, list):
        return set().union(*map(names, template))
    if not isinstance(template, dict):
        return set()
    return set(template.get("$when", ())).union(*(names(part) for part in template.values()))


def _text(template: str, values: Lookup) -> Any:
    whole = _NAME.fullmatch(template)
    if whole:
        return values[whole[1]]
    return _NAME.sub(lambda found: _as_text(values[found[1]]), template)


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _when(template: Mapping[str, Any], values: Lookup, world: World) -> Any:
    rest = {key: part for key, part in template.items() if key != "$when"}
    if not holds(template["$when"], values):
        return fill(rest.get("$else"), values, world)
    return fill(rest.get("$value", rest), values, world)


def _json(template: Mapping[str, Any], values: Lookup, world: World) -> str:
    return json.dumps(fill(template["$json"], values, world))


def _parse(template: Mapping[str, Any], values: Lookup, world: World) -> Any:
    text = fill(template["$parse"], values, world)
    try:
        return json.loads(text or "{}")
    except ValueError as error:
        raise NotJsonError(f"This is no JSON: {error}") from error


def _merge(template: Mapping[str, Any], values: Lookup, world: World) -> Any:
    whole: Any = {}
    for part in template["$merge"]:
        whole = merged(whole, fill(part, values, world))
    return whole


def merged(one: Any, other: Any) -> Any:
    """Maps joined key by key, lists one after the other; of anything else, the other."""
    if isinstance(one, list) and isinstance(other, list):
        return one + other
    if isinstance(one, dict) and isinstance(other, dict):
        joined = {key: merged(one[key], value) if key in one else value for key, value in other.items()}
        return {**one, **joined}
    return other


def _read(template: Mapping[str, Any], values: Lookup, world: World) -> bytes:
    return world.read(fill(template["$read"], values, world))


def _call(template: Mapping[str, Any], values: Lookup, world: World) -> Any:
    service, operation = template["$call"].split(".")
    answer = world.ask(service, operation, fill(template.get("$params", {}), values, world))
    return pick(template.get("$pick"), answer)


def pick(expression: str | None, answer: Any) -> Any:
    """The part of an answer that a JMESPath expression finds; all of it without one."""
    return answer if expression is None else resolve_name(COMPILE)(expression).search(answer)


def _enum(template: Mapping[str, Any], values: Lookup, world: World) -> Any:
    service, operation, member = template["$enum"].split(".")
    return list(world.enum(service, operation, member))


def _profiles(template: Mapping[str, Any], values: Lookup, world: World) -> Any:
    return list(world.profiles())


WORDS: Mapping[str, Callable[[Mapping[str, Any], Lookup, World], Any]] = {
    "$when": _when,
    "$json": _json,
    "$parse": _parse,
    "$merge": _merge,
    "$read": _read,
    "$call": _call,
    "$enum": _enum,
    "$profiles": _profiles,
}
