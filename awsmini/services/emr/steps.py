"""Steps of a cluster, as they are written on the command line and as the API takes them.

A cluster of a release runs all but plain JARs through `command-runner.jar`; one of an AMI version through scripts
that lie in a bucket of the service's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.errors import ParamValidationError

Step = dict[str, Any]
Words = Sequence[str]

CONTINUE = "CONTINUE"
CANCEL_AND_WAIT = "CANCEL_AND_WAIT"
TERMINATE_CLUSTER = "TERMINATE_CLUSTER"
COMMAND_RUNNER = "command-runner.jar"
SCRIPT_RUNNER = "/libs/script-runner/script-runner.jar"
CUSTOM_JAR = "custom_jar"
LATEST = "latest"


class MissingParametersError(ParamValidationError):
    def __init__(self, structure: str, missing: str) -> None:
        super().__init__(f"The following required parameters are missing for {structure}: {missing}.")


def service_bucket(path: str, region: str | None) -> str:
    """Where the service keeps what clusters of an AMI version run."""
    return f"s3://{region or 'us-east-1'}.elasticmapreduce{path}"


def script_runner(region: str | None) -> str:
    return service_bucket(SCRIPT_RUNNER, region)


def jar_step(
    jar: str,
    name: str,
    action_on_failure: str,
    args: Words | None = None,
    *,
    main_class: str | None = None,
    properties: Sequence[Mapping[str, str]] | None = None,
    log_uri: str | None = None,
    encryption_key_arn: str | None = None,
) -> Step:
    """A step in the API's terms; what is empty is left out."""
    jar_config = _given(Jar=jar, Args=args, MainClass=main_class, Properties=properties)
    step: Step = {**_given(Name=name, ActionOnFailure=action_on_failure), "HadoopJarStep": jar_config}
    if monitoring := _given(LogUri=log_uri, EncryptionKeyArn=encryption_key_arn):
        step["StepMonitoringConfiguration"] = {"S3MonitoringConfiguration": monitoring}
    return step


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def steps(described: Sequence[Mapping[str, Any]], region: str | None, release: str | None) -> list[Step]:
    """The steps of an option, for a cluster of that release, or with None of an AMI version."""
    return [_step(each, region, release) for each in described]


def _step(described: Mapping[str, Any], region: str | None, release: str | None) -> Step:
    kind = described.get("Type", CUSTOM_JAR).lower()
    if kind == CUSTOM_JAR:
        return _custom_jar(described)
    if kind not in _NAMES or (release and kind == "impala"):
        raise ParamValidationError(f"The step type {kind} is not supported.")
    structure, name = _NAMES[kind]
    args = described.get("Args")
    if not args:
        raise MissingParametersError(structure, "Args")
    if kind in _WANT_TEXT and len(args) == 1 and not args[0].strip():
        raise ParamValidationError("The parameter Args cannot be an empty list.")
    jar, words = _on_release(kind) if release else _on_ami(kind, region)
    return jar_step(
        jar,
        _or(described, "Name", name),
        _or(described, "ActionOnFailure", CONTINUE),
        [*words, *args],
        log_uri=described.get("LogUri"),
        encryption_key_arn=described.get("EncryptionKeyArn"),
    )


_NAMES = {
    "streaming": ("StreamingStepConfig", "Streaming program"),
    "hive": ("HiveStepConfig", "Hive program"),
    "pig": ("PigStepConfig", "Pig program"),
    "impala": ("ImpalaStepConfig", "Impala program"),
    "spark": ("SparkStepConfig", "Spark application"),
}
_WANT_TEXT = frozenset({"streaming", "hive", "pig"})  # the one word given may not be blank
_RELEASE_WORDS = {
    "streaming": ("hadoop-streaming",),
    "hive": ("hive-script", "--run-hive-script", "--args"),
    "pig": ("pig-script", "--run-pig-script", "--args"),
    "spark": ("spark-submit",),
}


def _on_release(kind: str) -> tuple[str, Words]:
    """The JAR of a step, and the words before its own."""
    return COMMAND_RUNNER, _RELEASE_WORDS[kind]


def _on_ami(kind: str, region: str | None) -> tuple[str, Words]:
    runner = script_runner(region)
    if kind == "streaming":
        return "/home/hadoop/contrib/streaming/hadoop-streaming.jar", ()
    if kind == "spark":
        return runner, ("/home/hadoop/spark/bin/spark-submit",)
    if kind == "impala":
        return runner, (service_bucket("/libs/impala/setup-impala", region), "--run-impala-script")
    script = service_bucket(f"/libs/{kind}/{kind}-script", region)
    return runner, (script, f"--run-{kind}-script", f"--{kind}-versions", LATEST, "--args")


def _or(described: Mapping[str, Any], key: str, default: str) -> str:
    value: str | None = described.get(key)
    return default if value is None else value


def _custom_jar(described: Mapping[str, Any]) -> Step:
    jar = described.get("Jar")
    if not jar:
        raise MissingParametersError("CustomJARStepConfig", "Jar")
    return jar_step(
        jar,
        _or(described, "Name", "Custom JAR"),
        _or(described, "ActionOnFailure", CONTINUE),
        described.get("Args"),
        main_class=described.get("MainClass"),
        properties=key_values(described.get("Properties")),
        log_uri=described.get("LogUri"),
        encryption_key_arn=described.get("EncryptionKeyArn"),
    )


def key_values(text: str | None) -> list[dict[str, str]] | None:
    """`k1=v1,k2` as the API's list of pairs."""
    return None if text is None else pairs(text.split(","))


def pairs(words: Sequence[str]) -> list[dict[str, str]]:
    """`key=value` words as pairs; a word without `=` has an empty value."""
    split = (word.partition("=") for word in words)
    return [{"Key": key, "Value": value} for key, _, value in split]
