"""Whatever value a shape allows, its shorthand, its JSON and a filled-in skeleton say the same parameters."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from awsmini.commands.arguments import argument_table
from awsmini.commands.parser import parse_operation
from awsmini.model.build import service_lines
from awsmini.model.load import ModelLines
from awsmini.model.shapes import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape
from awsmini.params.build import finish, gather
from awsmini.params.context import Context
from awsmini.params.skeleton import example
from awsmini.params.yaml_skeleton import template

SCALARS = {
    "Text": "string",
    "Number": "integer",
    "Long": "long",
    "Real": "double",
    "Flag": "boolean",
    "Time": "timestamp",
}
MEMBERS = ("Alpha", "BetaGamma", "Delta2", "Epsilon")
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
KEYS = st.text("abcXYZ019-_.#/:", min_size=1, max_size=5)


@st.composite
def models(draw: st.DrawFn) -> OperationModel:
    """An operation with an input of up to four members, each of a random shape up to three deep."""
    shapes: dict[str, Any] = {name: {"type": kind} for name, kind in SCALARS.items()}

    def shape(depth: int) -> str:
        kind = draw(st.sampled_from(["scalar", "scalar", "list", "map", "structure"] if depth else ["scalar"]))
        if kind == "scalar":
            return draw(st.sampled_from(sorted(SCALARS)))
        name = f"Shape{len(shapes)}"
        shapes[name] = {}
        if kind == "list":
            shapes[name] = {"type": "list", "member": {"shape": shape(depth - 1)}}
        elif kind == "map":
            shapes[name] = {"type": "map", "key": {"shape": "Text"}, "value": {"shape": shape(depth - 1)}}
        else:
            shapes[name] = structure(depth - 1)
        return name

    def structure(depth: int) -> dict[str, Any]:
        names = draw(st.lists(st.sampled_from(MEMBERS), min_size=1, unique=True))
        return {"type": "structure", "members": {name: {"shape": shape(depth)} for name in names}}

    shapes["Input"] = structure(3)
    description = {
        "metadata": {"protocol": "json", "apiVersion": "1", "endpointPrefix": "example"},
        "operations": {"Op": {"name": "Op", "http": {}, "input": {"shape": "Input"}}},
        "shapes": shapes,
    }
    text = service_lines("example", lambda file: description if file == "service-2" else None)
    return ServiceModel(ModelLines("example", text)).operation_model("Op")


def values(shape: Shape) -> st.SearchStrategy[Any]:
    if isinstance(shape, StructureShape):
        return st.fixed_dictionaries({}, optional={name: values(member) for name, member in shape.members.items()})
    if isinstance(shape, ListShape):
        return st.lists(values(shape.member), max_size=3)
    if isinstance(shape, MapShape):
        return st.dictionaries(KEYS, values(shape.value), max_size=3)
    return {
        "integer": st.integers(-(2**31), 2**31 - 1),
        "long": st.integers(),
        "double": st.floats(allow_nan=False, allow_infinity=False),
        "boolean": st.booleans(),
    }.get(shape.type_name, TEXT)


@st.composite
def calls(draw: st.DrawFn) -> tuple[OperationModel, dict[str, Any]]:
    model = draw(models())
    assert model.input_shape is not None
    return model, draw(values(model.input_shape))


def quoted(value: Any) -> str:
    """A scalar of shorthand, in quotes: what stands in them needs no rule but two escapes."""
    if isinstance(value, bool):
        return "true" if value else "False"
    if isinstance(value, int | float):
        return repr(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def shorthand(value: Any, top: bool = True) -> str:
    if isinstance(value, dict):
        inner = ",".join(f"{key}={shorthand(item, False)}" for key, item in value.items())
        return inner if top else f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{','.join(shorthand(item, False) for item in value)}]"
    return quoted(value)


def is_complex(value: Any) -> bool:
    return isinstance(value, dict | list)


def words_of(model: OperationModel, params: dict[str, Any], write: Any) -> list[str]:
    """The command line: scalars as they are, the rest as `write` has them."""
    words = []
    for argument in argument_table(model).values():
        if argument.member not in params or argument.shape is None or argument.add is not None:
            continue
        value = params[argument.member]
        if argument.nargs == 0:
            words.append(argument.label if value else f"--no-{argument.cli_name}")
        elif is_complex(value):
            words += [argument.label, *write(argument.shape, value)]
        else:
            words.append(f"{argument.label}={value}")
    return words


def as_json(shape: Shape, value: Any) -> list[str]:
    return [json.dumps(value)]


def as_shorthand(shape: Shape, value: Any) -> list[str]:
    """Shorthand where it can say the value: it has none for lists of scalars, empty maps and lists in lists."""
    if isinstance(value, list):
        if not value:
            return []
        if not all(isinstance(item, dict) and item for item in value):
            return as_json(shape, value)
        return [shorthand(item) for item in value]
    return [shorthand(value)] if value else as_json(shape, value)


def read(model: OperationModel, words: list[str]) -> dict[str, Any]:
    table = argument_table(model)
    parsed = parse_operation(words, table)
    assert not parsed.leftovers
    return finish(model, gather(model, table, parsed.values, Context()).params, Context())


# A quoted value that ends in a backslash cannot be told from an escaped quote: AWS CLI v2 reads it so as well.
def sayable(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(sayable, value.values()))
    if isinstance(value, list):
        return all(map(sayable, value))
    return not isinstance(value, str) or not value.endswith("\\")


PROPERTY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@PROPERTY
@given(calls())
def test_json(call):
    model, params = call
    assert read(model, words_of(model, params, as_json)) == params


@PROPERTY
@given(calls())
def test_shorthand(call):
    model, params = call
    if sayable(params):
        assert read(model, words_of(model, params, as_shorthand)) == params


@PROPERTY
@given(calls())
def test_input_documents(call):
    model, params = call
    document = json.dumps(params)
    assert read(model, ["--cli-input-json", document]) == params


@PROPERTY
@given(models())
def test_skeletons_are_parameters(model):
    """A skeleton is itself an input document, in both forms, and says the same as its shorthand."""
    shape = model.input_shape
    skeleton = json.loads(json.dumps(example(shape), default=lambda time: time.isoformat()))
    assert read(model, ["--cli-input-json", json.dumps(skeleton)]) == skeleton
    assert read(model, words_of(model, skeleton, as_shorthand)) == skeleton
    document = read(model, ["--cli-input-yaml", template(shape)])
    assert json.loads(json.dumps(document, default=lambda time: time.isoformat())) == skeleton


@pytest.mark.parametrize(
    "value", [{"a": ["b", "c"]}, {"a": {"b": "c"}}, {"a": [{"b": "c"}]}, {"a": ""}, {"a": 'x"y,z'}]
)
def test_the_writer_of_these_tests(value):
    from awsmini.params.shorthand import parse

    assert parse(shorthand(value)) == value
