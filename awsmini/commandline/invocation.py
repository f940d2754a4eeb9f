"""What every command gets: the world, the global flags, and the session they ask for."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from awsmini.app import App
from awsmini.config import aliases
from awsmini.config.settings import Settings, is_local
from awsmini.errors import AwsminiError

if TYPE_CHECKING:
    import click

    from awsmini.client import Client
    from awsmini.config.files import Files
    from awsmini.history.record import CommandHistory
    from awsmini.model.load import ModelFinder
    from awsmini.model.shapes import ServiceModel
    from awsmini.query.expression import Query
    from awsmini.session import Session

FENCED = "awsmini.sandbox.fence:fenced"  # only --local
SESSION = "awsmini.session:Session"  # credentials and clients: not needed by help, skeletons and usage errors
MODELS = "awsmini.model.load:ModelFinder"  # json and pathlib: not needed by `--version`
COMPILE = "awsmini.query.expression:compile"  # jmespath: only --query needs it
VERSION_LINE = "awsmini.commandline.version:line"
HISTORY = "awsmini.history.record:CommandHistory"  # sqlite3: only cli_history = enabled needs it


class Invocation:
    """One command line: `ctx.obj` of every command."""

    def __init__(
        self, app: App, flags: Mapping[str, Any], *, files: "Files | None" = None, prompt: str = "off"
    ) -> None:
        self.app = resolve_name(FENCED)(app) if is_local(flags, app.env) else app
        self.flags = flags
        self.prompt = prompt  # whether the command line comes from the prompt, for the user agent
        self._files = files
        self.command: str | None = None  # `service.operation` and the like, for the user agent
        self.history: CommandHistory | None = None  # where the command is recorded, if it is

    def again(self, flags: Mapping[str, Any]) -> "Invocation":
        """The same command line with other global flags; the config files are not read again."""
        return Invocation(self.app, flags, files=self.settings.files_read, prompt=self.prompt)

    def take(self, flags: Mapping[str, Any]) -> None:
        """Let further global flags count, over those given before."""
        self.flags = {**self.flags, **flags}
        self._files = self.settings.files_read
        if is_local(self.flags, self.app.env):
            self.app = resolve_name(FENCED)(self.app)
        for made_of_flags in ("settings", "models", "session", "query"):
            self.__dict__.pop(made_of_flags, None)

    @cached_property
    def settings(self) -> Settings:
        return Settings(self.app.env, self.flags, app=self.app, files=self._files)

    @cached_property
    def models(self) -> "ModelFinder":
        finder: ModelFinder = resolve_name(MODELS)(self.app.env, self.settings.data_path)
        return finder

    @cached_property
    def aliases(self) -> aliases.Aliases:
        """The user's own commands. Raises ConfigFileError."""
        return aliases.load(self.app.env)

    @cached_property
    def session(self) -> "Session":
        observers = () if self.history is None else (self.history,)
        session: Session = resolve_name(SESSION)(
            app=self.app, flags=self.flags, settings=self.settings, observers=observers
        )
        session.command = self.command
        session.prompt = self.prompt
        return session

    def begin_history(self, words: Sequence[str]) -> None:
        """Record the command from now on, where the setting says so."""
        try:
            enabled = self.settings.value("cli_history") == "enabled"
        except AwsminiError:
            return  # what is wrong with the configuration is told by whoever needs it
        if enabled:
            self.history = resolve_name(HISTORY)(self.app, words, resolve_name(VERSION_LINE)(self.app.env))

    @cached_property
    def query(self) -> "Query | None":
        """The compiled --query. Raises ParamValidationError."""
        text = self.flags.get("query")
        return None if text is None else resolve_name(COMPILE)(text)

    @property
    def output(self) -> str:
        """The output format asked for, wherever it was."""
        output: str = self.settings.value("output")
        return output

    def client(self, service_model: "ServiceModel") -> "Client":
        """A client of the session, of a model already loaded."""
        return self.session.client_for(service_model)


def command_path(ctx: "click.Context") -> tuple[str, ...]:
    """The names of the commands down to the context's, without that of the program."""
    names: list[str] = []
    at: click.Context | None = ctx
    while at is not None and at.parent is not None:
        names.insert(0, str(at.info_name))
        at = at.parent
    return tuple(names)
