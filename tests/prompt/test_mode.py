"""When the prompt opens."""

import pytest

from awsmini.config.settings import Settings
from awsmini.prompt.mode import mode


@pytest.fixture
def asked(tmp_path):
    """The mode for a line of words, environment variables and the text of the config file."""

    def found(line: str, config: str = "", **env: str) -> str:
        (tmp_path / "config").write_text(config)
        return mode(line.split(), Settings({"AWS_CONFIG_FILE": str(tmp_path / "config"), **env}))

    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", "off"),
        ("ec2 describe-instances", "off"),
        ("--cli-auto-prompt", "on"),
        ("ec2 describe-instances --cli-auto-prompt", "on"),
        ("--cli-auto-promp", "off"),
        ("--no-cli-auto-prompt", "off"),
        ("--cli-auto-prompt --no-cli-auto-prompt", "off"),  # an error, told by whoever reads the words
        ("--cli-auto-prompt --version", "off"),
        ("--cli-auto-prompt ec2 help", "off"),
        ("--cli-auto-prompt help", "off"),
        ("--cli-auto-prompt ec2 --help", "off"),
        ("-h --cli-auto-prompt", "off"),
        ("--cli-auto-prompt configure", "on"),
        ("--cli-auto-prompt ec2 --profile", "off"),  # the first look at the words fails
        ("--cli-auto-prompt --debug=x", "off"),
    ],
)
def test_by_the_words(asked, line, expected):
    assert asked(line) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("on", "on"), ("ON", "on"), ("on-partial", "on-partial"), ("On-Partial", "on-partial"), ("off", "off"),
     ("", "off"), ("true", "off"), ("partial", "off")],
)  # fmt: skip
def test_by_the_setting(asked, value, expected):
    assert asked("ec2", AWS_CLI_AUTO_PROMPT=value) == expected
    assert asked("ec2", f"[default]\ncli_auto_prompt = {value}\n") == expected


def test_words_win_over_the_environment_and_that_over_the_file(asked):
    config = "[default]\ncli_auto_prompt = on-partial\n[profile p]\ncli_auto_prompt = on\n"
    assert asked("ec2", config) == "on-partial"
    assert asked("ec2", config, AWS_PROFILE="p") == "on"
    assert asked("--profile p ec2", config) == "on-partial"  # the setting is looked for before the words are read
    assert asked("ec2", config, AWS_CLI_AUTO_PROMPT="off") == "off"
    assert asked("ec2 --no-cli-auto-prompt", config) == "off"
    assert asked("ec2 --cli-auto-prompt", config) == "on"
    assert asked("ec2 help", config) == "off"


def test_a_configuration_that_cannot_be_read_asks_for_nothing(asked):
    assert asked("ec2", AWS_PROFILE="nosuch") == "off"
    assert asked("ec2", "[default\n") == "off"
    assert asked("ec2", AWS_PROFILE="nosuch", AWS_CLI_AUTO_PROMPT="on") == "on"
