"""`awsmini configure sso` and `awsmini configure sso-session`: where to sign in, as whom, in which account."""

from collections.abc import Sequence
from typing import Any

from awsmini.commandline.ask import NO_HINTS, Hints, choose, question, required
from awsmini.commandline.config_files import write_config
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.commands.configure.sso_questions import SessionQuestions, text_of
from awsmini.config.settings import RULES, ProfileNotFoundError
from awsmini.config.writer import Heading
from awsmini.errors import AwsminiError, ClientError
from awsmini.format import RENDERERS
from awsmini.records import replace
from awsmini.services.shared.signin_callback import redirect_port
from awsmini.services.shared.signin_sso_settings import sso_config
from awsmini.services.shared.signin_sso_token import SsoLogin, fetch_token
from awsmini.services.small.sso import LOGIN_OPTIONS, is_by_code, sign_in_client, unsigned_client

BOLD, PLAIN = "\033[1m", "\033[0m"


class NothingAvailableError(AwsminiError):
    """No account or no role to choose."""


def run(invocation: Invocation, values: Values) -> int:
    return _ConfigureSso(invocation, values).run()


class _ConfigureSso:
    """`configure sso`, from the first question to the files."""

    def __init__(self, invocation: Invocation, values: Values) -> None:
        self._invocation = invocation
        self._app = invocation.app
        self._values = values
        self._port = redirect_port(values)
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
        questions = SessionQuestions(self._invocation, text_of(self._profile.get("sso_session")))
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

    def _login(self, questions: SessionQuestions) -> tuple[SsoLogin, bool]:
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

    def _new_login(self, questions: SessionQuestions, *, with_scopes: bool) -> SsoLogin:
        for key in ("sso_start_url", "sso_region"):
            if written := text_of(self._profile.get(key)):
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
            port=self._port,
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
        answer = question(self._app, text, text_of(self._profile.get(key)), hints=hints)
        if answer:
            self._answers[key] = answer

    def _ask_profile_name(self, account: str | None, role: str | None) -> str:
        default = f"{role}-{account}" if account and role else None
        return question(self._app, "Profile name", default, required, hints=NO_HINTS) or ""

    def _conclude(self, name: str, with_credentials: bool) -> None:
        if not with_credentials:
            message = f"Successfully configured SSO for profile: {name}\n"
        elif name.lower() == "default":
            message = (
                "The AWS CLI is now configured to use the default profile.\n"
                "Run the following command to verify your configuration:\n\nawsmini sts get-caller-identity\n"
            )
        else:
            message = (
                "To use this profile, specify the profile name using --profile, as shown:\n\n"
                f"awsmini sts get-caller-identity --profile {name}\n"
            )
        self._app.stdout.write(message)


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
    questions = SessionQuestions(invocation)
    questions.ask_name(needed=True)
    questions.ask_place()
    questions.ask_scopes()
    questions.write()
    invocation.app.stdout.write(
        f"\nCompleted configuring SSO session: {questions.name}\n"
        "Run the following to login and refresh access token for this session:\n\n"
        f"awsmini sso login --sso-session {questions.name}\n"
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
