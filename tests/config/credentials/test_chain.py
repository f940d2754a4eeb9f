"""Which of several sources is taken, and keys that are written down."""

import pytest

from awsmini.config.credentials.chain import PROVIDERS
from awsmini.config.credentials.errors import PartialCredentialsError
from awsmini.config.settings import InvalidConfigError, ProfileNotFoundError
from awsmini.errors import AwsminiError, NoCredentialsError

ENV_KEYS = {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "env-secret"}
FILE_KEYS = "aws_access_key_id = AKIAFILE\naws_secret_access_key = file-secret\n"


def test_the_order_is_awss():
    assert [provider.name for provider in PROVIDERS] == [
        "env",
        "assume-role",
        "assume-role-with-web-identity",
        "sso",
        "shared-credentials-file",
        "login",
        "custom-process",
        "config-file",
        "ec2-credentials-file",
        "boto-config",
        "container-role",
        "iam-role",
    ]


def test_none(world):
    with pytest.raises(NoCredentialsError) as caught:
        world.credentials()
    assert caught.value.exit_code == 253
    source = world.session().credentials
    assert (source.method, source.features) == (None, ())


def test_a_profile_that_is_not_there(world):
    world.env |= ENV_KEYS
    with pytest.raises(ProfileNotFoundError, match=r"The config profile \(nope\) could not be found"):
        world.credentials("nope")


def test_environment(world):
    world.env |= {**ENV_KEYS, "AWS_SESSION_TOKEN": "second", "AWS_SECURITY_TOKEN": "first", "AWS_ACCOUNT_ID": "1"}
    found = world.credentials()
    assert (found.access_key, found.secret_key, found.token) == ("AKIAENV", "env-secret", "first")
    assert (found.account_id, found.expires, found.method) == ("1", None, "env")
    del world.env["AWS_SECURITY_TOKEN"]
    assert world.credentials().token == "second"


@pytest.mark.parametrize("secret", [{}, {"AWS_SECRET_ACCESS_KEY": ""}])
def test_half_a_pair_in_the_environment(world, secret):
    world.env |= {"AWS_ACCESS_KEY_ID": "AKIAENV", **secret}
    with pytest.raises(PartialCredentialsError) as caught:
        world.credentials()
    assert str(caught.value) == "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY"
    assert caught.value.exit_code == 255


def test_an_empty_access_key_is_none(world):
    world.env |= {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "x"}
    with pytest.raises(NoCredentialsError):
        world.credentials()


def test_expiring_keys_in_the_environment_are_read_again(world):
    world.env |= {**ENV_KEYS, "AWS_CREDENTIAL_EXPIRATION": "2999-01-01T00:00:00Z"}
    source = world.session().credentials
    assert source.get().expires.year == 2999
    world.env["AWS_CREDENTIAL_EXPIRATION"] = "2000-01-01T00:00:00Z"
    with pytest.raises(AwsminiError) as caught:
        world.credentials()
    assert str(caught.value) == "Credentials were refreshed, but the refreshed credentials are still expired."


def test_a_time_of_expiry_that_is_none(world):
    world.env |= {**ENV_KEYS, "AWS_CREDENTIAL_EXPIRATION": "soon"}
    with pytest.raises(AwsminiError, match=r"^Unknown string format: soon$"):
        world.credentials()


def test_a_profile_on_the_command_line_outdoes_the_environment(world):
    world.env |= {**ENV_KEYS, "AWS_PROFILE": "p"}
    world.write(".aws/credentials", f"[p]\n{FILE_KEYS}")
    assert world.credentials().access_key == "AKIAENV"
    assert world.credentials("p").access_key == "AKIAFILE"


def test_credentials_file(world):
    world.write(".aws/credentials", f"[default]\n{FILE_KEYS}aws_session_token = t\naws_account_id = 42\n")
    found = world.credentials()
    assert (found.access_key, found.secret_key, found.token) == ("AKIAFILE", "file-secret", "t")
    assert (found.account_id, found.method) == ("42", "shared-credentials-file")
    assert world.session().credentials.account_id() == "42"


def test_the_older_name_of_the_token_goes_first(world):
    world.write(".aws/credentials", f"[default]\n{FILE_KEYS}aws_session_token = new\naws_security_token = old\n")
    assert world.credentials().token == "old"


def test_config_file(world):
    world.config(f"[profile p]\n{FILE_KEYS}")
    assert (world.credentials("p").access_key, world.credentials("p").method) == ("AKIAFILE", "config-file")


@pytest.mark.parametrize(
    ("path", "method"), [(".aws/credentials", "shared-credentials-file"), (".aws/config", "config-file")]
)
def test_half_a_pair_in_a_file(world, path, method):
    world.write(path, "[default]\naws_access_key_id = AKIAFILE\n")
    with pytest.raises(PartialCredentialsError) as caught:
        world.credentials()
    assert str(caught.value) == f"Partial credentials found in {method}, missing: aws_secret_access_key"


def test_a_secret_alone_is_nothing(world):
    world.write(".aws/credentials", "[default]\naws_secret_access_key = x\n")
    with pytest.raises(NoCredentialsError):
        world.credentials()


def test_ec2_credentials_file(world):
    path = world.write("ec2.keys", "AWSAccessKeyId = AKIAEC2\n# x\nAWSSecretKey=ec2=secret\n")
    world.env["AWS_CREDENTIAL_FILE"] = str(path)
    found = world.credentials()
    assert (found.access_key, found.secret_key, found.method) == ("AKIAEC2", "ec2=secret", "ec2-credentials-file")
    path.write_text("AWSAccessKeyId = AKIAEC2\n")
    with pytest.raises(PartialCredentialsError, match="ec2-credentials-file, missing: AWSSecretKey"):
        world.credentials()
    world.env["AWS_CREDENTIAL_FILE"] = "/no/such/file"
    with pytest.raises(AwsminiError, match=r"The specified config file \(/no/such/file\) could not be found."):
        world.credentials()


def test_boto_config(world):
    path = world.write("boto.cfg", f"[Credentials]\n{FILE_KEYS}")
    world.env["BOTO_CONFIG"] = str(path)
    assert (world.credentials().access_key, world.credentials().method) == ("AKIAFILE", "boto-config")


def test_a_profile_whose_sso_session_is_not_there_fails_whatever_else_it_has(world):
    world.config(f"[profile p]\nsso_session = gone\n{FILE_KEYS}[profile q]\nsso_session = half\n{FILE_KEYS}"
                 "[sso-session half]\nsso_region = r\n")  # fmt: skip
    with pytest.raises(InvalidConfigError) as caught:
        world.credentials("p")
    assert str(caught.value) == (
        'The profile "p" is configured to use the SSO token provider but the "gone" sso_session configuration '
        "does not exist."
    )
    with pytest.raises(InvalidConfigError, match=r"is missing the following configuration: \['sso_start_url'\].$"):
        world.credentials("q")
    assert world.session("p").credentials.method == "config-file"  # it is calls that need the session


def test_what_a_session_shows_of_its_credentials(world):
    world.env |= ENV_KEYS
    found = world.credentials()
    assert "env-secret" not in repr(found) + str(found)
    assert world.session().credentials.source().features == ("CREDENTIALS_ENV_VARS",)


def test_keys_given_in_python_go_first(world):
    from awsmini.session import Session

    world.env |= ENV_KEYS
    session = Session(aws_access_key_id="AKIAGIVEN", aws_secret_access_key="s", app=world.app)
    session.client("sts").get_caller_identity()
    assert world.peers.access_keys == ["AKIAGIVEN"]
