"""`awsmini history list`: the commands that were run, newest first."""

from datetime import datetime

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.format.output import write_out
from awsmini.history.database import Command, HistoryError, existing, path, reading

ID_WIDTH, TIME_WIDTH, WORDS_WIDTH = 38, 24, 50


def run(invocation: Invocation, _values: Values) -> int:
    env = invocation.app.env
    database = existing(env)
    try:
        lines = list(map(line, reading(database.commands(), path(env))))
    finally:
        database.close()
    if not lines:
        raise HistoryError(
            "No commands were found in your history. Make sure you have enabled history mode by adding "
            '"cli_history = enabled" to the config file.'
        )
    app = invocation.app._replace(env={"LESS": "SR", **env})  # long lines are cut, not wrapped
    write_out(lines, app, pager=pager(invocation))
    return 0


def line(command: Command) -> str:
    """The ID, the local time, the first two words, the exit code."""
    time = datetime.fromtimestamp(command.timestamp / 1000).strftime("%Y-%m-%d %I:%M:%S %p")
    words = " ".join(command.arguments[:2])
    if len(words) >= WORDS_WIDTH:
        words = f"{words[: WORDS_WIDTH - 4]}..."
    return f"{command.command_id:<{ID_WIDTH}}{time:<{TIME_WIDTH}}{words:<{WORDS_WIDTH}}{command.code}\n"


def pager(invocation: Invocation) -> str | None:
    """The setting of the pager; "" for none."""
    if invocation.flags.get("no_cli_pager"):
        return ""
    setting: str | None = invocation.settings.value("pager")
    return setting


command = HandWritten("list", run, doc="List the commands that were run, newest first: ID, time, words, exit code.")
