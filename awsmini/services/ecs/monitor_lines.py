"""Resources as text: a tree for the screen, and lines with the time for a log."""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from awsmini.app import App
from awsmini.format.color import RESET
from awsmini.format.output import ReaderGone, Write, open_output
from awsmini.services.ecs.monitor_look import Group, Key, MonitorError, Node, Resource, View, changed

RED, GREEN, YELLOW, PURPLE, CYAN = (f"\x1b[{number}m" for number in (31, 32, 33, 35, 36))
TIME = "%Y-%m-%d %H:%M:%SZ"
TIME_IN_TREE = "%Y-%m-%dT%H:%M:%SZ"
NOTHING_YET = "Waiting for initial data"

# By status; any other is on its way.
COLORS = {"": GREEN, "ACTIVE": GREEN, "SUCCESSFUL": GREEN, "FAILED": RED, "DELETED": YELLOW}
SYMBOLS = {
    **dict.fromkeys(("", "ACTIVE", "SUCCESSFUL"), (GREEN, "✓")),
    **dict.fromkeys(("FAILED", "ROLLBACK_FAILED"), (RED, "X")),
    **dict.fromkeys(("DELETED", "STOPPED", "ROLLBACK_SUCCESSFUL"), (YELLOW, "—")),
}

Paint = Callable[[str, str], str]  # (color, text) -> text


def painted(color: str, text: str) -> str:
    return f"{color}{text}{RESET}"


def plain(color: str, text: str) -> str:
    return text


def as_stream(resource: Resource, time: str, paint: Paint) -> str:
    """A resource as an entry of a log."""
    color = COLORS.get(resource.status or "", PURPLE)
    words = [f"[{time}]", paint(CYAN, resource.kind)]
    if resource.id:
        words.append(paint(color, resource.id))
    if resource.status:
        words.append(f"[{paint(color, resource.status)}]")
    details = {
        "Reason": resource.reason,
        "Last Updated At": resource.updated and resource.updated.strftime(TIME),
        "Info": resource.info,
    }
    return "".join([" ".join(words), *(f"\n  {name}: {text}" for name, text in details.items() if text), "\n"])


def as_tree(view: View | None, spinner: str, paint: Paint) -> str:
    """The whole view. The spinner stands before what is on its way."""
    if view is None:
        return NOTHING_YET
    tree = "\n".join(_Tree(spinner, paint).lines(view.resources)) if view.resources else ""
    return "\n".join(part for part in (tree, view.note) if part)


class _Tree(NamedTuple):
    spinner: str
    paint: Paint

    def lines(self, node: Node, indent: str = "") -> list[str]:
        return self._group(node, indent) if isinstance(node, Group) else self._resource(node, indent)

    def _group(self, group: Group, indent: str) -> list[str]:
        found = []
        if group.kind:
            found.append(f"{indent}{self.paint(CYAN, group.kind)}{self._name(group)}")
            if group.status and group.reason:
                found.append(f"{indent} Reason: {group.reason}")
            found.append("" if group.members else f"{indent} <empty>")
            indent += " "
        for node in group.members:
            found += self.lines(node, indent)
        return found or [""]

    def _name(self, group: Group) -> str:
        if not group.id:
            return ""
        if not group.status:
            return f": {group.id}"
        return f": {self._symbol(group.status)}{self._told(group.status, group.id)} - {self._told(group.status)}"

    def _resource(self, resource: Resource, indent: str) -> list[str]:
        status = resource.status or ""
        name = f"{self._told(status, resource.id)} " if resource.id else ""
        told = f"- {self._told(status)}" if status else ""
        colon = ":" if resource.id else ""
        details = (
            resource.reason and f"Reason: {resource.reason}",
            resource.updated and f"Last updated at: {resource.updated.strftime(TIME_IN_TREE)}",
            resource.info,
        )
        head = f"{indent}{self.paint(CYAN, resource.kind)}{colon} {self._symbol(status)}{name}{told}"
        return [head, *(f"{indent} {detail}" for detail in details if detail), ""]

    def _symbol(self, status: str) -> str:
        color, symbol = SYMBOLS.get(status, (PURPLE, self.spinner))
        return self.paint(color, f"{symbol} ")

    def _told(self, status: str, text: str | None = None) -> str:
        return self.paint(COLORS.get(status, PURPLE), text or status)


PACE = 5.0  # seconds from one look to the next


class Watch(NamedTuple):
    look: Callable[[], View]
    is_over: Callable[[], bool]  # the time that it was to take
    paint: Paint


def run(watch: Watch, app: App) -> None:
    """Watch until the time is over, or the user or the reader has had enough. What an answer lacks ends it too."""
    with suppress(ReaderGone), open_output(app) as (write, flush):

        def say(text: str) -> None:
            write(text)
            flush()

        try:
            say(_told(app, "Starting monitoring..."))
            _follow(watch, app, say)
            say(_told(app, "Monitoring timeout reached!"))
        except KeyboardInterrupt:
            say(_told(app, "Monitoring stopped by user"))
        except MonitorError as error:
            say(_told(app, f"Error: {error}"))
        finally:
            say(_told(app, "Monitoring complete!") + RESET)


def _follow(watch: Watch, app: App, say: Write) -> None:
    before: dict[Key, Resource] = {}
    while not watch.is_over():
        resources, note = watch.look()
        if resources is not None:
            told, before = changed(resources, before)
            time = app.now().strftime(TIME)
            for resource in told:
                say(as_stream(resource, time, watch.paint))
        if note:
            say(_told(app, note))
        app.sleep(PACE)


def _told(app: App, text: str) -> str:
    return f"[{app.now().strftime(TIME)}] {text}\n"
