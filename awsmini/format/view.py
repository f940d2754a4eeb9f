"""What a renderer is told besides the answer itself."""

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmini.query_paths import as_list

if TYPE_CHECKING:
    from awsmini.model.shapes import OperationModel, StructureShape
    from awsmini.query import Query  # loads jmespath, so whoever has no --query never meets it


EPOCH = datetime.fromtimestamp(0, timezone.utc)


class View(NamedTuple):
    """How an answer is to be shown. `width` counts columns of the terminal, 80 where there is none."""

    operation_name: str = ""  # as the API spells it; the title of a table
    query: "Query | None" = None
    is_tty: bool = False
    width: int = 80
    color: str = "auto"  # --color: on, off, auto
    ascii_only: bool = False  # the encoding of the output has no lines to draw boxes with
    no_color: bool = False  # NO_COLOR is set: `auto` means off
    output_shape: "StructureShape | None" = None  # tells csv and ndjson where the records are
    takes_utf8: bool = False  # chunks in UTF-8 too, not text alone
    result_keys: tuple[str, ...] = ()  # of the operation's paginator, also when only one page is asked for
    service_name: str = ""
    columns: tuple[str, ...] = ()  # --columns, of a grid
    leading: tuple[str, ...] = ()  # columns of a grid before all others; its rows stand alone then
    sort_by: str | None = None
    wide: bool = False  # a grid has all columns
    chart_x: str | None = None  # paths within the records of a chart
    chart_y: str | None = None
    chart_file: str | None = None  # where the picture goes
    now: datetime = EPOCH  # what ages are counted from

    @classmethod
    def of(cls, operation: "OperationModel") -> "View":
        """What the model of an operation tells of its answers."""
        keys = tuple(as_list((operation.paginator or {}).get("result_key")))
        name = operation.service_model.service_name
        return cls(operation.name, output_shape=operation.output_shape, result_keys=keys, service_name=name)

    def search(self, value: Any) -> Any:
        """The value, or what --query finds in it."""
        return value if self.query is None else self.query.search(value)

    @property
    def colors_terminal(self) -> bool:
        """Whether to colour what only a person at a terminal reads."""
        return self.is_tty and (self.color == "on" or (self.color == "auto" and not self.no_color))

    @property
    def colors_table(self) -> bool:
        """As `colors_terminal`, but `on` colours a table also when it is piped, as in AWS CLI v2."""
        return self.color == "on" or self.colors_terminal
