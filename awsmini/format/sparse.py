"""Records of a grid with what its columns need and no more, from the bytes that came, where all of a page are alike."""

from collections.abc import Callable, Sequence
from json import loads
from typing import Any

from awsmini.format.columns import ITSELF, layout
from awsmini.format.rows import FLAG, Piece, Rows
from awsmini.format.view import View
from awsmini.format.written import listing
from awsmini.model.shapes import OperationModel
from awsmini.records import Listing, Output

Make = Callable[..., Any]


def grid_listing(operation: OperationModel, view: View) -> Listing | None:
    """How the list that the pages are made of is read for a grid; None where its columns are not known before."""
    lists, columns, sort_by = layout(view)
    found = listing(operation, lambda _codec, _shape: None, "")
    paths = [path for column in columns or () for path in column.path.split("|")] + ([sort_by] if sort_by else [])
    if found is None or not columns or ITSELF in paths or (lists and lists[0].partition(".")[0] != found.member):
        return None
    inside = lists[0].split(".")[1:] if lists else []
    needed = frozenset(path.partition(".")[0] for path in paths)
    return found._replace(rows=_Records(operation, found.member, inside, needed).output)


class _Records(Rows):
    """The records of one operation's list, with the needed members of what is `inside` of each."""

    def __init__(self, operation: OperationModel, member: str, inside: Sequence[str], needed: frozenset[str]) -> None:
        super().__init__(operation, member, "", raw=True)
        self._inside_names, self._needed = inside, needed

    def _is_one(self, output: Output) -> bool:
        items = output.get(self._member)
        return isinstance(items, list) and len(items) == 1

    def _layout(self, made_up: Output, pieces: Sequence[Piece]) -> Any:
        """The columns that are needed, and what makes a record of their values; None where one came out otherwise."""
        if not self._is_one(made_up):
            return None
        values = [piece for piece in pieces if piece.mark]
        source = _Source(values)
        try:
            source.of(made_up[self._member][0])
            if sorted(source.used) != list(range(len(values))):
                return None
            source.used.clear()
            text = source.of(self._pruned(made_up[self._member][0], self._inside_names))
        except ValueError:
            return None
        make: Make = eval(f"lambda {', '.join(f'c{column}' for column in source.used)}: {text}")
        return list(source.used), make

    def _pruned(self, value: Any, inside: Sequence[str]) -> Any:
        if isinstance(value, list):
            return [self._pruned(each, inside) for each in value]
        if not isinstance(value, dict):
            return value
        if inside:
            return {name: self._pruned(below, inside[1:]) for name, below in value.items() if name == inside[0]}
        return {name: below for name, below in value.items() if name in self._needed}

    def _made(self, parts: list[bytes], step: int, layout: Any) -> list[Any]:
        columns, make = layout
        count = len(parts) // step
        return list(map(make, *(self._column(parts[1 + at :: step]) for at in columns))) if columns else [
            make() for _ in range(count)
        ]  # fmt: skip

    def _column(self, values: list[bytes]) -> list[str]:
        text = b"\n".join(values).decode()  # what fits the pattern has no control characters
        if not self._is_json:
            return text.replace("&quot;", '"').split("\n")
        return text.split("\n") if "\\" not in text else [loads(f'"{each}"') for each in text.split("\n")]


class _Source:
    """Python source that makes a value, with the columns in the place of their marks."""

    def __init__(self, values: Sequence[Piece]) -> None:
        self._values = values
        self._numbers = {piece.mark: at for at, piece in enumerate(values)}
        self.used: list[int] = []

    def of(self, value: Any) -> str:
        """Raises ValueError where a mark is used twice."""
        if isinstance(value, dict):
            return f"{{{', '.join([f'{name!r}: {self.of(each)}' for name, each in value.items()])}}}"
        if isinstance(value, list):
            return f"[{', '.join(map(self.of, value))}]"
        if isinstance(value, int) and not isinstance(value, bool) and str(value) in self._numbers:
            at = self._use(str(value))
            return f"c{at} == 'true'" if self._values[at].pattern == FLAG else f"int(c{at})"
        if isinstance(value, str):
            marks = [mark for mark in self._numbers if mark in value]
            if len(marks) > 1:
                raise ValueError(value)
            if marks:
                before, _, after = value.partition(marks[0])
                name = f"c{self._use(marks[0])}"
                return " + ".join([*([repr(before)] if before else []), name, *([repr(after)] if after else [])])
        return repr(value)

    def _use(self, mark: str) -> int:
        at = self._numbers[mark]
        if at in self.used:
            raise ValueError(mark)
        self.used.append(at)
        return at
