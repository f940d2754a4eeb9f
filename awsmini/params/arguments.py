"""One option or positional word of a command line, and tables of such."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmini.records import replace

if TYPE_CHECKING:
    from awsmini.model.shapes import Shape


class Argument(NamedTuple):
    """One option or positional word of a command line.

    `nargs` is argparse's: None (one value), 0 (a flag), "?", "*", "+" or a number. `convert` turns a word into a value
    while parsing, and a ValueError from it is a usage error. `add` puts a given value into the parameters of
    the call where that is not simply `params[member] = value`: see `params/build.py`.
    """

    cli_name: str  # without the dashes
    dest: str  # what the parser files the value under; --x and --no-x share one
    member: str | None = None  # the API member it fills
    shape: "Shape | None" = None  # how its text is to be read; None: as it is
    required: bool = False  # for a flag, only help shows it; the parser does not ask for it
    required_in_help: bool = False  # shown as required although the parser does not ask for it
    nargs: str | int | None = None
    const: Any = None  # the value of a flag, or of a "?" without a value
    convert: Callable[[str], Any] | None = None
    gather: Callable[[list[str]], Any] | None = None  # it may repeat: what is made of the words of each time, in a list
    choices: tuple[str, ...] = ()
    hidden: bool = False  # works, but help and completion leave it out
    positional: bool = False
    group: str | None = None  # options that exclude each other in the synopsis
    exact_only: bool = False  # no abbreviation stands for it
    short: str | None = None  # another name with one dash, such as `-0`
    open_ended: bool = False  # a positional that takes as many words as `nargs` says, and all that follow them
    fewer_with: str | None = None  # where this option is given, it needs one word less
    bare_words: bool = False  # each word is the one member of a structure
    stops: bool = False  # parsing ends where it is met, as with --version
    repeated: bool = False  # each time it is given adds to the list of its values
    add: "Adder | None" = None
    shadows: "Argument | None" = None  # the API's own option, which comes back when paging is off
    doc: str | None = None  # what help says where the model has no member for it

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.cli_name if self.positional else f"--{self.cli_name}"

    @property
    def type_name(self) -> str:
        """The type that help shows."""
        if self.shape is not None:
            return self.shape.type_name
        if self.nargs == 0:
            return "boolean"
        return "integer" if self.convert is int else "string"


# (argument, params so far, value, context): changes `params`. The context is an `awsmini.params.context.Context`.
Adder = Callable[[Argument, dict[str, Any], Any, Any], None]
Table = dict[str, Argument]


def rename(table: Table, old: str, new: str) -> None:
    """Give an argument another name; it moves to the end of the table."""
    argument = table.pop(old)
    dest = argument.dest if argument.nargs == 0 else dest_of(new)
    table[new] = replace(argument, cli_name=new, dest=dest)


def hide(table: Table, *names: str) -> None:
    for name in names:
        table[name] = replace(table[name], hidden=True)


def not_required(table: Table, *names: str) -> None:
    for name in names:
        table[name] = replace(table[name], required=False)


def flag(name: str, *, value: bool = True, dest: str | None = None, **more: Any) -> Argument:
    """An option without a value."""
    return Argument(cli_name=name, dest=dest or dest_of(name), nargs=0, const=value, **more)


def option(name: str, **more: Any) -> Argument:
    """An option with a value (or as `nargs` says)."""
    return Argument(cli_name=name, dest=dest_of(name), **more)


def dest_of(cli_name: str) -> str:
    """What the parser files an option under."""
    return cli_name.replace("-", "_")


def boolean_pair(name: str, member: str, shape: "Shape", *, required: bool = False) -> tuple[Argument, Argument]:
    """`--x` and `--no-x`: the same value, so the last one given counts, and only the first of the pair adds it."""
    yes = flag(name, member=member, shape=shape, required=required, group=name)
    return yes, flag(f"no-{name}", value=False, dest=yes.dest, member=member, shape=shape, group=name, add=no_parameter)


def no_parameter(argument: Argument, params: dict[str, Any], value: Any, context: Any) -> None:
    """The `add` of arguments that are no parameters of the call."""


# Where the content of a streamed answer goes.
OUTFILE = Argument(cli_name="outfile", dest="outfile", positional=True, required=True, add=no_parameter)
