"""`awsmini configure sso` and `awsmini configure sso-session`: where to sign in, as whom, in which account."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from awsmini.commands.configure.ask import NO_HINTS, Check, Hints, choose, question, required, warn_of_pipe
from awsmini.commands.configure.target import write_config
from awsmini.commands.configure.writer import Heading
from awsmini.commands.handwritten import HandWritten, Values
from awsmini.commands.invocation import Invocation
from awsmini.commands.signin.sso_settings import SCOPES, split_scopes, sso_config
from awsmini.commands.signin.sso_token import SCOPE, SsoLogin, fetch_token
from awsmini.commands.signin.start_url import is_aws_host, resolve
from awsmini.commands.sso import LOGIN_OPTIONS, is_by_code, resolve_options, sign_in_client, unsigned_client
from awsmini.config.files import Section
from awsmini.config.rules import is_valid_host_label
from awsmini.config.settings import RULES, ProfileNotFoundError
from awsmini.errors import AwsminiError, ClientError, ConfigurationError
from awsmini.format import RENDERERS
from awsmini.log import debug
from awsmini.model.load import data
from awsmini.records import replace

OIDC = "sso-oidc"
BOLD, PLAIN = "\033[1m", "\033[0m"


class NothingAvailableError(AwsminiError):
    """No account or no role to choose."""


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


class _SessionQuestions:
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
        self._ask("sso_region", "SSO region", required, data("service-regions.json")[OIDC].split())
        return None

    def _start_urls(self) -> list[str]:
        """Those that the config file has already."""
        sections = (*self._invocation.session.settings.files.profiles.values(), *self._sessions.values())
        return [url for section in sections if (url := _text(section.get("sso_start_url")))]

    def _scopes(self) -> dict[str, str]:
        """Those that may be meant, with where they are used."""
        used: dict[str, list[str]] = {}
        for name, section in self._sessions.items():
            for scope in split_scopes(_text(section.get(SCOPES)) or ""):
                used.setdefault(scope, []).append(name)
        told = {scope: f"Used in SSO sessions: {', '.join(names)}" for scope, names in used.items()}
        return {**told, SCOPE: "Grants access to AWS IAM Identity Center accounts and permission sets"}

    def ask_scopes(self) -> list[str]:
        self.config.setdefault(SCOPES, SCOPE)
        return split_scopes(self._ask(SCOPES, "SSO registration scopes", scope_list, self._scopes()))

    def _ask(self, key: str, text: str, check: Check, offers: Iterable[str]) -> str:
        hints = Hints(offers if isinstance(offers, Mapping) else dict.fromkeys(offers, ""))
        self.config[key] = question(self._app, text, self.config.get(key), check, hints=hints) or ""
        return self.config[key]

    def write(self) -> None:
        if self.name:
            write_config(self._invocation, Heading("sso-session", self.name), self.config)


def run(invocation: Invocation, values: Values) -> int:
    return _ConfigureSso(invocation, values).run()


class _ConfigureSso:
    """`configure sso`, from the first question to the files."""

    def __init__(self, invocation: Invocation, values: Values) -> None:
        self._invocation = invocation
        self._app = invocation.app
        self._values = values
        settings = invocation.session.settings
        self._profile_name = settings.profile_name
        try:
            self._profile = settings.profile
        except ProfileNotFoundError:
            self._profile = {}
        # The calls on the way know no profile: it may not be there yet, or not be complete.
        env = {name: value for name, value in self._app.env.items() if name not in RULES["profile"].env}
        self._neutral = Invocation(replace(self._app, env=env), {**invocation.flags, "profile": None})
        self._neutral.command = invocation.command
        self._answers: dict[str, str] = {}

    def run(self) -> int:
        questions = _SessionQuestions(self._invocation, _text(self._profile.get("sso_session")))
        login, fresh = self._login(questions)
        token = fetch_token(login, fresh=fresh)
        account, role = self._account_and_role(login.region, token["accessToken"])
        self._ask_setting("region", "Default client Region")
        formats = Hints(dict.fromkeys(RENDERERS, ""))
        self._ask_setting("output", "CLI default output format (json if not specified)", formats)
        name = self._profile_name or self._ask_profile_name(account, role)
        if self._answers:
            write_config(self._invocation, Heading("profile", name), self._answers)
        questions.write()
        self._conclude(name, bool(account and role))
        return 0

    def _login(self, questions: _SessionQuestions) -> tuple[SsoLogin, bool]:
        """What to sign in to, and whether a token that is there already will not do."""
        questions.ask_name(needed=False)
        if questions.name is None:
            self._app.stdout.write(
                f"{BOLD}WARNING: Configuring using legacy format (e.g. without an SSO session).\n"
                f'Consider re-running "configure sso" command and providing a session name.\n{PLAIN}'
            )
            return self._new_login(questions, with_scopes=False), False
        self._answers["sso_session"] = questions.name
        if questions.name in self._invocation.session.settings.files.sso_sessions:
            known = sso_config(self._neutral.session.settings, questions.name)
            return self._make(known.start_url, None, known.region, known.session_name, known.scopes), False
        return self._new_login(questions, with_scopes=True), True

    def _new_login(self, questions: _SessionQuestions, *, with_scopes: bool) -> SsoLogin:
        for key in ("sso_start_url", "sso_region"):
            if written := _text(self._profile.get(key)):
                questions.config[key] = written
        resolved = questions.ask_place()
        scopes = questions.ask_scopes() if with_scopes else None
        start_url, region = questions.config["sso_start_url"], questions.config["sso_region"]
        if questions.name is None:
            self._answers.update(questions.config)
        return self._make(start_url, resolved, region, questions.name, scopes)

    def _make(
        self, start_url: str, resolved: str | None, region: str, name: str | None, scopes: list[str] | None
    ) -> SsoLogin:
        by_code = is_by_code(name, self._values)
        return SsoLogin(
            app=self._app,
            client=sign_in_client(self._neutral, region, by_code=by_code),
            start_url=start_url,
            resolved_url=resolved or start_url,
            region=region,
            session_name=name,
            scopes=scopes,
            by_code=by_code,
            no_browser=self._values.get("no_browser", False),
        )

    def _account_and_role(self, region: str, token: str) -> tuple[str | None, str | None]:
        client = unsigned_client(self._neutral, "sso", region)
        account = None
        try:
            account = self._choose_account(client, token)
            return account, self._choose_role(client, token, account)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "UnauthorizedException":
                raise
        self._app.stdout.write(
            "Unable to list AWS accounts and/or roles. Skipping configuring AWS credential provider for profile.\n"
        )
        return account, None

    def _choose_account(self, client: Any, token: str) -> str:
        accounts = _all(client, "list_accounts", "accountList", accessToken=token)
        if not accounts:
            raise NothingAvailableError("No AWS accounts are available to you.")
        if len(accounts) == 1:
            chosen = accounts[0]
            self._app.stdout.write(f"The only AWS account available to you is: {chosen['accountId']}\n")
        else:
            self._app.stdout.write(f"There are {len(accounts)} AWS accounts available to you.\n")
            accounts = sorted(accounts, key=account_order)
            chosen = accounts[choose(self._app, [account_line(account) for account in accounts])]
        self._app.stdout.write(f"Using the account ID {chosen['accountId']}\n")
        self._answers["sso_account_id"] = chosen["accountId"]
        return str(chosen["accountId"])

    def _choose_role(self, client: Any, token: str, account: str) -> str:
        roles = _all(client, "list_account_roles", "roleList", accountId=account, accessToken=token)
        if not roles:
            raise NothingAvailableError(f"No roles are available for the account {account}")
        names = sorted((str(role["roleName"]) for role in roles), key=str.lower)
        if len(names) == 1:
            chosen = names[0]
            self._app.stdout.write(f"The only role available to you is: {chosen}\n")
        else:
            self._app.stdout.write(f"There are {len(names)} roles available to you.\n")
            chosen = names[choose(self._app, names)]
        self._app.stdout.write(f'Using the role name "{chosen}"\n')
        self._answers["sso_role_name"] = chosen
        return chosen

    def _ask_setting(self, key: str, text: str, hints: Hints = NO_HINTS) -> None:
        answer = question(self._app, text, _text(self._profile.get(key)), hints=hints)
        if answer:
            self._answers[key] = answer

    def _ask_profile_name(self, account: str | None, role: str | None) -> str:
        default = f"{role}-{account}" if account and role else None
        return question(self._app, "Profile name", default, required) or ""

    def _conclude(self, name: str, with_credentials: bool) -> None:
        if not with_credentials:
            message = f"Successfully configured SSO for profile: {name}\n"
        elif name.lower() == "default":
            message = (
                "The AWS CLI is now configured to use the default profile.\n"
                "Run the following command to verify your configuration:\n\naws sts get-caller-identity\n"
            )
        else:
            message = (
                "To use this profile, specify the profile name using --profile, as shown:\n\n"
                f"aws sts get-caller-identity --profile {name}\n"
            )
        self._app.stdout.write(message)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _all(client: Any, method: str, key: str, **arguments: str) -> list[dict[str, Any]]:
    """The elements of all pages."""
    return [element for page in client.get_paginator(method).paginate(**arguments) for element in page.get(key, ())]


def account_line(account: dict[str, str]) -> str:
    named = [account[key] for key in ("accountName", "emailAddress") if key in account]
    return f"{', '.join(named)} ({account['accountId']})" if named else account["accountId"]


def account_order(account: dict[str, str]) -> tuple[bool, str]:
    """By name, by address where there is no name; those that have neither come last."""
    keys: Sequence[str] = ("accountName", "emailAddress")
    text = next((account[key] for key in (*keys, "accountId") if account.get(key) is not None), "")
    return not any(key in account for key in keys), text.lower()


def run_session(invocation: Invocation, values: Values) -> int:
    assert invocation.session.settings.profile is not None  # none is needed, but one that is named has to exist
    questions = _SessionQuestions(invocation)
    questions.ask_name(needed=True)
    questions.ask_place()
    questions.ask_scopes()
    questions.write()
    invocation.app.stdout.write(
        f"\nCompleted configuring SSO session: {questions.name}\n"
        "Run the following to login and refresh access token for this session:\n\n"
        f"aws sso login --sso-session {questions.name}\n"
    )
    return 0


command = HandWritten(
    "sso",
    run,
    doc="Set up a profile whose credentials come from IAM Identity Center, signing in on the way.",
    arguments=LOGIN_OPTIONS,
)
session_command = HandWritten(
    "sso-session", run_session, doc="Set up an SSO session, which profiles may then refer to."
)
