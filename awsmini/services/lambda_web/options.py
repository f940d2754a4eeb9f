"""The options of `lambda-web deploy`, checked before anything is sent. Pure, but for the look at the folder."""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from awsmini.errors import AwsminiError
from awsmini.services.lambda_web.errors import InvalidOptionError, LambdaWebError

RUNTIME = "nodejs24.x"
ENTRY_VARIABLE = "AWS_LAMBDA_NODEJS_ENTRYPOINT"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}[A-Za-z0-9]")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
_NEED_CODE = {
    "bucket_name": "--bucket-name",
    "entry_point": "--entry-point",
    "include_hidden_files": "--include-hidden-files",
    "force_include": "--force-include",
}


class Options(NamedTuple):
    """What was asked for. None is what was not given."""

    name: str
    given: Mapping[str, Any]  # the rest, by dest
    code: str | None
    env: Mapping[str, str]
    unset_env: Sequence[str]
    tags: Mapping[str, str]
    timeout_seconds: int | None
    max_concurrency: int | None
    max_environments: int | None
    rate_limit: int | None
    activation_timeout: int
    progress_frequency: int
    regions: Sequence[str] | None

    def get(self, name: str) -> Any:
        """A value by dest; None for what was not given, or is empty."""
        return self.given.get(name) or None


def checked(values: Mapping[str, Any]) -> Options:
    """Raises LambdaWebError, InvalidOptionError; AwsminiError for what is no number."""
    numbers = {name: _number(values, name) for name in _NUMBERS}
    name = values["name"]
    if not _NAME.fullmatch(name):
        raise InvalidOptionError(
            f"function name '{name}' is invalid: must be 2-64 characters, only alphanumeric, hyphens, and underscores, "
            "and must not start or end with a hyphen or underscore"
        )
    code = _code(values, name)
    env = _pairs(values.get("env", ()), "--env")
    for key, value in env.items():
        if not _VARIABLE.fullmatch(key):
            raise InvalidOptionError(f"--env key '{key}' is not a valid environment variable name.")
        if not value:
            raise InvalidOptionError(
                f"--env value for key '{key}' must not be empty. To preserve an existing value, omit the option."
            )
    tags = _pairs(values.get("tags", ()), "--tags")
    if values.get("entry_point") and ENTRY_VARIABLE in env:
        raise two_entry_points()
    _check_numbers(numbers)
    return Options(
        name=name,
        given=values,
        code=code,
        env=env,
        unset_env=values.get("unset_env", ()),
        tags=tags,
        timeout_seconds=numbers["timeout_seconds"],
        max_concurrency=numbers["max_concurrency_per_environment"],
        max_environments=numbers["max_environments"],
        rate_limit=numbers["rate_limit"],
        activation_timeout=600 if numbers["activation_timeout"] is None else numbers["activation_timeout"],
        progress_frequency=5 if numbers["progress_frequency"] is None else numbers["progress_frequency"],
        regions=_regions(values.get("regions")),
    )


def two_entry_points() -> InvalidOptionError:
    return InvalidOptionError(
        f"Use either --entry-point or the {ENTRY_VARIABLE} environment variable, not both. Remove one of them and retry."
    )


# Least and most.
_NUMBERS: Mapping[str, tuple[int, int] | None] = {
    "timeout_seconds": (3, 900),
    "max_concurrency_per_environment": (1, 128),
    "max_environments": (2, 10_000),
    "rate_limit": None,
    "activation_timeout": None,
    "progress_frequency": None,
}


def _number(values: Mapping[str, Any], name: str) -> int | None:
    text = values.get(name)
    try:
        return None if text is None else int(text)
    except ValueError as error:
        raise AwsminiError(str(error)) from None


def _check_numbers(numbers: Mapping[str, int | None]) -> None:
    for name, number in numbers.items():
        limits = _NUMBERS[name]
        if number is not None and limits is not None and not limits[0] <= number <= limits[1]:
            option = name.replace("_", "-")
            raise InvalidOptionError(f"--{option} must be between {limits[0]} and {limits[1]}: got {number}")
    rate, timeout, frequency = (numbers[name] for name in ("rate_limit", "activation_timeout", "progress_frequency"))
    if rate is not None and rate < 0:
        raise InvalidOptionError(f"--rate-limit must be 0 or greater: got {rate}")
    if timeout is not None and timeout <= 0:
        raise InvalidOptionError(
            f"--activation-timeout must be a positive number of seconds: got {timeout}. To return immediately without "
            "waiting for activation, use --no-wait."
        )
    if frequency is not None and frequency <= 0:
        raise InvalidOptionError(f"--progress-frequency must be a positive number of seconds: got {frequency}.")


def _pairs(words: Sequence[str], option: str) -> dict[str, str]:
    found = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise InvalidOptionError(f"{option} entry must be KEY=VAL: got '{word}'")
        if not key:
            raise InvalidOptionError(f"{option} key must not be empty: got '{word}'")
        found[key] = value
    return found


def _regions(text: str | None) -> list[str] | None:
    if not text:
        return None
    regions = list(dict.fromkeys(region.strip() for region in text.split(",") if region.strip()))
    for region in regions:
        if not _REGION.fullmatch(region):
            raise InvalidOptionError(f"--regions entry '{region}' is not a valid AWS Region.")
    return regions


def _code(values: Mapping[str, Any], name: str) -> str | None:
    """The folder of the code, which has to be there, or with --hello-world to be empty."""
    code: str | None = values.get("code") or None
    if values.get("hello_world"):
        if (values.get("runtime") or RUNTIME) != RUNTIME:
            raise LambdaWebError(
                f"--hello-world uses the {RUNTIME} runtime. Remove --runtime, or set --runtime to {RUNTIME}."
            )
        if values.get("entry_point"):
            raise LambdaWebError(
                "Do not use --entry-point with --hello-world. The starter application includes an entry point."
            )
        code = code or f"./{name}"
        if os.path.lexists(code) and (not os.path.isdir(code) or os.listdir(code)):
            raise InvalidOptionError(
                "--hello-world requires a --code path that does not exist or identifies an existing empty directory, "
                f"but '{code}' contains files. The command does not overwrite files. Specify a different --code "
                "directory, or remove --hello-world to deploy the existing code."
            )
        return code
    if code is None:
        for dest, option in _NEED_CODE.items():
            if values.get(dest):
                raise LambdaWebError(
                    f"{option} requires --code. When you omit --code, the command reuses the deployed code and "
                    "updates only the Web Function configuration."
                )
    elif not os.path.isdir(code):
        raise InvalidOptionError(
            f"--code '{code}' must be a directory that contains the Web Function source code. To deploy a prebuilt "
            ".zip file, use 'awsmini lambda-web create-web-function' or 'awsmini lambda-web create-web-function-revision'. To "
            "create a starter application, use --hello-world."
        )
    return code
