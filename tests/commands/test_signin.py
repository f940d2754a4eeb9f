"""`sso login`, `login`, `configure sso` and their opposites, with a browser that is a function."""

import base64
import json
import socket
import stat
import threading
import urllib.error
import urllib.request
from hashlib import sha1, sha256

import pytest

from awsmini.app import process_app
from awsmini.commandline.menus import shortened
from awsmini.services.shared import signin_callback as callback
from awsmini.services.shared.signin_start_url import is_aws_host, region_of
from tests.config.peers import ACCOUNT, LOGIN_SESSION, START_URL, Peers, later, query_of
from tests.servers import answer
from tests.wizards.pseudo_terminal import on_a_terminal, on_screen

SESSION = f"[sso-session corp]\nsso_start_url = {START_URL}\nsso_region = us-east-1\n"
PROFILE = f"[profile p]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = Admin\nregion = us-east-1\n"
LEGACY = f"[profile p]\nsso_start_url = {START_URL}\nsso_region = us-east-1\n"


class Browser:
    """Opens pages: it goes straight back to the page of this machine, as somebody signed in would."""

    def __init__(self):
        self.pages = []
        self.code = "AUTH-CODE"
        self.state = None
        self.error = None
        self.seen = []
        self.trip = None

    def __call__(self, url):
        self.pages.append(url)
        query = query_of(url)
        if "redirect_uri" in query:
            back = f"error={self.error}" if self.error else f"code={self.code}&state={self.state or query['state']}"
            self.trip = threading.Thread(target=self._go_back, args=(query["redirect_uri"], back))
            self.trip.start()

    def _go_back(self, redirect, back):
        stray = redirect.replace("/oauth/callback", "/favicon.ico")
        self.seen = [self._get(url) for url in (stray, redirect, f"{redirect}?{back}")]

    @staticmethod
    def _get(url):
        try:
            with urllib.request.urlopen(url) as reply:
                return reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture
def browser(monkeypatch):
    browser = Browser()
    monkeypatch.setattr("webbrowser.open_new_tab", browser)
    return browser


@pytest.fixture
def slept(monkeypatch):
    """Nobody sleeps; the seconds that somebody would have."""
    seconds = []
    monkeypatch.setattr("awsmini.app.process_app", lambda: process_app()._replace(sleep=seconds.append))
    return seconds


@pytest.fixture
def peers(aws, slept):
    """The services, and no credentials in the environment."""
    peers = Peers()
    aws.service.always(peers)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del aws.env[name]
    return peers


def kept(aws, folder):
    return sorted((aws.home / ".aws" / folder).glob("*.json"))


def token_path(aws, name):
    return aws.home / ".aws/sso/cache" / f"{sha1(name.encode()).hexdigest()}.json"


# sso login


def test_with_an_authorization_code(aws, peers, browser):
    aws.write(".aws/config", PROFILE + SESSION)
    outcome = aws("sso login --profile p")
    (page,) = browser.pages
    assert outcome.stdout == (
        "Attempting to open your default browser. If the browser does not open, open the following URL.\n"
        "If you are unable to open the URL on this device, run this command again with the '--use-device-code' option."
        f"\n\n{page}\n\nSuccessfully logged into Start URL: {START_URL}\n"
    )
    assert (outcome.stderr, outcome.code) == ("", 0)
    query = query_of(page)
    assert page.startswith(
        f"{aws.service.url}/authorize?response_type=code&client_id=client&redirect_uri=http%3A%2F%2F127"
    )
    assert (query["code_challenge_method"], query["scopes"]) == ("S256", "sso:account:access")
    asked = aws.service.requests[-1].json
    challenge = base64.urlsafe_b64encode(sha256(asked["codeVerifier"].encode()).digest()).decode().rstrip("=")
    assert (query["code_challenge"], asked["redirectUri"]) == (challenge, query["redirect_uri"])
    browser.trip.join()
    assert browser.seen[:2] == [404, 404]
    assert "You are signed in" in browser.seen[2]
    for request in aws.service.requests:
        assert request.headers["User-Agent"].endswith(" md/command#sso.login md/sso#auth")
    token = json.loads(token_path(aws, "corp").read_text())
    assert token["accessToken"] == "SSO-SECRET-TOKEN"
    assert stat.S_IMODE(token_path(aws, "corp").stat().st_mode) == 0o600
    assert aws("sts get-caller-identity --profile p").json["Account"] == ACCOUNT


def test_the_registration_is_kept_under_awss_name(aws, peers, browser):
    aws.write(".aws/config", PROFILE + SESSION + "sso_registration_scopes = sso:account:access, x:y\n")
    aws("sso login --profile p")
    arguments = {
        "tool": "botocore", "startUrl": START_URL, "region": "us-east-1", "scopes": ["sso:account:access", "x:y"],
        "session_name": "corp",
    }  # fmt: skip
    path = aws.home / ".aws/sso/cache" / f"{sha1(json.dumps(arguments, sort_keys=True).encode()).hexdigest()}.json"
    assert json.loads(path.read_text())["grantTypes"] == ["authorization_code", "refresh_token"]
    assert query_of(browser.pages[0])["scopes"] == "sso:account:access x:y"
    aws("sso login --profile p")
    assert peers.calls["RegisterClient"] == 1
    aws("sso login --profile p --use-device-code")
    assert peers.calls["RegisterClient"] == 2  # a registration for the other way does not do


def test_no_browser(aws, peers, browser, monkeypatch):
    aws.write(".aws/config", PROFILE + SESSION)
    printed = []
    monkeypatch.setattr(
        "awsmini.services.shared.signin_sso_token.print_only", lambda out, url: printed.append(url) or browser(url)
    )
    outcome = aws("sso login --sso-session corp --no-browser")
    assert len(printed) == 1
    assert outcome.stdout == f"Successfully logged into Start URL: {START_URL}\n"


DEVICE = "https://device.sso.us-east-1.amazonaws.com/"
CODE_TO_ENTER = "\nThen enter the code:\n\nABCD-EFGH\n"


@pytest.mark.parametrize(("config", "name"), [(PROFILE + SESSION, "corp"), (LEGACY, START_URL)])
def test_with_a_device_code(aws, peers, browser, config, name):
    peers.pending = 3
    aws.write(".aws/config", config)
    outcome = aws("sso login --profile p --use-device-code")
    assert outcome.stdout == (
        "Attempting to open your default browser.\nIf the browser does not open or you wish to use a different device "
        f"to authorize this request, open the following URL:\n\n{DEVICE}\n{CODE_TO_ENTER}"
        f"Successfully logged into Start URL: {START_URL}\n"
    )
    assert browser.pages == [f"{DEVICE}?user_code=ABCD-EFGH"]
    assert json.loads(token_path(aws, name).read_text())["refreshToken"] == "REFRESH-SECRET"
    assert peers.calls["CreateToken"] == 4
    assert not any("sso#auth" in request.headers["User-Agent"] for request in aws.service.requests)


def test_a_device_code_without_a_browser(aws, peers, browser):
    peers.pending = 1
    aws.write(".aws/config", LEGACY)
    outcome = aws("sso login --profile p --no-browser")
    assert outcome.stdout.startswith(
        "Browser will not be automatically opened.\nPlease visit the following URL:\n\n"
        f"{DEVICE}\n{CODE_TO_ENTER}\nAlternatively, you may visit the following URL which will autofill the code upon "
        f"loading:\n{DEVICE}?user_code=ABCD-EFGH\n"
    )
    assert not browser.pages


def test_a_device_that_is_allowed_already(aws, peers, browser):
    aws.write(".aws/config", LEGACY)
    assert aws("sso login --profile p").stdout == f"Successfully logged into Start URL: {START_URL}\n"
    assert not browser.pages


def test_asking_too_fast(aws, peers, browser, slept):
    peers.pending, peers.slow_down = 3, True
    aws.write(".aws/config", LEGACY)
    aws("sso login --profile p")
    assert [seconds for seconds in slept if seconds] == [11, 16]


EXPIRED = (
    "awsmini: [ERROR]: The pending authorization to retrieve an SSO token has expired. "
    "The login flow to retrieve an SSO token must be restarted."
)


def test_a_device_code_that_has_expired(aws, peers, browser):
    peers.device_expired = True
    aws.write(".aws/config", LEGACY)
    outcome = aws("sso login --profile p")
    assert (outcome.message, outcome.code) == (EXPIRED, 255)


def test_nobody_comes_back(aws, peers, monkeypatch):
    monkeypatch.setattr(callback, "OVERALL_SECONDS", 0.05)
    monkeypatch.setattr(callback.CallbackServer, "timeout", 0.05)
    monkeypatch.setattr("webbrowser.open_new_tab", lambda url: None)
    aws.write(".aws/config", PROFILE + SESSION)
    outcome = aws("sso login --profile p")
    assert EXPIRED in outcome.stderr
    assert outcome.code == 255


def test_a_browser_that_does_not_open(aws, peers, browser, monkeypatch):
    def refuse(url):
        browser(url)
        raise RuntimeError("no display")

    monkeypatch.setattr("webbrowser.open_new_tab", refuse)
    aws.write(".aws/config", PROFILE + SESSION)
    assert aws("sso login --profile p").code == 0


REFUSED = [
    ({"error": "access_denied"}, 255, "Error loading authorization code: Failed to retrieve an authorization code."),
    ({"state": "another"}, 255, "Error loading authorization code: State parameter does not match expected value."),
    (
        {"code": "stolen"},
        254,
        "An error occurred (InvalidGrantException) when calling the CreateToken operation: bad code",
    ),
]


@pytest.mark.parametrize(("how", "code", "message"), REFUSED)
def test_a_sign_in_that_is_refused(aws, peers, browser, how, code, message):
    vars(browser).update(how)
    aws.write(".aws/config", PROFILE + SESSION)
    outcome = aws("sso login --profile p")
    assert f"awsmini: [ERROR]: {message}" in outcome.stderr
    assert outcome.code == code
    assert not token_path(aws, "corp").exists()


SETTINGS = [
    (
        "",
        "",
        "Missing the following required SSO configuration values: sso_start_url, sso_region. To make sure this profile "
        "is properly configured to use SSO, please run: awsmini configure sso",
    ),
    ("", "--sso-session gone", 'The specified sso-session does not exist: "gone"'),
    (
        f"[sso-session s]\nsso_start_url = {START_URL}\n",
        "--sso-session s",
        "Missing the following required SSO configuration values: sso_region.",
    ),
    (
        "[default]\nsso_start_url = http://d-1.awsapps.com/start\nsso_region = r\n",
        "",
        "The sso_start_url must use the https scheme.",
    ),
    ("[default]\nsso_start_url = https:///start\nsso_region = r\n", "", "Invalid sso_start_url: 'https:///start'"),
]


@pytest.mark.parametrize(("config", "words", "message"), SETTINGS)
def test_settings_that_do_not_say_where(aws, peers, config, words, message):
    aws.write(".aws/config", config)
    outcome = aws(f"sso login {words}")
    assert outcome.message == f"awsmini: [ERROR]: An error occurred (Configuration): {message}"
    assert outcome.code == 253


# Start URLs


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("d-1.awsapps.com", None),
        ("x.portal.eu-west-1.app.aws", "eu-west-1"),
        ("x.eu-west-1.portal.amazonaws.com", "eu-west-1"),
        ("x.cn-north-1.portal.amazonaws.com.cn", "cn-north-1"),
        ("x.portal.cn-north-1.app.amazonwebservices.com.cn", "cn-north-1"),
        ("x.eusc-de-east-1.portal.amazonaws.eu", "eusc-de-east-1"),
        ("x.portal.eusc-de-east-1.api.amazonwebservices.eu", "eusc-de-east-1"),
        ("identitycenter.us-gov.amazonaws.com", None),
        ("D-1.AWSAPPS.COM.", None),
    ],
)
def test_hosts_of_aws(host, region):
    assert is_aws_host(host)
    assert region_of(host) == region


@pytest.mark.parametrize("host", ["example.com", "awsapps.com.example.com", "xawsapps.com", "evil-app.aws.example"])
def test_other_hosts(host):
    assert not is_aws_host(host)


def resolving(aws, reply):
    """Answers to HEAD and GET of a domain of one's own; all else goes to the peers."""
    from awsmini.app import App
    from awsmini.records import Reply
    from awsmini.send.options import SenderOptions
    from awsmini.services.shared.signin_start_url import resolve

    asked = []

    def open_sender(options):
        def send(request):
            asked.append((request.method, request.url))
            status, headers = reply[request.method]
            return Reply(status=status, reason="", headers=headers)

        return send

    app = App(stdin=None, stdout=None, stderr=None, env={}, open_sender=open_sender)

    def run(region=None):
        return resolve("https://login.example.com/start", region, app, SenderOptions()), asked

    return run


TARGET = "https://x.portal.eu-west-1.app.aws/start/?a=b#c"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_domain_of_ones_own(aws, status):
    resolved, asked = resolving(aws, {"HEAD": (status, {"location": TARGET})})("us-east-1")
    assert resolved == ("https://x.portal.eu-west-1.app.aws/start", "eu-west-1")
    assert asked == [("HEAD", "https://login.example.com/start")]


def test_a_domain_that_knows_no_head(aws):
    resolved, asked = resolving(aws, {"HEAD": (405, {}), "GET": (302, {"location": "https://d-1.awsapps.com/s"})})(
        "r-1"
    )
    assert resolved == ("https://d-1.awsapps.com/s", "r-1")
    assert [method for method, _ in asked] == ["HEAD", "GET"]


@pytest.mark.parametrize(
    ("status", "headers", "message"),
    [
        (200, {}, "Could not resolve start URL 'https://login.example.com/start' to an AWS-owned endpoint."),
        (302, {}, "Redirect response missing Location header."),
        (404, {}, "Failed to resolve start URL: HTTP 404"),
        (302, {"location": "http://d-1.awsapps.com/s"}, "Resolved URL must use https. Got: 'http://d-1.awsapps.com/s'"),
        (302, {"location": "https://d-1.awsapps.com/s"}, "Cannot determine region from start URL"),
    ],
)
def test_a_domain_that_leads_nowhere(aws, status, headers, message):
    from awsmini.errors import ConfigurationError

    with pytest.raises(ConfigurationError, match="(?s)" + message.replace(".", r"\.")):
        resolving(aws, {"HEAD": (status, headers)})()


# sso logout


def test_sso_logout(aws, peers, browser):
    aws.write(".aws/config", PROFILE + SESSION)
    aws("sso login --profile p")
    aws("sts get-caller-identity --profile p")
    other = aws.write(".aws/cli/cache/role.json", json.dumps({"Credentials": {}}))
    aws.write(".aws/sso/cache/broken.json", "{")
    assert len(kept(aws, "sso/cache")) == 3
    outcome = aws("sso logout")
    assert (outcome.stdout, outcome.stderr, outcome.code) == ("", "", 0)
    assert peers.calls["Logout"] == 1
    assert not token_path(aws, "corp").exists()
    assert len(kept(aws, "sso/cache")) == 2  # the registration, and what is none of ours
    assert kept(aws, "cli/cache") == [other]
    assert "Token for corp does not exist" in aws("sts get-caller-identity --profile p").message


def test_sso_logout_of_a_token_that_is_worthless_already(aws, peers):
    aws.write(".aws/sso/cache/x.json", json.dumps({"accessToken": "old", "region": "us-east-1"}))
    aws.write(".aws/sso/cache/y.json", json.dumps({"accessToken": "older"}))
    assert aws("sso logout").code == 0
    assert peers.calls["Logout"] == 1
    assert not kept(aws, "sso/cache")


# configure sso and sso-session

PIPED = "Warning: Input is not a terminal (fd=0).\n"


def test_configure_sso(aws, peers, browser):
    peers.accounts = [
        {"accountId": "222222222222", "accountName": "Zoo", "emailAddress": "z@x"},
        {"accountId": ACCOUNT, "accountName": "main"},
        {"accountId": "333333333333"},
    ]
    peers.roles = ["reader", "Admin"]
    outcome = aws("configure sso", stdin=f"corp\nnonsense\n{START_URL}\n\nus-east-1\na b\n\n1\n9\n1\neu-west-1\n\n\n")
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout.startswith(
        "SSO session name (Recommended): corp\nSSO start URL [None]: nonsense\nNot a valid Start URL\n"
        f"SSO start URL [None]: {START_URL}\nSSO region [None]: \nA value is required\nSSO region [None]: us-east-1\n"
        "SSO registration scopes [sso:account:access]: a b\nScope values must be separated by commas\n"
        "SSO registration scopes [sso:account:access]: \nAttempting to open your default browser."
    )
    assert outcome.stderr == PIPED
    assert outcome.stdout.endswith(
        "There are 3 AWS accounts available to you.\n"
        f"  1) main ({ACCOUNT})\n  2) Zoo, z@x (222222222222)\n  3) 333333333333\nChoice [1-3]: "
        f"Using the account ID {ACCOUNT}\n"
        "There are 2 roles available to you.\n  1) Admin\n  2) reader\nChoice [1-2]: Choice [1-2]: "
        'Using the role name "Admin"\n'
        "Default client Region [None]: eu-west-1\nCLI default output format (json if not specified) [None]: \n"
        f"Profile name [Admin-{ACCOUNT}]: \n"
        "To use this profile, specify the profile name using --profile, as shown:\n\n"
        f"awsmini sts get-caller-identity --profile Admin-{ACCOUNT}\n"
    )
    assert (aws.home / ".aws/config").read_text() == (
        f"[profile Admin-{ACCOUNT}]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = Admin\n"
        f"region = eu-west-1\n[sso-session corp]\nsso_start_url = {START_URL}\nsso_region = us-east-1\n"
        "sso_registration_scopes = sso:account:access\n"
    )
    assert aws(f"sts get-caller-identity --profile Admin-{ACCOUNT}").json["Account"] == ACCOUNT


def test_configure_sso_with_a_session_that_is_there(aws, peers, browser):
    aws.write(".aws/config", SESSION)
    outcome = aws("configure sso --profile new --use-device-code", stdin="corp\n\n\n")
    assert f"The only AWS account available to you is: {ACCOUNT}\nUsing the account ID {ACCOUNT}\n" in outcome.stdout
    assert 'The only role available to you is: Admin\nUsing the role name "Admin"\n' in outcome.stdout
    assert (aws.home / ".aws/config").read_text() == (
        f"{SESSION}[profile new]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = Admin\n"
    )


def test_configure_sso_in_the_older_form(aws, peers, browser):
    outcome = aws("configure sso --profile default", stdin=f"\n{START_URL}\nus-east-1\n\njson\n")
    assert "WARNING: Configuring using legacy format (e.g. without an SSO session).\n" in outcome.stdout
    assert outcome.stdout.endswith(
        "The AWS CLI is now configured to use the default profile.\n"
        "Run the following command to verify your configuration:\n\nawsmini sts get-caller-identity\n"
    )
    assert (aws.home / ".aws/config").read_text() == (
        f"[default]\nsso_start_url = {START_URL}\nsso_region = us-east-1\nsso_account_id = {ACCOUNT}\n"
        "sso_role_name = Admin\noutput = json\n"
    )
    assert token_path(aws, START_URL).exists()


def test_configure_sso_keeps_what_enter_leaves(aws, peers, browser):
    aws.write(".aws/config", PROFILE + SESSION)
    outcome = aws("configure sso --profile p", stdin="\n\n\n")
    assert outcome.stdout.startswith("SSO session name [corp]: ")
    assert (aws.home / ".aws/config").read_text() == PROFILE + SESSION


def test_configure_sso_without_accounts(aws, peers, browser):
    peers.accounts = []
    aws.write(".aws/config", SESSION)
    outcome = aws("configure sso --profile new", stdin="corp\n")
    assert outcome.stderr == f"{PIPED}\nawsmini: [ERROR]: No AWS accounts are available to you.\n"
    assert outcome.code == 255


def test_configure_sso_for_tokens_alone(aws, peers, browser):
    aws.write(".aws/config", SESSION)
    peers._list_accounts = lambda request: answer(401, {"message": "no"}, {"x-amzn-ErrorType": "UnauthorizedException"})
    outcome = aws("configure sso --profile new", stdin="corp\n\n\n")
    assert outcome.stdout.endswith(
        "Unable to list AWS accounts and/or roles. Skipping configuring AWS credential provider for profile.\n"
        "Default client Region [None]: \nCLI default output format (json if not specified) [None]: \n"
        "Successfully configured SSO for profile: new\n"
    )
    assert "sso_account_id" not in (aws.home / ".aws/config").read_text()


def test_configure_sso_session(aws, peers):
    outcome = aws("configure sso-session", stdin=f"\ncorp\n{START_URL}\nus-east-1\n\n")
    assert outcome.stdout == (
        "SSO session name: \nA value is required\nSSO session name: corp\n"
        f"SSO start URL [None]: {START_URL}\nSSO region [None]: us-east-1\nSSO registration scopes [sso:account:access]: \n"
        "\nCompleted configuring SSO session: corp\nRun the following to login and refresh access token for this "
        "session:\n\nawsmini sso login --sso-session corp\n"
    )
    assert (aws.home / ".aws/config").read_text() == f"{SESSION}sso_registration_scopes = sso:account:access\n"
    assert not aws.service.requests


def test_configure_sso_session_for_a_profile_that_is_not_there(aws, peers):
    outcome = aws("configure sso-session --profile none", stdin="corp\n")
    assert (outcome.code, outcome.message) == (255, "awsmini: [ERROR]: The config profile (none) could not be found")
    assert not (aws.home / ".aws/config").exists()


# --redirect-port


@pytest.fixture
def port():
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number: int = taken.getsockname()[1]
    return number


@pytest.mark.parametrize(
    ("command", "stdin"),
    [("login", ""), ("sso login --profile p", ""), ("configure sso --profile p", "\n\n\n\n\n\n\n\n")],
)
def test_the_browser_comes_back_to_the_port_that_is_named(aws, peers, browser, port, command, stdin):
    aws.write(".aws/config", PROFILE + SESSION)
    outcome = aws(f"{command} --redirect-port {port}", stdin=stdin)
    assert outcome.code == 0, outcome.stderr
    assert query_of(browser.pages[0])["redirect_uri"] == f"http://127.0.0.1:{port}/oauth/callback"
    redirects = [request.json.get("redirectUris") for request in aws.service.requests if "register" in request.target]
    assert redirects == ([] if command == "login" else [["http://127.0.0.1/oauth/callback"]])


@pytest.mark.parametrize("command", ["login", "login --remote", "sso login", "configure sso"])
@pytest.mark.parametrize("number", ["0", "-1", "65536"])
def test_a_number_that_is_no_port(aws, command, number):
    outcome = aws(f"{command} --redirect-port={number}")
    assert (outcome.code, outcome.stdout) == (252, "")
    assert outcome.message.endswith("Invalid value for --redirect-port. Value must be between 1 and 65535.")


def test_a_port_that_is_no_number(aws):
    outcome = aws("login --redirect-port http")
    assert outcome.code == 252
    assert "argument --redirect-port: invalid int value: 'http'" in outcome.message


@pytest.mark.parametrize("command", ["login", "sso login --profile p"])
def test_a_port_that_is_taken(aws, peers, browser, command):
    aws.write(".aws/config", PROFILE + SESSION)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = aws(f"{command} --redirect-port {taken.getsockname()[1]}")
    assert (outcome.code, browser.pages) == (255, [])
    assert "Unable to initialize the OAuth 2.0 authorization callback handler: [Errno " in outcome.message


def test_a_port_that_no_browser_comes_back_to_is_not_looked_at(aws, peers, browser):
    aws.write(".aws/config", LEGACY)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert aws(f"sso login --profile p --redirect-port {taken.getsockname()[1]}").code == 0


# login and logout


def login_path(aws):
    return aws.home / ".aws/login/cache" / f"{sha256(LOGIN_SESSION.encode()).hexdigest()}.json"


def test_login(aws, peers, browser):
    outcome = aws("login --profile new")
    (page,) = browser.pages
    assert outcome.stdout == (
        "Attempting to open your default browser. If the browser does not open, open the following URL.\n"
        "If you are unable to open the URL on this device, run this command again with the '--remote' option.\n"
        f"\n{page}\n\n\nUpdated profile new to use {LOGIN_SESSION} credentials.\n"
        'Use "--profile new" to use the new credentials, such as "awsmini sts get-caller-identity --profile new"\n'
    )
    query = query_of(page)
    assert page.startswith(f"{aws.service.url}/v1/authorize?response_type=code&client_id=arn%3Aaws%3Asignin")
    assert (query["client_id"], query["scope"]) == ("arn:aws:signin:::devtools/same-device", "openid")
    assert query["code_challenge_method"] == "SHA-256"
    assert (aws.home / ".aws/config").read_text() == f"[profile new]\nlogin_session = {LOGIN_SESSION}\n"
    token = json.loads(login_path(aws).read_text())
    assert set(token) == {"accessToken", "tokenType", "clientId", "refreshToken", "idToken", "dpopKey"}
    assert token["accessToken"]["accountId"] == ACCOUNT
    assert stat.S_IMODE(login_path(aws).stat().st_mode) == 0o600
    peers.login_error = "TOKEN_EXPIRED"  # the credentials are renewed at once, being good for 15 minutes only
    assert aws("sts get-caller-identity --profile new").json["Account"] == ACCOUNT


def pasted(text):
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def state(monkeypatch):
    """The state of every sign-in."""
    monkeypatch.setattr("awsmini.services.shared.signin_pkce.uuid4", lambda: "the-state")
    return "the-state"


def test_login_on_a_remote_host(aws, peers, state):
    outcome = aws("login --remote", stdin=f"{pasted('state=the-state&code=AUTH-CODE')}\n")
    assert outcome.stdout.startswith(
        "Browser will not be automatically opened.\nPlease visit the following URL:\n\nhttp"
    )
    assert "devtools%2Fcross-device" in outcome.stdout
    assert outcome.stdout.endswith(
        "\nEnter the authorization code displayed in your browser: "
        f"\nUpdated profile default to use {LOGIN_SESSION} credentials.\n"
    )
    assert aws.service.requests[-1].json["redirectUri"].endswith("/v1/sessions/confirmation")


PASTED = [
    ("abc", "Failed to decode the verification code."),
    (pasted("code=x"), "Failed to retrieve an auth_code or state from the verification code"),
    (
        pasted("state=other&code=x"),
        "Error loading or redeeming a login authorization code: State parameter other does not match expected value "
        "the-state.",
    ),
]


@pytest.mark.parametrize(("text", "message"), PASTED)
def test_what_is_pasted_is_wrong(aws, peers, state, text, message):
    outcome = aws("login --remote", stdin=f"{text}\n")
    assert outcome.stderr.strip() == f"awsmini: [ERROR]: {message}"
    assert outcome.code == 255
    assert not (aws.home / ".aws/config").exists()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "AUTHCODE_EXPIRED",
            "Error loading or redeeming a login authorization code: Unable to complete the login process due to an "
            "expired authorization code. Please reauthenticate using 'awsmini login'.",
        ),
        (
            "INSUFFICIENT_PERMISSIONS",
            "Unable to create or refresh login credentials due to insufficient permissions. "
            "You may be missing permission for the 'signin:CreateOAuth2Token' action.",
        ),
    ],
)
def test_a_login_that_is_refused(aws, peers, browser, code, message):
    peers.login_error = code
    outcome = aws("login")
    assert f"awsmini: [ERROR]: {message}" in outcome.stderr
    assert outcome.code == 255


@pytest.mark.parametrize(
    ("lines", "style"),
    [
        ("aws_access_key_id = x", "Access Key"),
        ("role_arn = x", "Assume Role"),
        ("credential_process = x", "Credential Process"),
        ("sso_account_id = 1", "SSO"),
        ("web_identity_token_file = x\nrole_arn = y", "Web Identity"),
    ],
)
def test_a_profile_of_another_style(aws, peers, lines, style):
    aws.write(".aws/config", f"[default]\n{lines}\n")
    outcome = aws("login")
    assert outcome.message == (
        f"awsmini: [ERROR]: An error occurred (Configuration): Profile 'default' is already configured with {style} "
        "credentials.\n\nYou may run 'awsmini login --profile new-profile-name' to create a new profile with the specified "
        "name. Otherwise you must first manually remove the existing credentials from 'default'."
    )
    assert outcome.code == 253


def test_login_asks_for_a_region(aws, peers, browser):
    del aws.env["AWS_DEFAULT_REGION"]
    outcome = aws("login", stdin="\n")
    assert outcome.stdout.startswith("No AWS region has been configured. ")
    assert "AWS Region [us-east-1]: " in outcome.stdout
    assert (aws.home / ".aws/config").read_text() == (
        f"[default]\nlogin_session = {LOGIN_SESSION}\nregion = us-east-1\n"
    )


@pytest.mark.parametrize(("answers", "written"), [("maybe\ny\n", True), ("n\n", False)])
def test_login_as_somebody_else(aws, peers, browser, answers, written):
    aws.write(".aws/config", "[default]\nlogin_session = arn:aws:iam::1:user/you\n")
    outcome = aws("login", stdin=answers)
    assert "Profile default is already configured to use session arn:aws:iam::1:user/you." in outcome.stdout
    assert outcome.code == 0
    assert (LOGIN_SESSION in (aws.home / ".aws/config").read_text()) is written
    assert login_path(aws).exists() is written


def test_logout(aws, peers, browser):
    aws("login")
    outcome = aws("logout")
    assert outcome.stdout == (
        "Removed cached login credentials for profile 'default'. Note, any local developer tools that have already "
        "loaded the access token may continue to use it until its expiration. Access tokens expire in 15 minutes.\n"
    )
    assert not login_path(aws).exists()
    outcome = aws("logout --profile other")
    assert outcome.stderr == "warning: no login session found for profile 'other'\n"
    assert outcome.code == 0


def test_logout_of_all(aws, peers):
    access = {"accessToken": {"accessKeyId": "x", "expiresAt": later()}}
    for name in ("a", "b"):
        aws.write(f".aws/login/cache/{name}.json", json.dumps(access))
    aws.write(".aws/login/cache/c.json", "{}")
    assert aws("logout --all").stdout.startswith("Removed 2 cached login credentials. Note, ")
    assert [path.name for path in kept(aws, "login/cache")] == ["c.json"]
    assert aws("logout --all").stdout == "No cached login session tokens found.\n"


@pytest.mark.parametrize(
    ("command", "path", "lacking"),
    [
        ("sso login --profile p --use-device-code", "/client/register", "sso: {}: 'clientSecretExpiresAt'"),
        ("sso login --profile p --use-device-code", "/token", "sso: {}: 'expiresIn'"),
        ("login --profile new", "/v1/token", "login: {}: 'idToken'"),
    ],
)
def test_an_answer_that_lacks_something(aws, peers, browser, command, path, lacking):
    aws.service.always(lambda request: answer(200, {"refreshToken": "r"}) if request.path == path else peers(request))
    aws.write(".aws/config", PROFILE + SESSION)
    outcome = aws(command)
    message = lacking.format("Missing required key in response")
    assert outcome.code == 255
    assert outcome.stderr.endswith(f"\nawsmini: [ERROR]: Error when retrieving credentials from {message}\n")
    assert not list((aws.home / ".aws").rglob(f"{sha1(b'corp').hexdigest()}.json"))
    assert (aws.home / ".aws/config").read_text() == PROFILE + SESSION


# the same on a terminal

DOWN = "\x1b[B"
DEVICE_LOGIN = "configure sso --use-device-code --no-browser"
TO_THE_MENUS = (
    ("SSO session name (Recommended):", "corp\r"),
    ("SSO start URL [None]:", f"{START_URL}\r"),
    ("SSO region [None]:", "us-east-1\r"),
    ("SSO registration scopes [sso:account:access]:", "\r"),
)


def test_an_account_and_a_role_are_chosen_with_the_arrow_keys(aws, peers):
    peers.accounts = [
        {"accountId": ACCOUNT, "accountName": "main"},
        *({"accountId": f"{number:012}", "accountName": f"older {number:02}"} for number in range(1, 15)),
    ]
    peers.roles = ["reader", "Admin"]
    shown = on_a_terminal(
        aws,
        DEVICE_LOGIN,
        *TO_THE_MENUS,
        (f"> main ({ACCOUNT})\n  older 01 (000000000001)", DOWN * 14),
        ("> older 14 (000000000014)", DOWN),
        (f"> main ({ACCOUNT})", "\r"),
        ("> Admin\n  reader", "\x1b[A"),
        ("  Admin\n> reader", "\r"),
        ("Default client Region [None]:", "\r"),
        ("CLI default output format (json if not specified) [None]:", "json\r"),
        (f"Profile name [reader-{ACCOUNT}]:", "p\r"),
    )
    assert shown.code == 0
    assert f"\nThere are 15 AWS accounts available to you.\nUsing the account ID {ACCOUNT}\n" in on_screen(shown.text)
    assert '\nThere are 2 roles available to you.\nUsing the role name "reader"\n' in on_screen(shown.text)
    assert (aws.home / ".aws/config").read_text() == (
        f"[profile p]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = reader\noutput = json\n"
        f"{SESSION}sso_registration_scopes = sso:account:access\n"
    )


def test_an_answer_that_will_not_do_stays_to_be_mended(aws):
    shown = on_a_terminal(
        aws,
        "configure sso-session",
        ("SSO session name:", "\r"),
        ("A value is required", "corp\r"),
        ("SSO start URL [None]:", "https://-x\r"),
        ("Not a valid Start URL", "\x7f\x7fd-1234567890.awsapps.com/start\r"),
        ("SSO region [None]:", "us-east-1\r"),
        ("SSO registration scopes [sso:account:access]:", "a b\r"),
        ("Scope values must be separated by commas", "\x15\r"),
    )
    assert shown.code == 0
    assert on_screen(shown.text).startswith(
        f"SSO session name: corp\nSSO start URL [None]: {START_URL}\nSSO region [None]: us-east-1\n"
    )
    assert (aws.home / ".aws/config").read_text() == f"{SESSION}sso_registration_scopes = sso:account:access\n"


def test_words_are_offered_and_a_session_that_is_there_is_told(aws):
    aws.write(".aws/config", f"{SESSION}sso_registration_scopes = x:y\n")
    shown = on_a_terminal(
        aws,
        "configure sso-session",
        ("SSO session name:", "corp"),
        ('Configuration for SSO session: corp\n\n{\n  "sso_start_url"', "\r"),
        (f"SSO start URL [{START_URL}]:", "\r"),
        ("SSO region [us-east-1]:", "us-gov"),
        ("SSO region [us-east-1]: us-gov", "\x15\r"),
        ("SSO registration scopes [x:y]:", "x"),
        ("Used in SSO sessions: corp", "\x15\r"),
    )
    assert shown.code == 0


@pytest.mark.parametrize(("key", "code", "message"), [("\x03", 130, ""), ("\x04", 255, "EOF when reading a line")])
def test_leaving_a_question(aws, key, code, message):
    shown = on_a_terminal(aws, "configure sso-session", ("SSO session name:", key))
    assert shown.code == code
    assert message in shown.text
    assert not (aws.home / ".aws/config").exists()


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("abc", 3, "abc"), ("abcdef", 5, "ab..."), ("日本語日本語", 7, "日本..."), ("abcd", 2, "a.")],
)
def test_a_label_without_room(text, width, expected):
    assert shortened(text, width) == expected
