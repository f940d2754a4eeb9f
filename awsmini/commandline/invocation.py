"""What every command gets: the world, the global flags, and the session they ask for."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, TypeVar

from awsmini.app import App
from awsmini.config import aliases
from awsmini.config.settings import Settings, is_local
from awsmini.errors import AwsminiError

if TYPE_CHECKING:
    import click

    from awsmini.client import Client
    from awsmini.commandline.shared import Shared
    from awsmini.config.files import Files
    from awsmini.format.view import View
    from awsmini.history import CommandHistory
    from awsmini.model.load import ModelFinder
    from awsmini.model.shapes import ServiceModel
    from awsmini.query import Query
    from awsmini.session import Session

    TakeAnswer = Callable[[Any, View], None]

FENCED = "awsmini.sandbox.fence:fenced"  # only --local
SESSION = "awsmini.session:Session"  # credentials and clients: not needed by help, skeletons and usage errors
MODELS = "awsmini.model.load:ModelFinder"  # json and pathlib: not needed by `--version`
COMPILE = "awsmini.query:compile"  # jmespath: only --query needs it
VERSION_LINE = "awsmini.commandline.version:line"
HISTORY = "awsmini.history:CommandHistory"  # sqlite3: only cli_history = enabled needs it
# The global options that bear on where a call goes and as whom.
BEARING = ("profile", "region", "endpoint_url", "verify_ssl", "sign_request", "ca_bundle", "cli_read_timeout",
           "cli_connect_timeout", "local", "account")  # fmt: skip

T = TypeVar("T")


class Invocation:
    """One command line: `ctx.obj` of every command."""

    def __init__(
        self,
        app: App,
        flags: Mapping[str, Any],
        *,
        files: "Files | None" = None,
        prompt: str = "off",
        shared: "Shared | None" = None,
    ) -> None:
        self.app = resolve_name(FENCED)(app) if is_local(flags, app.env) else app
        self.flags = flags
        self.prompt = prompt  # whether the command line comes from the prompt, for the user agent
        self.shared = shared  # what it has in common with other command lines of this process
        self.take_answer: TakeAnswer | None = None  # who gets answers in the place of stdout
        self._files = files
        self.command: str | None = None  # `service.operation` and the like, for the user agent
        self.history: CommandHistory | None = None  # where the command is recorded, if it is

    def again(self, flags: Mapping[str, Any]) -> "Invocation":
        """The same command line with other global flags; the config files are not read again."""
        again = Invocation(self.app, flags, files=self.settings.files_read, prompt=self.prompt, shared=self.shared)
        again.take_answer = self.take_answer
        return again

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
        def make() -> "ModelFinder":
            finder: ModelFinder = resolve_name(MODELS)(self.app.env, self.settings.data_path)
            return finder

        return self.kept("models", make)

    @cached_property
    def aliases(self) -> aliases.Aliases:
        """The user's own commands. Raises ConfigFileError."""
        return self.kept("aliases", lambda: aliases.load(self.app.env))

    def kept(self, key: Any, make: Callable[[], T]) -> T:
        """What is made once for all command lines of this process, or for this one where it is alone or recorded."""
        return make() if self.shared is None or self.history is not None else self.shared.kept(key, make)

    @cached_property
    def session(self) -> "Session":
        session = copy(self.kept(("session", *self.identity), self.make_session))
        session.command = self.command
        session.prompt = self.prompt
        return session

    def make_session(self) -> "Session":
        app, settings = self.app, self.settings
        if self.shared is not None:  # it outlives this line
            app = self.shared.app
            settings = Settings(app.env, self.flags, app=app, files=settings.files_read)
        observers = () if self.history is None else (self.history,)
        session: Session = resolve_name(SESSION)(app=app, flags=self.flags, settings=settings, observers=observers)
        if self.shared is not None:
            self.shared.introduce(session)
        return session

    @property
    def identity(self) -> tuple[Any, ...]:
        """What two command lines must have in common to share a session."""
        return tuple(self.flags.get(name) for name in BEARING)

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
        key = ("client", *self.identity, service_model.service_name, self.session.command)
        return self.kept(key, lambda: self.session.client_for(service_model))


def command_path(ctx: "click.Context") -> tuple[str, ...]:
    """The names of the commands down to the context's, without that of the program."""
    names: list[str] = []
    at: click.Context | None = ctx
    while at is not None and at.parent is not None:
        names.insert(0, str(at.info_name))
        at = at.parent
    return tuple(names)
