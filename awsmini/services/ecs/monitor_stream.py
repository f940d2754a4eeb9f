"""Watching in lines of text: each resource whenever it is not as it was, with the time."""

from contextlib import suppress

from awsmini.app import App
from awsmini.format.color import RESET
from awsmini.format.output import ReaderGone, Write, open_output
from awsmini.services.ecs.monitor_lines import TIME, as_stream
from awsmini.services.ecs.monitor_look import MonitorError
from awsmini.services.ecs.monitor_resources import Key, Resource, changed
from awsmini.services.ecs.monitor_watch import PACE, Watch


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
