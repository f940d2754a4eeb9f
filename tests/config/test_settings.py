"""Where settings are looked for, what they become, and what is said of where they came from."""

import pytest

from awsmini.config.files import assemble, parse
from awsmini.config.regions import InvalidRegionError, check_region, split_fips
from awsmini.config.settings import RULES, InvalidConfigError, ProfileNotFoundError, Setting, Settings
from awsmini.errors import AwsminiError


def settings_of(config="", credentials="", env=None, **flags):
    files = assemble(parse(config, "config"), parse(credentials, "credentials"), "config", "credentials")
    return Settings(env or {}, flags, files=files)


def test_a_value_remembers_its_source():
    config = "[default]\nregion = from-file\n"
    env = {"AWS_REGION": "from-env", "AWS_DEFAULT_REGION": "second"}
    assert settings_of(config, env=env, region="from-flag").resolve("region") == Setting(
        "region", "from-flag", "manual", "--region"
    )
    assert settings_of(config, env=env).resolve("region") == Setting("region", "from-env", "env", "AWS_REGION")
    assert settings_of(config, env={"AWS_DEFAULT_REGION": "second"}).resolve("region") == Setting(
        "region", "second", "env", "AWS_DEFAULT_REGION"
    )
    assert settings_of(config).resolve("region") == Setting("region", "from-file", "config-file", "~/.aws/config")
    assert settings_of().resolve("region") == Setting("region", None)
    assert settings_of().resolve("output") == Setting("output", "json", "default")


def test_the_location_of_a_moved_config_file():
    files = assemble({"default": {"region": "r"}}, {}, "/x/conf", "/x/cred")
    settings = Settings({"AWS_CONFIG_FILE": "~/conf"}, files=files)
    assert settings.resolve("region").location == "~/conf"


def test_files_are_found_through_the_environment(tmp_path):
    (tmp_path / "c").write_text("[profile p]\nregion = r\n")
    (tmp_path / "k").write_text("[p]\naws_access_key_id = k\n")
    env = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": "~/c", "AWS_SHARED_CREDENTIALS_FILE": "$HOME/k"}
    assert Settings(env, {"profile": "p"}).profile == {"region": "r", "aws_access_key_id": "k"}


def test_files_are_read_only_when_needed():
    settings = Settings({"AWS_CONFIG_FILE": "/dev/null/nothing", "AWS_REGION": "r"})
    assert settings.value("region") == "r"
    assert settings._files is None


PROFILE_CHOICE = [
    ({}, None, None),
    ({"AWS_DEFAULT_PROFILE": "b"}, None, "b"),
    ({"AWS_PROFILE": "a", "AWS_DEFAULT_PROFILE": "b"}, None, "a"),
    ({"AWS_PROFILE": "a"}, "c", "c"),
    ({"AWS_PROFILE": ""}, None, ""),
    ({"AWS_PROFILE": "a"}, "", "a"),
]


@pytest.mark.parametrize(("env", "flag", "name"), PROFILE_CHOICE)
def test_which_profile(env, flag, name):
    assert settings_of(env=env, profile=flag).profile_name == name


def test_a_named_profile_must_exist_and_the_implicit_default_need_not():
    assert settings_of().profile == {}
    for missing in (settings_of(profile="pord"), settings_of(env={"AWS_PROFILE": ""})):
        with pytest.raises(ProfileNotFoundError) as caught:
            _ = missing.profile
        assert caught.value.exit_code == 255
    with pytest.raises(ProfileNotFoundError, match=r"^The config profile \(default\) could not be found$"):
        _ = settings_of(profile="default").profile


def test_a_wrong_profile_has_near_names():
    with pytest.raises(ProfileNotFoundError) as caught:
        settings_of("[profile prod]\n[profile staging]\n", profile="pord").value("region")
    assert caught.value.near == ["prod"]
    assert str(caught.value) == "The config profile (pord) could not be found"


def test_a_bare_heading_is_no_profile_of_the_config_file():
    with pytest.raises(ProfileNotFoundError):
        settings_of("[foo]\nregion = x\n", profile="foo").value("region")


BOOLEANS = [("true", True), ("TRUE", True), ("True", True), ("false", False), ("1", False), ("yes", False), ("", False)]


@pytest.mark.parametrize(("text", "value"), BOOLEANS)
@pytest.mark.parametrize(
    "name",
    ["use_fips_endpoint", "use_dualstack_endpoint", "ignore_configured_endpoint_urls", "disable_request_compression"],
)
def test_booleans_know_only_true(name, text, value):
    assert settings_of(env={RULES[name].env[0]: text}).value(name) is value
    assert settings_of(f"[default]\n{name} = {text}\n").value(name) is value


DEFAULTS = [
    ("retry_mode", "standard"),
    ("max_attempts", 3),
    ("parameter_validation", True),
    ("request_checksum_calculation", "when_supported"),
    ("response_checksum_validation", "when_supported"),
    ("account_id_endpoint_mode", "preferred"),
    ("request_min_compression_size_bytes", 10240),
    ("disable_request_compression", False),
    ("use_fips_endpoint", None),
    ("endpoint_discovery_enabled", "auto"),
    ("cli_binary_format", "base64"),
    ("cli_error_format", "enhanced"),
    ("cli_auto_prompt", "off"),
    ("metadata_service_timeout", 1),
    ("metadata_service_num_attempts", 1),
    ("ec2_metadata_v1_disabled", False),
    ("csm_port", 31000),
    ("sigv4a_signing_region_set", None),
    ("user_agent_appid", None),
    ("s3.addressing_style", None),
    ("nothing_known", None),
]


@pytest.mark.parametrize(("name", "value"), DEFAULTS)
def test_defaults(name, value):
    assert settings_of().value(name) == value


KEYS = [
    ("user_agent_appid", "sdk_ua_app_id = x", "AWS_SDK_UA_APP_ID"),
    ("pager", "cli_pager = x", "AWS_PAGER"),
    ("ca_bundle", "ca_bundle = x", "AWS_CA_BUNDLE"),
    ("data_path", "data_path = x", "AWS_DATA_PATH"),
    ("retry_mode", "retry_mode = x", "AWS_RETRY_MODE"),
    ("max_attempts", "max_attempts = x", "AWS_MAX_ATTEMPTS"),
    ("auth_scheme_preference", "auth_scheme_preference = x", "AWS_AUTH_SCHEME_PREFERENCE"),
    ("sigv4a_signing_region_set", "sigv4a_signing_region_set = x", "AWS_SIGV4A_SIGNING_REGION_SET"),
    ("cli_error_format", "cli_error_format = x", "AWS_CLI_ERROR_FORMAT"),
    ("cli_auto_prompt", "cli_auto_prompt = x", "AWS_CLI_AUTO_PROMPT"),
    ("output", "output = x", "AWS_DEFAULT_OUTPUT"),
    ("defaults_mode", "defaults_mode = x", "AWS_DEFAULTS_MODE"),
    ("sts_regional_endpoints", "sts_regional_endpoints = x", "AWS_STS_REGIONAL_ENDPOINTS"),
    ("ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint = x", "AWS_EC2_METADATA_SERVICE_ENDPOINT"),
]


@pytest.mark.parametrize(("name", "line", "variable"), KEYS)
def test_profile_key_and_variable(name, line, variable):
    config = f"[default]\n{line}\n"
    assert settings_of(config).resolve(name)[1:3] == ("x", "config-file")
    assert settings_of(config, env={variable: "y"}).resolve(name) == Setting(name, "y", "env", variable)


@pytest.mark.parametrize("name", ["cli_binary_format", "cli_timestamp_format", "cli_history", "parameter_validation"])
def test_some_settings_have_no_variable(name):
    assert RULES[name].env == ()


def test_maps_in_a_profile():
    settings = settings_of("[default]\ns3 =\n  addressing_style = path\n  use_accelerate_endpoint = TRUE\n  own = 1\n")
    assert settings.value("s3.addressing_style") == "path"
    assert settings.value("s3.use_accelerate_endpoint") is True
    assert settings.value("s3.own") == "1"
    assert settings_of("[default]\ns3 = text\n").value("s3.addressing_style") is None


def test_use_arn_region_has_two_keys_and_a_variable():
    nested = "[default]\ns3 =\n  use_arn_region = true\n"
    assert settings_of(nested).value("s3.use_arn_region") is True
    assert settings_of("[default]\ns3_use_arn_region = false\n" + nested[10:]).value("s3.use_arn_region") is False
    assert settings_of(nested, env={"AWS_S3_USE_ARN_REGION": "no"}).value("s3.use_arn_region") is False


REFUSED = [
    (
        "request_checksum_calculation",
        "x",
        "Unsupported configuration value for request_checksum_calculation. "
        "Expected one of ('when_supported', 'when_required') but got x.",
    ),
    (
        "account_id_endpoint_mode",
        "X",
        "The configured value 'x' for 'account_id_endpoint_mode' is invalid. "
        "Valid values are: ('preferred', 'disabled', 'required').",
    ),
    (
        "request_min_compression_size_bytes",
        "0",
        'Invalid value "0" for request_min_compression_size_bytes. Value must be between 1 and 1048576.',
    ),
    (
        "request_min_compression_size_bytes",
        "many",
        'Invalid value "many" for request_min_compression_size_bytes. Value must be an integer. '
        "Received <class 'str'> instead.",
    ),
    (
        "s3_disable_express_session_auth",
        "1",
        'Invalid value "1" for s3_disable_express_session_auth. Value must be a boolean',
    ),
    ("metadata_service_timeout", "x", "invalid literal for int() with base 10: 'x' (metadata_service_timeout)"),
]


@pytest.mark.parametrize(("name", "text", "message"), REFUSED)
def test_values_that_cannot_be_used(name, text, message):
    settings = settings_of(env={RULES[name].env[0]: text})
    with pytest.raises(InvalidConfigError) as caught:
        settings.value(name)
    assert str(caught.value) == message
    assert caught.value.exit_code == 255


def test_the_binary_format_is_one_of_two():
    config = "[default]\ncli_binary_format = hex\n"
    assert settings_of(config, cli_binary_format="base64").value("cli_binary_format") == "base64"
    with pytest.raises(InvalidConfigError) as caught:
        settings_of(config).value("cli_binary_format")
    assert str(caught.value) == (
        'Invalid value "hex" for cli_binary_format. Value must be base64 or raw-in-base64-out.'
    )


def test_a_pager_is_no_map():
    with pytest.raises(InvalidConfigError) as caught:
        settings_of("[default]\ncli_pager =\n  a = b\n").value("pager")
    assert str(caught.value) == "Invalid value \"{'a': 'b'}\" for pager. Value must be a command."


def test_check_looks_at_what_every_client_needs():
    settings_of("[default]\ns3 =\n  addressing_style = virtual\n").check()
    with pytest.raises(InvalidConfigError):
        settings_of("[default]\nresponse_checksum_validation = sometimes\n").check()
    with pytest.raises(InvalidConfigError) as caught:
        settings_of("[default]\ns3 =\n  addressing_style = Path\n").check()
    assert str(caught.value) == (
        "S3 addressing style Path is invalid. Valid options are: 'auto', 'virtual', and 'path'"
    )


def test_values_in_any_case():
    assert (
        settings_of(env={"AWS_REQUEST_CHECKSUM_CALCULATION": "WHEN_REQUIRED"}).value("request_checksum_calculation")
        == "when_required"
    )
    assert settings_of(env={"AWS_ENABLE_ENDPOINT_DISCOVERY": "true"}).value("endpoint_discovery_enabled") == "true"
    assert settings_of(env={"AWS_AUTH_SCHEME_PREFERENCE": " sigv4a , sigv4,"}).value("auth_scheme_preference") == (
        "sigv4a,sigv4"
    )


ENDPOINTS = "[default]\nservices = t\nendpoint_url = http://profile\n[services t]\ncloudwatch_logs =\n  endpoint_url = http://section\n"
ENDPOINT_ORDER = [
    ({}, None, "http://section"),
    ({"AWS_ENDPOINT_URL": "http://all"}, None, "http://all"),
    ({"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "http://own"}, None, "http://own"),
    ({"AWS_ENDPOINT_URL_LOGS": "http://command"}, None, "http://section"),
    ({"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": ""}, None, "http://section"),
    ({"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "http://own"}, "http://flag", "http://flag"),
    ({"AWS_ENDPOINT_URL": "http://all", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, None, None),
    ({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, "http://flag", "http://flag"),
    ({"AWS_ENDPOINT_URL": "http://all", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "1"}, None, "http://all"),
]


@pytest.mark.parametrize(("env", "flag", "url"), ENDPOINT_ORDER)
def test_endpoint_url(env, flag, url):
    assert settings_of(ENDPOINTS, env=env, endpoint_url=flag).endpoint_url("CloudWatch Logs").value == url


def test_endpoint_url_of_the_profile():
    assert settings_of(ENDPOINTS).endpoint_url("S3") == Setting(
        "endpoint_url", "http://profile", "config-file", "~/.aws/config"
    )
    assert settings_of().endpoint_url("S3").value is None
    assert settings_of(endpoint_url="http://flag").endpoint_url("S3", flag=False).value is None


def test_a_services_section_that_is_not_there():
    settings = settings_of("[default]\nservices = gone\n")
    with pytest.raises(InvalidConfigError) as caught:
        settings.endpoint_url("STS")
    assert str(caught.value) == (
        'The profile is configured to use the services section but the "gone" services configuration does not exist.'
    )
    assert settings_of("[default]\nservices = gone\n", endpoint_url="http://x").endpoint_url("STS").value == "http://x"


def test_sections():
    settings = settings_of("[profile p]\na = 1\n[sso-session s]\na = 2\n[services t]\na = 3\n")
    assert settings.section("profile", "p") == {"a": "1"}
    assert settings.section("sso-session", "s") == {"a": "2"}
    assert settings.section("services", "t") == {"a": "3"}
    assert settings.section("services", "u") is None


@pytest.mark.parametrize("region", ["us-east-1", "aws-global", "x", "A-1", "a" * 63])
def test_regions_that_may_be(region):
    check_region(region)


@pytest.mark.parametrize("region", ["us east", "us_east", "-x", "x-", "123", "a" * 64, "http://x", "x.y", "x@y"])
def test_regions_that_cannot_be(region):
    with pytest.raises(InvalidRegionError) as caught:
        check_region(region)
    assert str(caught.value) == f"Provided region_name '{region}' doesn't match a supported format."
    assert isinstance(caught.value, AwsminiError)
    assert caught.value.exit_code == 255


@pytest.mark.parametrize(
    ("name", "region", "fips"),
    [("fips-us-east-1", "us-east-1", True), ("us-east-1-fips", "us-east-1", True), ("us-east-1", "us-east-1", False)],
)
def test_pseudo_regions(name, region, fips):
    assert split_fips(name) == (region, fips)
