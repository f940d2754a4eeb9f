"""Whatever value a shape allows, its shorthand, its JSON, its YAML and a filled-in skeleton say the same parameters."""

import base64
import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from awsmini.commandline.parser import parse_operation
from awsmini.model.build import service_lines
from awsmini.model.load import ModelLines
from awsmini.model.shapes import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape
from awsmini.params.argument_table import argument_table
from awsmini.params.build import finish, gather
from awsmini.params.context import Context
from awsmini.params.skeleton import json_template
from awsmini.params.values import is_document
from awsmini.params.yaml_skeleton import template

SCALARS = {
    "Text": "string",
    "Number": "integer",
    "Long": "long",
    "Real": "double",
    "Short": "float",
    "Flag": "boolean",
    "Time": "timestamp",
    "Bytes": "blob",
}
CHOICES = ["a", "b,c", ""]
MEMBERS = ("Alpha", "BetaGamma", "Delta2", "Epsilon")
TEXT = st.text("abXY09-_.:/ ", max_size=8) | st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8
)
KEYS = st.text("abcXYZ019-_.#/:", min_size=1, max_size=5)


@st.composite
def models(draw: st.DrawFn) -> OperationModel:
    """An operation with an input of up to four members, each of a random shape up to three deep."""
    shapes: dict[str, Any] = {name: {"type": kind} for name, kind in SCALARS.items()}
    shapes["Choice"] = {"type": "string", "enum": CHOICES}
    shapes["Free"] = {"type": "structure", "document": True, "members": {}}

    def shape(depth: int) -> str:
        kind = draw(st.sampled_from(["scalar", "scalar", "list", "map", "structure"] if depth else ["scalar"]))
        if kind == "scalar":
            return draw(st.sampled_from([*sorted(SCALARS), "Choice", "Free"]))
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


REAL = st.floats(allow_nan=False, allow_infinity=False)
DOCUMENT = st.recursive(
    st.none() | st.booleans() | st.integers() | REAL | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)


def values(shape: Shape) -> st.SearchStrategy[Any]:
    if is_document(shape):
        return DOCUMENT
    if isinstance(shape, StructureShape):
        return st.fixed_dictionaries({}, optional={name: values(member) for name, member in shape.members.items()})
    if isinstance(shape, ListShape):
        return st.lists(values(shape.member), max_size=3)
    if isinstance(shape, MapShape):
        return st.dictionaries(KEYS, values(shape.value), max_size=3)
    return {
        "integer": st.integers(-(2**31), 2**31 - 1),
        "long": st.integers(),
        "double": REAL,
        "float": REAL,
        "boolean": st.booleans(),
        "blob": st.binary(max_size=8),
        "string": st.sampled_from(shape.enum) if shape.enum else TEXT,
    }.get(shape.type_name, TEXT)


@st.composite
def calls(draw: st.DrawFn) -> tuple[OperationModel, dict[str, Any]]:
    model = draw(models())
    assert model.input_shape is not None
    return model, draw(values(model.input_shape))


# Text that needs no quotes in shorthand.
PLAIN = re.compile(r"[\w.:/-]+( [\w.:/-]+)*", re.ASCII)
PROPERTY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def texts(value: Any) -> Any:
    """The value with blobs in base64."""
    if isinstance(value, dict):
        return {key: texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [texts(item) for item in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def scalar(value: Any) -> str:
    """A scalar of shorthand, in quotes where it has to be: what stands in them needs no rule but two escapes."""
    if isinstance(value, bool):
        return "true" if value else "False"
    if isinstance(value, int | float):
        return repr(value)
    if PLAIN.fullmatch(value):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def shorthand(value: Any, depth: int = 0) -> str:
    """Brackets are left out where they may be: around the whole, and around lists of scalars just below it."""
    if isinstance(value, dict):
        inner = ",".join(f"{key}={shorthand(item, depth + 1)}" for key, item in value.items())
        return inner if depth == 0 else f"{{{inner}}}"
    if isinstance(value, list):
        inner = ",".join(shorthand(item, depth + 1) for item in value)
        bare = depth == 1 and len(value) > 1 and not any(map(is_complex, value)) and value[0] != ""
        return inner if bare else f"[{inner}]"
    return scalar(value)


class Quoting(yaml.SafeDumper):
    """YAML with every text in quotes."""


Quoting.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


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
        elif is_complex(value) or is_document(argument.shape):
            words += [argument.label, *write(argument.shape, value)]
        else:
            words.append(f"{argument.label}={value}")
    return words


def as_json(shape: Shape, value: Any) -> list[str]:
    return [json.dumps(value)]


def as_shorthand(shape: Shape, value: Any) -> list[str]:
    """Shorthand where it can say the value: it has none for documents, empty maps and lists in lists."""
    if holds_document(shape) or (isinstance(value, dict) and not value):
        return as_json(shape, value)
    if isinstance(value, dict):
        return [shorthand(value)]
    if isinstance(shape, ListShape) and is_complex_shape(shape.member):
        return (
            [shorthand(item) for item in value]
            if all(isinstance(item, dict) and item for item in value)
            else as_json(shape, value)
        )
    words = [str(item) for item in value]
    return words if all(map(is_word, words)) else as_json(shape, value)


def holds_document(shape: Shape) -> bool:
    if isinstance(shape, StructureShape):
        return is_document(shape) or any(map(holds_document, shape.members.values()))
    if isinstance(shape, ListShape):
        return holds_document(shape.member)
    return isinstance(shape, MapShape) and holds_document(shape.value)


def is_complex_shape(shape: Shape) -> bool:
    return isinstance(shape, StructureShape | ListShape | MapShape)


def is_word(text: str) -> bool:
    """Whether a word of a list stands for itself: no option, no JSON."""
    return not text.startswith("-") and not text.strip().startswith(("[", "{"))


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


@PROPERTY
@given(calls())
def test_json(call):
    model, params = call
    assert read(model, words_of(model, texts(params), as_json)) == params


@PROPERTY
@given(calls())
def test_shorthand(call):
    model, params = call
    if sayable(params):
        assert read(model, words_of(model, texts(params), as_shorthand)) == params


@PROPERTY
@given(calls())
def test_input_documents(call):
    model, params = call
    assert read(model, ["--cli-input-json", json.dumps(texts(params))]) == params
    assert read(model, ["--cli-input-yaml", yaml.dump(params, Dumper=Quoting)]) == params


@PROPERTY
@given(calls())
def test_a_skeleton_filled_in(call):
    """What is not filled in stays as the skeleton has it."""
    model, params = call
    skeleton = json.loads(json_template(model))
    filled = {**skeleton, **texts(params)}
    assert read(model, ["--cli-input-json", json.dumps(filled)]) == {**skeleton, **params}


@PROPERTY
@given(models())
def test_skeletons_are_parameters(model):
    """A skeleton is itself an input document, in both forms, and says the same as its shorthand."""
    skeleton = json.loads(json_template(model))
    assert read(model, ["--cli-input-json", json.dumps(skeleton)]) == skeleton
    if None not in leaves(skeleton):  # a blob: shorthand has no null
        assert read(model, words_of(model, skeleton, as_shorthand)) == skeleton
    document = read(model, ["--cli-input-yaml", template(model.input_shape)])
    as_in_json = json.dumps(document, default=lambda value: value.isoformat() if value else None)  # a time, a blob
    assert json.loads(as_in_json) == skeleton


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        return [leaf for item in (value.values() if isinstance(value, dict) else value) for leaf in leaves(item)]
    return [value]


@pytest.mark.parametrize(
    "value", [{"a": ["b", "c"]}, {"a": {"b": "c"}}, {"a": [{"b": "c"}]}, {"a": ""}, {"a": 'x"y,z'}]
)
def test_the_writer_of_these_tests(value):
    from awsmini.params.shorthand import parse

    assert parse(shorthand(value)) == value
