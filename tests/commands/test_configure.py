"""`configure`: what it prints, what it writes, and what it leaves alone."""

import json
import re
import stat

import pytest

CONFIG = """\
# my settings
[default]
region = us-east-1
s3 =
    max_concurrent_requests = 20

[profile p]
region = eu-west-1
unknown_key = kept ; even this
[services t]
ec2 =
  endpoint_url = http://x
"""
CREDENTIALS = """\
[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
[only]
aws_access_key_id = AKIAONLY
"""
USAGE = "usage: awsmini [options] <command> <subcommand> [<subcommand> ...] [parameters]"


@pytest.fixture
def home(aws):
    """A terminal with both files, and nothing in the environment but them."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        del aws.env[name]
    aws.write(".aws/config", CONFIG)
    aws.write(".aws/credentials", CREDENTIALS).chmod(0o600)
    return aws


def config(aws):
    return (aws.home / ".aws/config").read_text()


def credentials(aws):
    return (aws.home / ".aws/credentials").read_text()


GET = [
    ("region", "us-east-1"),
    ("region --profile p", "eu-west-1"),
    ("default.region", "us-east-1"),
    ("profile.p.region", "eu-west-1"),
    ("p.region", "eu-west-1"),
    ("s3.max_concurrent_requests", "20"),
    ("default.s3.max_concurrent_requests", "20"),
    ("aws_access_key_id", "AKIAIOSFODNN7EXAMPLE"),
    ("only.aws_access_key_id", "AKIAONLY"),
    ("profile.p.unknown_key", "kept ; even this"),
    ("ec2.endpoint_url --services t", "http://x"),
]


@pytest.mark.parametrize(("words", "value"), GET)
def test_get(home, words, value):
    outcome = home(f"configure get {words}")
    assert (outcome.stdout, outcome.stderr, outcome.code) == (f"{value}\n", "", 0)


@pytest.mark.parametrize("words", ["nothing", "REGION", "p.nothing", "s3.nothing", "region.deeper", "a.b.c.d",
                                   "x --services t", "ec2.a.b --services t", "plugins.x"])  # fmt: skip
def test_get_of_nothing(home, words):
    outcome = home(f"configure get {words}")
    assert (outcome.stdout, outcome.stderr, outcome.code) == ("", "", 1)


@pytest.mark.parametrize(("words", "name"), [("s3", "s3"), ("default.s3", "default.s3"), ("ec2 --services t", "ec2")])
def test_get_of_a_section(home, words, name):
    outcome = home(f"configure get {words}")
    assert outcome.stderr == f"varname ({name}) must reference a value, not a section or sub-section."
    assert (outcome.stdout, outcome.code) == ("", 1)


ERRORS = [
    ("get region --profile nope", 255, "The config profile (nope) could not be found"),
    ("get x --services none", 255, "The config sub-section (none) could not be found"),
    ("get x --sso-session none", 255, "The config sub-section (none) could not be found"),
    (
        "get x --services t --sso-session s",
        252,
        'An error occurred (ParamValidation): The key "services" cannot be specified when one of the following keys '
        "are also specified: sso_session",
    ),
    ("get profile.p", 255, "The variable name profile.p names a profile and no setting of it"),
    ("set profile.p x", 255, "The variable name profile.p names a profile and no setting of it"),
    (
        "set a.b.c x --services t",
        252,
        "An error occurred (ParamValidation): Found more than two parts in the property to set. "
        "Deep nesting of properties is not supported.",
    ),
    (
        "set a x --sso-session !",
        252,
        "An error occurred (ParamValidation): awsmini: [ERROR]: Invalid value for --sso-session.",
    ),
    ("list extra", 252, "An error occurred (ParamValidation): Unknown options: extra"),
    ("get a --x --y", 252, "An error occurred (ParamValidation): Unknown options: --x, --y"),
    (
        "export-credentials --profile only",
        253,
        "An error occurred (Configuration): Unable to retrieve credentials: Partial credentials found in "
        "shared-credentials-file, missing: aws_secret_access_key",
    ),
    (
        "export-credentials --profile nope",
        253,
        "Unable to retrieve credentials: The config profile (nope) could not be found",
    ),
    (
        "export-credentials --profile p",
        253,
        "An error occurred (Configuration): Unable to retrieve credentials: no credentials found",
    ),
    (
        "add-model --service-model file://none.json",
        252,
        "An error occurred (ParamValidation): Error parsing parameter '--service-model': Unable to load paramfile "
        "file://none.json: [Errno 2] No such file or directory: 'none.json'",
    ),
    (
        "set fileb://bytes x",
        252,
        "An error occurred (ParamValidation): Parameter validation failed:\nInvalid type for parameter varname, "
        "value: (2 bytes), type: <class 'bytes'>, valid types: <class 'str'>",
    ),
    (
        "set region file://bytes",
        252,
        "An error occurred (ParamValidation): Error parsing parameter 'value': Unable to load paramfile (bytes), "
        "text contents could not be decoded.  If this is a binary file, please use the fileb:// prefix instead of the "
        "file:// prefix.",
    ),
    (
        "set region file://lines",
        255,
        "Invalid value for key region: newline characters and carriage returns are not allowed.",
    ),
    (
        "add-model --service-model {",
        255,
        "Expecting property name enclosed in double quotes: line 1 column 2 (char 1) in --service-model",
    ),
    ("add-model --service-model {}", 255, "The service model is not a JSON object with metadata"),
    ("add-model --service-model []", 255, "The service model is not a JSON object with metadata"),
    (
        """add-model --service-model '{"metadata": {"endpointPrefix": "zzz"}}'""",
        255,
        '"apiVersion" not defined in the metadata of the model: ServiceModel(zzz)',
    ),
    (
        """add-model --service-model '{"metadata": {"apiVersion": "1"}}'""",
        255,
        '"endpointPrefix" not defined in the metadata of the model: ServiceModel(None)',
    ),
    ("import --csv ''", 255, "Provided CSV contains no contents"),
    ("import --csv a,b", 255, 'Expected header "User Name" not found in the first line of --csv'),
]


@pytest.mark.parametrize(("words", "code", "message"), ERRORS)
def test_errors(home, words, code, message):
    home.write("bytes", b"\xff\xfe")
    home.write("lines", "a\n")
    before = config(home), credentials(home)
    outcome = home(f"configure {words}")
    assert outcome.message == f"awsmini: [ERROR]: {message}"
    assert outcome.code == code
    assert (config(home), credentials(home)) == before


@pytest.mark.parametrize(
    ("words", "missing"),
    [("get", "varname"), ("set", "varname, value"), ("set a", "value"), ("import", "--csv")],
)
def test_missing_words(home, words, missing):
    outcome = home(f"configure {words}")
    assert f"the following arguments are required: {missing}" in outcome.stderr
    assert USAGE in outcome.stderr
    assert outcome.code == 252


def test_a_wrong_subcommand(home):
    outcome = home("configure gett")
    assert "argument subcommand: Found invalid choice 'gett'" in outcome.stderr
    assert "  * get\n" in outcome.stderr
    assert outcome.code == 252


# list


def rows(*rows):
    head = ("NAME", "VALUE", "TYPE", "LOCATION")
    return "".join(f"{name:<10} : {value:<24} : {kind:<16} : {where}\n" for name, value, kind, where in (head, *rows))


KEY_ROWS = (
    ("access_key", "****************MPLE", "shared-credentials-file", ""),
    ("secret_key", "****************EKEY", "shared-credentials-file", ""),
)


def test_list(home):
    assert home("configure list").stdout == rows(
        ("profile", "<not set>", "None", "None"), *KEY_ROWS, ("region", "us-east-1", "config-file", "~/.aws/config")
    )


def test_list_of_the_environment(home):
    env = {
        "AWS_REGION": "eu-north-1",
        "AWS_PROFILE": "default",
        "AWS_ACCESS_KEY_ID": "AKIAENVI",
        "AWS_SECRET_ACCESS_KEY": "environment",
    }
    assert home("configure list", env=env).stdout == rows(
        ("profile", "default", "env", "['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']"),
        ("access_key", "****************ENVI", "env", ""),
        ("secret_key", "****************ment", "env", ""),
        ("region", "eu-north-1", "env", "['AWS_REGION', 'AWS_DEFAULT_REGION']"),
    )


def test_list_of_a_profile(home):
    home.write(".aws/config", CONFIG.replace("region = eu-west-1\n", ""))
    assert home("configure list --profile p").stdout == rows(
        ("profile", "p", "manual", "--profile"),
        ("access_key", "<not set>", "None", "None"),
        ("secret_key", "<not set>", "None", "None"),
        ("region", "<not set>", "None", "None"),
    )


def test_list_of_a_profile_that_is_not_there(home):
    outcome = home("configure list --profile nope")
    assert outcome.stdout == rows(("profile", "nope", "manual", "--profile"))
    assert outcome.stderr == "\nawsmini: [ERROR]: The config profile (nope) could not be found\n"
    assert outcome.code == 255


def test_list_of_a_file_that_cannot_be_read(home):
    home.write(".aws/config", "junk\n")
    assert home("configure list").message.startswith("awsmini: [ERROR]: Unable to parse config file: ")


def test_list_with_a_region_given(home):
    assert "region     : us-east-1                : config-file" in home("configure list --region x").stdout
    (home.home / ".aws/config").write_text("")
    assert home("configure list --region x").stdout.endswith(
        "region     : x                        : manual           : --region\n"
    )


def test_list_profiles(home):
    assert home("configure list-profiles").stdout == "default\np\nonly\n"


# set


SET = [
    ("region us-west-2", CONFIG.replace("us-east-1", "us-west-2")),
    ("region us-west-2 --profile p", CONFIG.replace("eu-west-1", "us-west-2")),
    ("profile.p.region us-west-2", CONFIG.replace("eu-west-1", "us-west-2")),
    (
        "output text --profile p",
        CONFIG.replace("kept ; even this\n", "kept ; even this\noutput = text\n"),
    ),
    ("s3.max_concurrent_requests 5", CONFIG.replace("= 20", "= 5")),
    ("default.s3.max_concurrent_requests 5", CONFIG.replace("= 20", "= 5")),
    ("s3.max_bandwidth 1MB", CONFIG.replace("= 20\n\n", "= 20\n\n    max_bandwidth = 1MB\n")),
    ("region eu --profile new", CONFIG + "[profile new]\nregion = eu\n"),
    ("region eu --profile 'my own'", CONFIG + "[profile 'my own']\nregion = eu\n"),
    ("sso_region eu --sso-session s", CONFIG + "[sso-session s]\nsso_region = eu\n"),
    ("ec2.endpoint_url http://y --services t", CONFIG.replace("http://x", "http://y")),
    ("plugins.a b", CONFIG + "[plugins]\na = b\n"),
    ("a.b.c.d 1 --profile new", CONFIG + "[profile new]\na = 1\n"),
    ("region 'a # b' --profile new", CONFIG + "[profile new]\nregion = a # b\n"),
    ("region http://x --profile new", CONFIG + "[profile new]\nregion = http://x\n"),
]


@pytest.mark.parametrize(("words", "expected"), SET)
def test_set(home, words, expected):
    outcome = home(f"configure set {words}")
    assert (outcome.stdout, outcome.stderr, outcome.code) == ("", "", 0)
    assert config(home) == expected
    assert credentials(home) == CREDENTIALS


@pytest.mark.parametrize(
    "key", ["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"]
)
def test_keys_go_to_the_credentials_file(home, key):
    home(f"configure set {key} X --profile new")
    assert config(home) == CONFIG
    assert credentials(home) == f"{CREDENTIALS}[new]\n{key} = X\n"


def test_new_files_are_for_the_user_alone(aws):
    aws("configure set region x")
    aws("configure set aws_access_key_id X")
    for name in ("config", "credentials"):
        path = aws.home / ".aws" / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert config(aws) == "[default]\nregion = x\n"


def test_the_files_may_be_elsewhere(aws):
    env = {"AWS_CONFIG_FILE": "~/deep/er/conf", "AWS_SHARED_CREDENTIALS_FILE": "$HOME/cred"}
    aws("configure set region x", env=env)
    aws("configure set aws_access_key_id X", env=env)
    assert (aws.home / "deep/er/conf").read_text() == "[default]\nregion = x\n"
    assert (aws.home / "cred").read_text() == "[default]\naws_access_key_id = X\n"


def test_a_line_break_is_refused_and_a_secret_not_shown(home):
    outcome = home(["configure", "set", "aws_secret_access_key", "se\ncret"])
    assert outcome.message == (
        "awsmini: [ERROR]: Invalid value for key aws_secret_access_key: newline characters and carriage returns are "
        "not allowed."
    )
    assert outcome.code == 255
    assert credentials(home) == CREDENTIALS


def test_others_who_may_read_the_keys(home):
    (home.home / ".aws/credentials").chmod(0o644)
    outcome = home("configure set aws_access_key_id X")
    path = home.home / ".aws/credentials"
    assert outcome.stderr == (
        f"\nawsmini: [WARNING]: The file '{path}' is accessible by other users. "
        f"Consider running 'chmod 600 {path}' to restrict access to only your user.\n"
    )
    assert outcome.code == 0


def test_a_broken_file_is_not_written(home):
    home.write(".aws/config", "junk\n")
    outcome = home("configure set region x")
    assert "Unable to parse config file: " in outcome.message
    assert "(line 1: " in outcome.message
    assert outcome.code == 255
    assert config(home) == "junk\n"


# The questions


def test_the_questions(home):
    outcome = home("configure", stdin="\n\n\n\n")
    assert outcome.stdout == (
        "AWS Access Key ID [****************MPLE]: AWS Secret Access Key [****************EKEY]: "
        "Default region name [us-east-1]: Default output format [None]: "
    )
    assert (config(home), credentials(home), outcome.code) == (CONFIG, CREDENTIALS, 0)


def test_answers(aws):
    del aws.env["AWS_DEFAULT_REGION"]
    outcome = aws("configure", stdin="AKIANEW\nsecret\neu-west-1\ntext\n")
    assert outcome.stdout.startswith(
        "\nTip: You can deliver temporary credentials to the AWS CLI using your AWS Console session by running the "
        "command 'awsmini login'.\n\nAWS Access Key ID [None]: "
    )
    assert config(aws) == "[default]\nregion = eu-west-1\noutput = text\n"
    assert credentials(aws) == "[default]\naws_access_key_id = AKIANEW\naws_secret_access_key = secret\n"


def test_temporary_keys_have_a_token(home):
    outcome = home("configure --profile new", stdin="ASIANEW\nsecret\ntoken\n\n\n")
    assert "AWS Session Token [None]: " in outcome.stdout
    assert credentials(home).endswith(
        "[new]\naws_access_key_id = ASIANEW\naws_secret_access_key = secret\naws_session_token = token\n"
    )
    assert config(home) == CONFIG + "[profile new]\n"
    home("configure --profile new", stdin="AKIANEW\n\n\n\n")
    assert credentials(home).endswith("[new]\naws_access_key_id = AKIANEW\naws_secret_access_key = secret\n")


def test_nobody_answers(home):
    outcome = home("configure")
    assert outcome.stderr == "\nawsmini: [ERROR]: EOF when reading a line\n"
    assert outcome.code == 255


# export-credentials


ENVIRONMENT = {
    "env": "export AWS_ACCESS_KEY_ID=K\nexport AWS_SECRET_ACCESS_KEY=S\nexport AWS_SESSION_TOKEN=T\n"
    "export AWS_CREDENTIAL_EXPIRATION=2999-01-01T00:00:00+00:00\n",
    "env-no-export": "AWS_ACCESS_KEY_ID=K\nAWS_SECRET_ACCESS_KEY=S\nAWS_SESSION_TOKEN=T\n"
    "AWS_CREDENTIAL_EXPIRATION=2999-01-01T00:00:00+00:00\n",
    "powershell": '$Env:AWS_ACCESS_KEY_ID="K"\n$Env:AWS_SECRET_ACCESS_KEY="S"\n$Env:AWS_SESSION_TOKEN="T"\n'
    '$Env:AWS_CREDENTIAL_EXPIRATION="2999-01-01T00:00:00+00:00"\n',
    "windows-cmd": "set AWS_ACCESS_KEY_ID=K\nset AWS_SECRET_ACCESS_KEY=S\nset AWS_SESSION_TOKEN=T\n"
    "set AWS_CREDENTIAL_EXPIRATION=2999-01-01T00:00:00+00:00\n",
    "fish": 'set -gx AWS_ACCESS_KEY_ID "K"\nset -gx AWS_SECRET_ACCESS_KEY "S"\nset -gx AWS_SESSION_TOKEN "T"\n'
    'set -gx AWS_CREDENTIAL_EXPIRATION "2999-01-01T00:00:00+00:00"\n',
    "process": '{\n  "Version": 1,\n  "AccessKeyId": "K",\n  "SecretAccessKey": "S",\n  "SessionToken": "T",\n'
    '  "Expiration": "2999-01-01T00:00:00+00:00"\n}\n',
}


@pytest.mark.parametrize("style", ENVIRONMENT)
def test_export(aws, style):
    env = {
        "AWS_ACCESS_KEY_ID": "K",
        "AWS_SECRET_ACCESS_KEY": "S",
        "AWS_SESSION_TOKEN": "T",
        "AWS_CREDENTIAL_EXPIRATION": "2999-01-01T00:00:00Z",
    }
    assert aws(f"configure export-credentials --format {style}", env=env).stdout == ENVIRONMENT[style]


def test_export_by_default(home):
    assert home("configure export-credentials").json == {
        "Version": 1,
        "AccessKeyId": "AKIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    }


def test_export_of_a_profile_whose_process_is_export(home):
    program = home.write("program.sh", '#!/bin/sh\necho "$_AWS_CLI_PROFILE_CHAIN" >&2\nexit 1\n')
    program.chmod(0o700)
    home.write(".aws/config", f"[profile p]\ncredential_process = {program}\n")
    outcome = home("configure export-credentials --profile p", env={"_AWS_CLI_PROFILE_CHAIN": 'a,"b,c"'})
    assert outcome.message.endswith('custom-process: a,"b,c",p')


CHAINS = [
    ("p", "Credential process resolution detected an infinite loop, profile cycle: p -> p"),
    ("a,p", "Credential process resolution detected an infinite loop, profile cycle: a -> p -> p"),
    ("a,b,c,d", "Maximum recursive credential process resolution reached (4).\nProfiles seen: a -> b -> c -> d"),
]


@pytest.mark.parametrize(("chain", "message"), CHAINS)
def test_export_in_a_circle(home, chain, message):
    outcome = home("configure export-credentials --profile p", env={"_AWS_CLI_PROFILE_CHAIN": chain})
    assert outcome.message == f"awsmini: [ERROR]: An error occurred (Configuration): {message}"
    assert outcome.code == 253


# import and add-model


def test_import(home):
    home.write("keys.csv", "\ufeffUser name,Password,Access key ID,Secret access key\nana,x,AKIA1,s1\nbob,y,AKIA2,s2\n")
    (home.home / ".aws/credentials").chmod(0o644)
    outcome = home("configure import --csv file://keys.csv --profile-prefix x-")
    assert outcome.stdout == "Successfully imported 2 profile(s)\n"
    assert credentials(home) == (
        CREDENTIALS + "[x-ana]\naws_access_key_id = AKIA1\naws_secret_access_key = s1\n"
        "[x-bob]\naws_access_key_id = AKIA2\naws_secret_access_key = s2\n"
    )
    assert outcome.stderr.count("is accessible by other users") == 1


def test_import_of_a_bare_path(home):
    home.write("keys.csv", "x")
    outcome = home("configure import --csv keys.csv")
    assert "You may be passing a file to import without the 'file://' prefix." in outcome.message


def test_rows_without_keys(home):
    text = "User Name,Access Key ID,Secret Access key\nana,AKIA1\nbob,AKIA2,s2\n"
    outcome = home(["configure", "import", "--csv", text])
    assert outcome.message == (
        'awsmini: [ERROR]: Failed to parse entry #1: Row missing value for header "Secret Access key"'
    )
    assert credentials(home) == CREDENTIALS
    assert (
        home(["configure", "import", "--csv", text, "--skip-invalid"]).stdout == "Successfully imported 1 profile(s)\n"
    )


MODEL = {
    "version": "2.0",
    "metadata": {
        "apiVersion": "2030-01-01", "endpointPrefix": "mine", "protocol": "json", "jsonVersion": "1.1",
        "serviceId": "Mine", "signatureVersion": "v4", "targetPrefix": "Mine", "serviceFullName": "Mine",
    },
    "operations": {"Ping": {"name": "Ping", "http": {"method": "POST", "requestUri": "/"}}},
    "shapes": {},
}  # fmt: skip


def test_add_model(home):
    text = json.dumps(MODEL)
    assert home(["configure", "add-model", "--service-model", text]).code == 0
    written = home.home / ".aws/models/mine/2030-01-01/service-2.json"
    assert written.read_text() == text
    assert written.stat().st_mode == home.write("any", "").stat().st_mode  # there is nothing secret in it
    home(["configure", "add-model", "--service-model", text, "--service-name", "ours"])
    assert (home.home / ".aws/models/ours/2030-01-01/service-2.json").read_text() == text


def test_a_value_is_read_from_a_file(home):
    home.write("name", "region")
    home.write("value", "eu-west-3")
    assert home("configure set file://name file://value").code == 0
    assert "region = eu-west-3\n" in config(home)
    assert home("configure get file://name").stdout == "eu-west-3\n"


def test_add_model_under_the_name_of_the_service_it_replaces(home):
    model = {**MODEL, "metadata": {**MODEL["metadata"], "endpointPrefix": "monitoring"}}
    home(["configure", "add-model", "--service-model", json.dumps(model)])
    assert (home.home / ".aws/models/cloudwatch/2030-01-01/service-2.json").exists()


# mfa-login


def sts(aws, action="GetSessionToken"):
    from tests.config.peers import Peers

    peers = Peers()
    aws.service.always(peers)
    return peers


SERIAL = "arn:aws:iam::123456789012:mfa/dev"


def test_mfa_login(home):
    peers = sts(home)
    outcome = home(f"configure mfa-login --serial-number {SERIAL}", stdin="246810\n\n")
    assert outcome.stdout.startswith(
        "MFA token code: Profile to update [123456789012-dev]: Temporary credentials written"
    )
    assert re.search(r"\nCredentials will expire at 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\n", outcome.stdout)
    assert (
        "To use these credentials, specify --profile 123456789012-dev when running AWS CLI commands\n" in outcome.stdout
    )
    assert credentials(home) == (
        CREDENTIALS + "[123456789012-dev]\naws_access_key_id = ASIAROLE1\naws_secret_access_key = ROLE-SECRET-KEY\n"
        "aws_session_token = ROLE-SECRET-SESSION\n"
    )
    form = home.service.request.form
    assert (form["DurationSeconds"], form["SerialNumber"], form["TokenCode"]) == ("43200", SERIAL, "246810")
    assert peers.access_keys == ["AKIAIOSFODNN7EXAMPLE"]


def test_mfa_login_says_everything_on_the_command_line(home):
    sts(home)
    home.write(".aws/config", CONFIG.replace("region = us-east-1", f"region = us-east-1\nmfa_serial = {SERIAL}"))
    outcome = home("configure mfa-login --update-profile temp --duration-seconds 900", stdin="246810\n")
    assert "[temp]\n" in credentials(home)
    assert home.service.request.form["DurationSeconds"] == "900"
    assert outcome.code == 0


def test_mfa_login_without_credentials(home):
    peers = sts(home)
    home.write(".aws/credentials", "").chmod(0o600)
    outcome = home("configure mfa-login", stdin="AKIAASKED\nsecret\nGAHT12345678\n246810\nmine\n")
    assert outcome.stdout.startswith(
        "Please provide your AWS credentials:\nAWS Access Key ID: AWS Secret Access Key: MFA serial number or ARN: "
        "MFA token code: Profile to update [session-GAHT12345678]: "
    )
    assert re.search(r"\nCredentials will expire at 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC\n", outcome.stdout)
    assert peers.access_keys == ["AKIAASKED"]
    assert credentials(home).startswith("[mine]\n")


MFA_FAILURES = [
    ("", "\n", 1, "MFA serial number or MFA device ARN is required"),
    (f"--serial-number {SERIAL}", "\n", 1, "MFA token code is required"),
    ("--duration-seconds long", "", 255, "invalid literal for int() with base 10: 'long'"),
    (
        f"--serial-number {SERIAL}",
        "000000\n\n",
        1,
        "An error occurred: An error occurred (AccessDenied) when calling the GetSessionToken operation: "
        "MultiFactorAuthentication failed with invalid MFA one time pass code.",
    ),
]


@pytest.mark.parametrize(("words", "stdin", "code", "message"), MFA_FAILURES)
def test_mfa_login_that_fails(home, words, stdin, code, message):
    sts(home)
    outcome = home(f"configure mfa-login {words}", stdin=stdin)
    assert outcome.stderr == f"\nawsmini: [ERROR]: {message}\n"
    assert outcome.code == code
    assert credentials(home) == CREDENTIALS


def test_help(home):
    text = home("configure help").stdout
    assert "export-credentials" in text
    assert "--services" in home("configure get help").stdout


@pytest.mark.parametrize(
    "name",
    ["p.emr.x", "p.unknown", "p.region", "p.a.b", "only.region", "only.a.b", "default.a", "default.a.b", "profile.p.a.b",
     "profile.new.a", "s3.a", "emr.a", "a.b", "a", "plugins.a"],
)  # fmt: skip
def test_get_finds_what_set_has_written(home, name):
    for profile in ("s3", "emr"):
        home.write(".aws/config", f"{CONFIG}[profile {profile}]\nregion = x\n")
    assert home(["configure", "set", name, "written here"]).code == 0
    assert home(["configure", "get", name]).stdout == "written here\n"


def test_a_name_that_begins_with_a_profile_is_written_there(home):
    assert home("configure set p.emr.service_role r").code == 0
    assert (home.home / ".aws/config").read_text() == CONFIG.replace(
        "; even this\n", "; even this\nemr =\n    service_role = r\n"
    )
