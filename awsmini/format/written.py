"""The items of a list from the wire to text in one pass, where parsing and formatting would walk each value twice.

A codec knows how values are made of what came, a writer here how values look; for each form in which a structure
comes often, one f-string is generated of both. Whatever is rare is parsed and then written, as everywhere else. An
answer that is not as the model says raises, and is then parsed as everywhere else too, which tells what is wrong.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property, partial
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, TypeGuard

from awsmini.format.json import INDENT, Keys, Write, scalars, writer_at
from awsmini.format.ndjson import dumps
from awsmini.format.rows import Rows
from awsmini.format.text import block, cell
from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape
from awsmini.parse.codec import Convert, Forms, Part
from awsmini.parse.json import JsonCodec
from awsmini.query_paths import as_list
from awsmini.records import Listing, Written

CONTAINERS = StructureShape | ListShape | MapShape
MAX_PLANS = 200
SCALARS = scalars(str, int, bool, type(None))

WriteNamed = Callable[[Any, str], str]  # a value and the upper-case name that leads its lines


def json_listing(operation: OperationModel) -> Listing | None:
    return listing(operation, json_items, f",\n{INDENT * 2}")


def ndjson_listing(operation: OperationModel) -> Listing | None:
    return listing(operation, ndjson_items, "\n")


def text_listing(operation: OperationModel) -> Listing | None:
    return listing(operation, text_items, "\n", raw=True)


def listing(
    operation: OperationModel, write: Callable[[Any, Any], Convert | None], between: str, *, raw: bool = False
) -> Listing | None:
    """The list that the pages are made of; None where paging itself has to see the items."""
    paginator, shape = operation.paginator or {}, operation.output_shape
    name = next(iter(as_list(paginator.get("result_key"))), "")
    if shape is None or not isinstance(shape.members.get(name), ListShape):
        return None
    read = [
        path for key in ("output_token", "more_results", "non_aggregate_keys") for path in as_list(paginator.get(key))
    ]
    if any(name in path for path in read):
        return None
    return Listing(shape.name, name, write, Rows(operation, name, between, raw=raw).output)


def json_items(codec: Any, shape: ListShape) -> Callable[[Any], Written]:
    return _items(codec, _Json(codec, INDENT * 2).of(shape.member))


def ndjson_items(codec: Any, shape: ListShape) -> Callable[[Any], Written]:
    return _items(codec, _Json(codec, None).of(shape.member))


def text_items(codec: Any, shape: ListShape) -> Callable[[Any], Written]:
    write, name = _Text(codec).of(shape), codec.conversions.listing.member.upper()
    return lambda items: Written([text[:-1]] if (text := write(items, name)) else [])


def _items(codec: Any, write: Write) -> Callable[[Any], Written]:
    def write_items(items: Any) -> Written:
        if isinstance(codec, JsonCodec) and type(items) is not list:
            raise TypeError(items)
        return Written(["null" if item is None else write(item) for item in items])

    return write_items


def _convert(codec: Any, shape: Shape) -> Convert | None:
    convert: Convert | None = codec.of_value(shape) if isinstance(codec, JsonCodec) else codec.of_element(shape)
    return convert


def _is_plain(shape: Shape, codec: Any) -> TypeGuard[StructureShape]:
    """Whether it is a structure whose members are known."""
    if not isinstance(shape, StructureShape):
        return False
    return not (isinstance(codec, JsonCodec) and (shape.is_document_type or shape.is_tagged_union))


# What writes a structure: by a function for each form that is met often.
_BY_FORM = """
def write({arguments}):
    form = {form}
    function = functions.get(form)
    if function is None:
        if not forms.is_worth_a_function(form):
            return otherwise({arguments})
        function = functions[form] = forms.generate(form, assemble, {arguments!r})
    return function({arguments})
"""


def _by_form(forms: Forms, assemble: Any, otherwise: Callable[..., str], arguments: str) -> Any:
    known = {"forms": forms, "functions": {}, "assemble": assemble, "otherwise": otherwise, "tag": attrgetter("tag")}
    exec(_BY_FORM.format(arguments=arguments, form=forms.form), known)
    return known["write"]


def _literal(text: str) -> str:
    """Text as it stands between the braces of an f-string in double quotes."""
    escaped = text.encode("unicode_escape").decode().replace('"', "\\x22")
    return escaped.replace("{", "{{").replace("}", "}}")


def _on_one_line(value: Any) -> str:
    write = SCALARS.get(type(value), dumps)
    return write(value)


class _Json:
    """Writes the values of a service at one depth; without `pad`, on one line."""

    def __init__(self, codec: Any, pad: str | None) -> None:
        self._codec = codec
        self._pad = pad
        self._trail = "" if pad is None else f"\n{pad}"
        self._lead = "" if pad is None else f"\n{pad}{INDENT}"
        self._between = f",{self._lead}"
        self._colon = ":" if pad is None else ": "
        self._any: Write = _on_one_line if pad is None else writer_at(pad)
        self._structures: dict[str, Write] = {}

    @cached_property
    def _inside(self) -> "_Json":
        return self if self._pad is None else _Json(self._codec, self._pad + INDENT)

    def of(self, shape: Shape) -> Write:
        """What writes a value of that shape."""
        if _is_plain(shape, self._codec):
            found = self._structures.get(shape.name)
            if found is None:
                forms = self._codec.forms(shape)
                found = self._structures[shape.name] = _by_form(forms, self._members, self._otherwise(shape), "value")
            return found
        if isinstance(shape, ListShape):
            return self._list(self._inside.of(shape.member))
        if isinstance(self._codec, JsonCodec) and self._codec.of_value(shape) is not None:
            if isinstance(shape, MapShape) and self._codec.of_value(shape.key) is None:
                return self._map(self._inside.of(shape.value))
            if isinstance(shape, StructureShape):
                if shape.name not in self._structures:
                    self._structures[shape.name] = self._union(self._codec, shape)
                return self._structures[shape.name]
        return self._otherwise(shape)

    def _otherwise(self, shape: Shape) -> Write:
        convert, write = _convert(self._codec, shape), self._any
        if convert is None:
            return write
        of_wire = convert
        return lambda value: write(of_wire(value))

    def _members(self, parts: Sequence[Part], known: dict[str, Any]) -> str:
        """The f-string of a structure with these parts."""
        if not parts:
            return "'{}'"
        known |= {"quoted": encode_basestring, "any_": self._inside._any}
        members = [
            f"{_literal(encode_basestring(part.name) + self._colon)}{self._member(part, known)}" for part in parts
        ]
        text = _literal(self._between).join(members)
        return f'f"{_literal("{" + self._lead)}{text}{_literal(self._trail + "}")}"'

    def _member(self, part: Part, known: dict[str, Any]) -> str:
        if isinstance(part.member, CONTAINERS):
            write = f"w{len(known)}"
            known[write] = self._inside.of(part.member)
            return f"{{{write}({part.wire})}}"
        source, kind = self._codec.expression(part, known)
        if kind is int:
            return f"{{{source}}}"
        if kind is str:
            return f"{{quoted({source})}}"
        if part.member.type_name in ("integer", "long"):
            return f"{{(v if type(v := {source}) is int else any_(v))}}"
        return f"{{(quoted(v) if type(v := {source}) is str else any_(v))}}"

    def _list(self, write: Write) -> Write:
        lead, between, trail = f"[{self._lead}", self._between, f"{self._trail}]"
        checked = isinstance(self._codec, JsonCodec)

        def write_list(items: Any) -> str:
            if checked and type(items) is not list:
                raise TypeError(items)
            if not len(items):
                return "[]"
            return f"{lead}{between.join(['null' if item is None else write(item) for item in items])}{trail}"

        return write_list

    def _map(self, write: Write) -> Write:
        lead, between, trail = f"{{{self._lead}", self._between, f"{self._trail}}}"
        keys = Keys(self._colon)

        def write_map(items: dict[str, Any]) -> str:
            written = [keys[key] + ("null" if item is None else write(item)) for key, item in items.items()]
            return f"{lead}{between.join(written)}{trail}" if written else "{}"

        return write_map

    def _union(self, codec: JsonCodec, shape: StructureShape) -> Write:
        members = {codec.key_of(name, member): (name, member) for name, member in shape.members.items()}
        otherwise, trail = self._otherwise(shape), f"{self._trail}}}"
        known: dict[str, tuple[str, Write]] = {}  # how the member begins, and what writes it

        def write(value: dict[str, Any]) -> str:
            if len(value) == 1:
                ((key, item),) = value.items()
                if item is not None and key in members:
                    if key not in known:
                        name, member = members[key]
                        text = member.type_name == "string"
                        write_item = encode_basestring if text else self._inside.of(member)
                        known[key] = f"{{{self._lead}{encode_basestring(name)}{self._colon}", write_item
                    lead, write_item = known[key]
                    return f"{lead}{write_item(item)}{trail}"
            return otherwise(value)

        return write


class _Text:
    """Writes the values of a service as lines of text."""

    def __init__(self, codec: Any) -> None:
        self._codec = codec
        self._structures: dict[str, WriteNamed] = {}

    def of(self, shape: Shape) -> WriteNamed:
        """What writes a list, map or structure under a name."""
        if _is_plain(shape, self._codec):
            found = self._structures.get(shape.name)
            if found is None:
                forms = self._codec.forms(shape)
                otherwise = self._otherwise(shape)
                found = self._structures[shape.name] = _by_form(forms, self._members, otherwise, "value, name")
            return found
        if isinstance(shape, ListShape) and _is_plain(shape.member, self._codec):
            return self._rows(shape.member, self._otherwise(shape))
        if isinstance(self._codec, JsonCodec):
            if isinstance(shape, StructureShape) and shape.is_tagged_union:
                return self._union(self._codec, shape)
            if isinstance(shape, ListShape) and self._is_map(shape.member):
                write = self._map(shape.member)
                return lambda items, name: "".join([write(item, name) for item in items])
            if self._is_map(shape):
                return self._map(shape)
        return self._otherwise(shape)

    def _is_map(self, shape: Shape) -> TypeGuard[MapShape]:
        """Whether it is a map without scalars."""
        return (
            isinstance(shape, MapShape)
            and isinstance(shape.value, CONTAINERS)
            and self._codec.of_value(shape.key) is None
            and self._codec.of_value(shape.value) is not None
        )

    def _otherwise(self, shape: Shape) -> WriteNamed:
        convert = _convert(self._codec, shape)
        if convert is None:
            return block
        of_wire = convert
        return lambda value, name: block(of_wire(value), name)

    def _members(self, parts: Sequence[Part], known: dict[str, Any], columns: Sequence[str] | None = None) -> str:
        """The f-string of a structure with these parts; as a row of a table of these columns."""
        known["cell"] = cell
        cells = {part.name: self._cell(part, known) for part in parts if not isinstance(part.member, CONTAINERS)}
        columns = sorted(cells) if columns is None else columns
        text = "\\t".join(["{name}", *[cells.get(column, "") for column in columns]]) + "\\n" if columns else ""
        for part in sorted([part for part in parts if part.name not in cells], key=attrgetter("name")):
            write, name = f"w{len(known)}", f"name{len(known)}"
            known |= {write: self.of(part.member), name: part.name.upper()}
            text += f"{{{write}({part.wire}, {name})}}"
        return f'f"{text}"'

    def _cell(self, part: Part, known: dict[str, Any]) -> str:
        source, kind = self._codec.expression(part, known)
        return f"{{{source}}}" if kind else f"{{(v if type(v := {source}) is str else cell(v))}}"

    def _rows(self, shape: StructureShape, otherwise: WriteNamed) -> WriteNamed:
        """What writes a list of structures: rows of the columns that any of them has."""
        forms: Forms = self._codec.forms(shape)
        forms_of = eval(f"lambda rows: [{forms.form} for value in rows]", {"tag": attrgetter("tag")})
        plans: dict[frozenset[Hashable], dict[Hashable, Callable[..., str]]] = {}

        def plan(met: Sequence[Hashable], distinct: frozenset[Hashable]) -> bool:
            if len(plans) >= MAX_PLANS or not distinct.issubset(
                {form for form in met if forms.is_worth_a_function(form)}
            ):
                return False
            parts = [part for form in distinct for part in forms.parts(form)]
            columns = sorted({part.name for part in parts if not isinstance(part.member, CONTAINERS)})
            assemble = partial(self._members, columns=columns)
            plans[distinct] = {form: forms.generate(form, assemble, "value, name") for form in distinct}
            return True

        def write(rows: Any, name: str) -> str:
            met = forms_of(rows)
            distinct = frozenset(met)
            if distinct not in plans and not plan(met, distinct):
                return otherwise(rows, name)
            functions = plans[distinct]
            return "".join([functions[form](row, name) for form, row in zip(met, rows, strict=True)])

        return write

    def _map(self, shape: MapShape) -> WriteNamed:
        """What writes a map of values that are no scalars, or, as none of them is a column, a list of such maps."""
        write = self.of(shape.value)
        return lambda items, name: "".join([write(item, key.upper()) for key, item in sorted(items.items())])

    def _union(self, codec: JsonCodec, shape: StructureShape) -> WriteNamed:
        members = {codec.key_of(name, member): (name, member) for name, member in shape.members.items()}
        otherwise = self._otherwise(shape)
        known: dict[str, tuple[str, WriteNamed | None]] = {}

        def write(value: dict[str, Any], name: str) -> str:
            if len(value) == 1:
                ((key, item),) = value.items()
                found = known.get(key)
                if found is None and key in members:
                    member_name, member = members[key]
                    nested = isinstance(member, CONTAINERS)
                    if nested or codec.of_value(member) is None:
                        found = known[key] = (member_name.upper(), self.of(member) if nested else None)
                if found is not None and item is not None:
                    upper, write_item = found
                    if write_item is not None:
                        return write_item(item, upper)
                    return f"{name}\t{item if type(item) is str else cell(item)}\n"
            return otherwise(value, name)

        return write
