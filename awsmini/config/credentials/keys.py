"""Keys written down in a file: the credentials file, the config file, and two files of older tools."""

from awsmini.config.credentials.errors import PartialCredentialsError
from awsmini.config.credentials.source import Fixed, Search, Source
from awsmini.config.files import Section, read
from awsmini.config.settings import InvalidConfigError
from awsmini.errors import AwsminiError
from awsmini.log import debug
from awsmini.records import Credentials
from awsmini.system.user_dirs import expand

ACCESS_KEY = "aws_access_key_id"
SECRET_KEY = "aws_secret_access_key"
TOKENS = ("aws_security_token", "aws_session_token")
BOTO_FILES = ("/etc/boto.cfg", "~/.boto")


def load_shared(search: Search) -> Source | None:
    """The profile's keys in the credentials file."""
    section = search.settings.files.credentials.get(search.profile_name, {})
    if ACCESS_KEY not in section:
        return None
    debug(
        "config.credentials",
        "Found credentials in shared credentials file: %s",
        search.settings.value("credentials_file"),
    )
    return Fixed(_from_section(section, "shared-credentials-file"), ("CREDENTIALS_PROFILE",))


def load_config(search: Search) -> Source | None:
    """The profile's keys in the config file."""
    section = search.settings.files.config_profiles.get(search.profile_name, {})
    if ACCESS_KEY not in section:
        return None
    debug("config.credentials", "Credentials found in config file: %s", search.settings.value("config_file"))
    return Fixed(_from_section(section, "config-file"), ("CREDENTIALS_PROFILE",))


def load_boto(search: Search) -> Source | None:
    """[Credentials] in the config file of boto 2."""
    env = search.app.env
    paths = (env["BOTO_CONFIG"],) if "BOTO_CONFIG" in env else BOTO_FILES
    for path in paths:
        section = (read(expand(path, env)) or {}).get("Credentials", {})
        if ACCESS_KEY in section:
            debug("config.credentials", "Found credentials in boto config file: %s", path)
            keys = {name: section[name] for name in (ACCESS_KEY, SECRET_KEY) if name in section}
            return Fixed(_from_section(keys, "boto-config"), ("CREDENTIALS_BOTO2_CONFIG_FILE",))
    return None


def load_ec2_file(search: Search) -> Source | None:
    """`AWSAccessKeyId=` and `AWSSecretKey=` in the file that AWS_CREDENTIAL_FILE names."""
    env = search.app.env
    path = expand(env["AWS_CREDENTIAL_FILE"], env)
    try:
        with open(path, encoding="utf-8") as stream:
            lines = stream.read().splitlines()
    except OSError:
        raise AwsminiError(f"The specified config file ({path}) could not be found.") from None
    except UnicodeDecodeError as error:
        raise AwsminiError(f"The file {path} is no text: {error}") from None
    keys = {key.strip(): value.strip() for key, equals, value in (line.partition("=") for line in lines) if equals}
    if "AWSAccessKeyId" not in keys:
        return None
    if "AWSSecretKey" not in keys:
        raise PartialCredentialsError("ec2-credentials-file", "AWSSecretKey")
    debug("config.credentials", "Found credentials in AWS_CREDENTIAL_FILE.")
    credentials = Credentials(
        access_key=keys["AWSAccessKeyId"], secret_key=keys["AWSSecretKey"], method="ec2-credentials-file"
    )
    return Fixed(credentials)


def _from_section(section: Section, method: str) -> Credentials:
    if SECRET_KEY not in section:
        raise PartialCredentialsError(method, SECRET_KEY)
    for name in (ACCESS_KEY, SECRET_KEY, *TOKENS):
        if not isinstance(section.get(name, ""), str):
            raise InvalidConfigError(f"{name} has lines below it where its value should be ({method}).")
    token = next((section[name] for name in TOKENS if name in section), None)
    account_id = section.get("aws_account_id")
    return Credentials(
        access_key=str(section[ACCESS_KEY]),
        secret_key=str(section[SECRET_KEY]),
        token=None if token is None else str(token),
        account_id=None if account_id is None else str(account_id),
        method=method,
    )
