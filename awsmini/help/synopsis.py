"""The synopsis of a command: a line for each option, in brackets where it can be left out."""

from collections.abc import Iterable, Iterator, Mapping

from awsmini.commandline.globals import OPTIONS
from awsmini.params.arguments import Argument

ROOM = 72  # characters of a synopsis that still go in one line


def groups(arguments: Iterable[Argument]) -> Iterator[list[Argument]]:
    """The arguments that are shown, those that exclude each other together, where the first of them stands."""
    shown = [argument for argument in arguments if not argument.hidden]
    together: dict[str, list[Argument]] = {}
    for argument in shown:
        if argument.group is not None:
            together.setdefault(argument.group, []).append(argument)
    for argument in shown:
        members = together.get(argument.group, [argument]) if argument.group is not None else [argument]
        if members[0] is argument:
            yield members


def synopsis(path: tuple[str, ...], arguments: Iterable[Argument], *, alone: bool = True) -> str:
    """The synopsis of an operation, global options included where it stands alone."""
    options = [_option(group) for group in groups(arguments)]
    return "\n".join(
        [
            " ".join(("awsmini", *path)),
            *(f"  {line}" for line in (*options, *(_global() if alone else ("[global options]",)))),
        ]
    )


def own_synopsis(path: tuple[str, ...], arguments: Iterable[Argument], *, subcommands: bool) -> str:
    """The synopsis of a command of our own, in one line where there is room for it."""
    options = [_option(group) for group in groups(arguments)]
    words = [*options, *(["[<subcommand>]"] if subcommands else []), "[global options]"]
    whole = " ".join(("awsmini", *path, *words))
    return whole if len(whole) <= ROOM else "\n  ".join((" ".join(("awsmini", *path)), *words))


def _option(group: list[Argument]) -> str:
    text = " | ".join(argument.label for argument in group) if len(group) > 1 else _one(group[0])
    return text if any(map(is_required, group)) else f"[{text}]"


def _one(argument: Argument) -> str:
    count = argument.nargs if isinstance(argument.nargs, int) else 1
    if argument.positional:
        return " ".join([f"<{argument.cli_name}>"] * count) + (
            " ..." if argument.nargs in ("*", "+") or argument.open_ended else ""
        )
    return argument.label + " <value>" * count


def is_required(argument: Argument) -> bool:
    return (argument.required or argument.required_in_help) and argument.nargs not in ("?", "*")


def _global() -> Iterator[str]:
    return (f"[{_one(argument)}]" for argument in OPTIONS)


def by_dest(arguments: Mapping[str, Argument]) -> dict[str, Argument]:
    """The arguments by the member of the input that they fill."""
    return {argument.member: argument for argument in reversed(list(arguments.values())) if argument.member is not None}
