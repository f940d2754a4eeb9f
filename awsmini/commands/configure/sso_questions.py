"""What is asked about an SSO session: its name, where to sign in, in which region, for what."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from awsmini.commandline.ask import Check, Hints, question, required, warn_of_pipe
from awsmini.commandline.config_files import write_config
from awsmini.commandline.invocation import Invocation
from awsmini.config.files import Section
from awsmini.config.rules import is_valid_host_label
from awsmini.config.writer import Heading
from awsmini.errors import ConfigurationError
from awsmini.log import debug
from awsmini.model.load import data
from awsmini.services.shared.signin_sso_settings import SCOPES, split_scopes
from awsmini.services.shared.signin_sso_token import SCOPE
from awsmini.services.shared.signin_start_url import is_aws_host, resolve
from awsmini.services.small.sso import resolve_options

OIDC = "sso-oidc"


def text_of(value: object) -> str | None:
    return value if isinstance(value, str) else None


def start_url_form(answer: str) -> str | None:
    try:
        host = urlsplit(answer).hostname or ""
    except ValueError:
        host = ""
    is_host = len(host) < 256 and is_valid_host_label(host.removesuffix("."), True)
    return None if is_host else "Not a valid Start URL"


def scope_list(answer: str) -> str | None:
    blank = any(len(scope.split()) > 1 for scope in answer.split(","))
    return "Scope values must be separated by commas" if blank else None


class SessionQuestions:
    """Asks for the settings of an SSO session. `config` has what there is, and the answers."""

    def __init__(self, invocation: Invocation, name: str | None = None) -> None:
        self._invocation = invocation
        self._app = invocation.app
        self._sessions = invocation.session.settings.files.sso_sessions
        self.name = name
        self.config = self._of(name)

    def _of(self, name: str | None) -> dict[str, str]:
        section: Section = self._sessions.get(name, {}) if name else {}
        return {key: value for key, value in section.items() if isinstance(value, str)}

    def ask_name(self, *, needed: bool) -> None:
        warn_of_pipe(self._app)
        prompt = "" if self.name else f"SSO session name{'' if needed else ' (Recommended)'}: "
        check = required if needed else None
        hints = Hints(dict.fromkeys(sorted(self._sessions), ""), self._told_of)
        self.name = question(self._app, "SSO session name", self.name, check, prompt, hints)
        self.config = self._of(self.name)

    def _told_of(self, name: str) -> str | None:
        """The settings of a session that is there, on a terminal below its name."""
        found = self._sessions.get(name)
        return None if found is None else f"Configuration for SSO session: {name}\n\n{json.dumps(found, indent=2)}"

    def ask_place(self) -> str | None:
        """Start URL and region; the URL that a domain of one's own leads to."""
        start_url = self._ask("sso_start_url", "SSO start URL", start_url_form, self._start_urls())
        if not is_aws_host(urlsplit(start_url).hostname or ""):
            try:
                resolved, region = resolve(start_url, None, self._app, resolve_options(self._invocation))
            except (ConfigurationError, ValueError) as error:
                debug(
                    "commands.configure",
                    "Failed to resolve vanity URL '%s': %s. Falling back to region prompt.",
                    start_url,
                    error,
                )
            else:
                self.config["sso_region"] = region
                return resolved
        regions = data("service-regions.json")[OIDC].split()
        self._ask("sso_region", "SSO region", required, dict.fromkeys(regions, ""))
        return None

    def _start_urls(self) -> dict[str, str]:
        """Those that the config file has already."""
        sections = (*self._invocation.session.settings.files.profiles.values(), *self._sessions.values())
        return {url: "" for section in sections if (url := text_of(section.get("sso_start_url")))}

    def _scopes(self) -> dict[str, str]:
        """Those that may be meant, with where they are used."""
        used: dict[str, list[str]] = {}
        for name, section in self._sessions.items():
            for scope in split_scopes(text_of(section.get(SCOPES)) or ""):
                used.setdefault(scope, []).append(name)
        told = {scope: f"Used in SSO sessions: {', '.join(names)}" for scope, names in used.items()}
        return {**told, SCOPE: "Grants access to AWS IAM Identity Center accounts and permission sets"}

    def ask_scopes(self) -> list[str]:
        self.config.setdefault(SCOPES, SCOPE)
        return split_scopes(self._ask(SCOPES, "SSO registration scopes", scope_list, self._scopes()))

    def _ask(self, key: str, text: str, check: Check, offers: Mapping[str, str]) -> str:
        self.config[key] = question(self._app, text, self.config.get(key), check, hints=Hints(offers)) or ""
        return self.config[key]

    def write(self) -> None:
        if self.name:
            write_config(self._invocation, Heading("sso-session", self.name), self.config)
