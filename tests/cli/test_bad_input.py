"""What is said, and with which exit code, where a command cannot be carried out. Never a traceback."""

from collections import OrderedDict

import pytest

from tests.servers import answer


def says(outcome, code: int, text: str) -> None:
    """The exit code, and a message on stderr alone that begins with `text` after the program's name."""
    assert outcome.code == code, outcome.stderr
    message = outcome.message
    assert message.startswith(f"awsmini: [ERROR]: {text}"), message


# (command, exit code, the message as AWS CLI v2 words it)
WRONG = {
    "unknown service": ("ec22 describe-instances", 252,
        "An error occurred (ParamValidation): argument command: Found invalid choice 'ec22'\n\n"
        "Maybe you meant:\n\n  * ec2\n\nusage: aws"),
    "unknown service, nothing near": ("frobnicate", 252,
        "An error occurred (ParamValidation): argument command: Found invalid choice 'frobnicate'\n\n\nusage: aws"),
    "unknown operation": ("sts get-caller-identit", 252,
        "An error occurred (ParamValidation): argument operation: Found invalid choice 'get-caller-identit'\n\n"
        "Maybe you meant:\n\n  * get-caller-identity\n\nusage: aws"),
    "unknown waiter": ("ec2 wait nosuch", 252,
        "An error occurred (ParamValidation): argument subcommand: Found invalid choice 'nosuch'\n\n\nusage: aws"),
    "no service": ("", 252,
        "An error occurred (ParamValidation): the following arguments are required: command\n\nusage: aws"),
    "no operation": ("sts", 252,
        "An error occurred (ParamValidation): the following arguments are required: operation\n\nusage: aws"),
    "no waiter": ("ec2 wait", 252,
        "An error occurred (ParamValidation): usage: awsmini [options] ec2 wait <subcommand> [parameters]\n"
        "awsmini: [ERROR]: too few arguments"),
    "no waiter, but an option": ("ec2 wait --foo", 252,
        "An error occurred (ParamValidation): Unknown options: --foo"),
    "no waiter, but an option that is nearly one": ("ec2 wait --debg", 252,
        "An error occurred (ParamValidation): Unknown options: --debg\n\nMaybe you meant:\n  * --debug (instead of --debg)"),
    "an option of a hand-written command that is nearly one": ("s3 cp a s3://b --recursve", 252,
        "An error occurred (ParamValidation): Unknown options: --recursve\n\n"
        "Maybe you meant:\n  * --recursive (instead of --recursve)"),
    "required flags missing": ("sqs send-message", 252,
        "An error occurred (ParamValidation): the following arguments are required: --queue-url, --message-body\n\n"
        "usage: aws"),
    "required value missing": ("sqs get-queue-url --queue-name", 252,
        "An error occurred (ParamValidation): argument --queue-name: expected one argument\n\nusage: aws"),
    "a flag with a value": ("ec2 describe-instances --dry-run=1", 252,
        "An error occurred (ParamValidation): argument --dry-run: ignored explicit argument '1'\n\nusage: aws"),
    "an ambiguous option": ("sts get-caller-identity --cli 1", 252,
        "An error occurred (ParamValidation): ambiguous option: --cli could match --cli-read-timeout, "
        "--cli-connect-timeout, --cli-binary-format, --cli-auto-prompt, --cli-error-format\n\nusage: aws"),
    "no integer": ("sqs send-message --queue-url u --message-body b --delay-seconds x", 255,
        "invalid literal for int() with base 10: 'x'"),
    "a number for a text": ("""dynamodb put-item --table-name t --item '{"a": {"S": 5}}'""", 252,
        "An error occurred (ParamValidation): Parameter validation failed:\nInvalid type for parameter Item.a.S, "
        "value: 5, type: <class 'int'>, valid types: <class 'str'>"),
    "an object for a text": ("""ec2 describe-instances --instance-ids '[{"Key": "a"}]'""", 252,
        "An error occurred (ParamValidation): Parameter validation failed:\nInvalid type for parameter InstanceIds[0], "
        f"value: {OrderedDict(Key='a')}, type: <class 'collections.OrderedDict'>, valid types: <class 'str'>"),
    "too short": ("kinesisvideo create-stream --stream-name ''", 252,
        "An error occurred (ParamValidation): Parameter validation failed:\nInvalid length for parameter StreamName, "
        "value: 0, valid min length: 1"),
    "bad JSON": ("""dynamodb put-item --table-name t --item '{"a": '""", 252,
        "An error occurred (ParamValidation): Error parsing parameter '--item': Invalid JSON: Expecting value: "
        'line 1 column 7 (char 6)\nJSON received: {"a":'),
    "bad shorthand": ("ec2 describe-instances --filters Name=a,Values=[b", 252,
        "An error occurred (ParamValidation): Error parsing parameter '--filters': Expected: ',', received: 'EOF' for input:"),
    "bad JSON document": ("sts get-caller-identity --cli-input-json {", 252,
        "An error occurred (ParamValidation): Error parsing parameter 'cli-input-json': Invalid JSON received."),
    "unknown member": ("""dynamodb put-item --table-name t --cli-input-json '{"Nope": 1}'""", 252,
        'An error occurred (ParamValidation): Parameter validation failed:\nMissing required parameter in input: "Item"\n'
        'Unknown parameter in input: "Nope", must be one of: TableName, Item, Expected, '),
    "missing file": ("dynamodb put-item --table-name t --item file://nope.json", 252,
        "An error occurred (ParamValidation): Error parsing parameter '--item': Unable to load paramfile "
        "file://nope.json: [Errno 2] No such file or directory: 'nope.json'"),
    "missing binary file": ("lambda invoke --function-name f --payload fileb://nope.bin out", 252,
        "An error occurred (ParamValidation): Error parsing parameter '--payload': Unable to load paramfile "
        "fileb://nope.bin: [Errno 2] No such file or directory: 'nope.bin'"),
    "missing body": ("s3api put-object --bucket b --key k --body nope.bin", 252,
        "An error occurred (ParamValidation): Error parsing parameter '--body': Blob values must be a path to a file."),
    "pages asked for by no map": ("""sqs list-queues --cli-input-json '{"PaginationConfig": 3}'""", 255,
        "PaginationConfig has to be a map, and is 3"),
    "no number of items": ("""sqs list-queues --cli-input-json '{"PaginationConfig": {"MaxItems": "x"}}'""", 255,
        "invalid literal for int() with base 10: 'x'"),
    "no size of pages": ("""sqs list-queues --cli-input-json '{"PaginationConfig": {"PageSize": []}}'""", 255,
        "int() argument must be a string, a bytes-like object or a real number, not 'list'"),
    "bad bucket": ("s3api head-bucket --bucket 'a b'", 252,
        'An error occurred (ParamValidation): Parameter validation failed:\nInvalid bucket name "a b": Bucket name must '
        'match the regex "^[a-zA-Z0-9.\\-_]{1,255}$" or be an ARN matching the regex '),
    "what the endpoint is made of, before other members": (
        """events put-events --cli-input-json '{"Entries": 1, "EndpointId": "a b"}'""", 255,
        "Invalid endpoint configuration: EndpointId must be a valid host label."),
    "what the endpoint is made of, of a wrong type": (
        """kinesis describe-stream-summary --cli-input-json '{"StreamARN": 1}'""", 255,
        "Value (StreamARN) is the wrong type. Must be <class 'str'>."),
    "what S3's endpoints are not made of": (
        """s3api get-object-acl --cli-input-json '{"Bucket": "b", "Key": 1}'""", 252,
        "An error occurred (ParamValidation): Parameter validation failed:\nInvalid type for parameter Key, value: 1"),
    "a customer's key that is no text": (
        """s3api put-object --cli-input-json '{"Bucket": "b", "Key": "k", "SSECustomerKey": 1}'""", 252,
        "An error occurred (ParamValidation): Parameter validation failed:\nInvalid type for parameter SSECustomerKey"),
    "bad --query": ("sts get-caller-identity --query [", 252,
        "An error occurred (ParamValidation): Bad value for --query [: Invalid jmespath expression: "
        'Incomplete expression:\n"["\n  ^'),
    "a wrong command, before what is wrong behind it": ("nope --query [ --color", 252,
        "An error occurred (ParamValidation): argument command: Found invalid choice 'nope'\n\n\nusage: aws"),
    "a bad query, before what else is wrong": ("sts get-caller-identity --query [ --endpoint-url x", 252,
        "An error occurred (ParamValidation): Bad value for --query [: "),
    "a bad parameter, before what the configuration lacks": ("iam create-user --cli-input-json x --profile nope", 252,
        "Error parsing parameter 'cli-input-json': Invalid JSON received."),
    "bad port": ("sts get-caller-identity --endpoint-url http://a:b", 255,
        "Port could not be cast to integer value as 'b'"),
    "a bad parameter, before a bad port": ("iam get-user --user-name '' --endpoint-url http://a:99999", 252,
        "An error occurred (ParamValidation): Parameter validation failed:\nInvalid length for parameter UserName"),
    "bad --output": ("sts get-caller-identity --output xml", 252,
        "An error occurred (ParamValidation): argument --output: Found invalid choice 'xml'\n\n\nusage: aws"),
    "bad --endpoint-url": ("sts get-caller-identity --endpoint-url 127.0.0.1:1", 252,
        'An error occurred (ParamValidation): Bad value for --endpoint-url "127.0.0.1:1": scheme is missing.  Must be '
        "of the form http://<hostname>/ or https://<hostname>/"),
    "bad --region": ("sts get-caller-identity --region 'us east'", 255,
        "Provided region_name 'us east' doesn't match a supported format."),
    "bad timeout": ("sts get-caller-identity --cli-connect-timeout x", 255,
        "invalid literal for int() with base 10: 'x'"),
    "profile without a name": ("sts get-caller-identity --profile", 252,
        "An error occurred (ParamValidation): argument --profile: expected one argument\n\n"
        "usage: awsmini [--profile PROFILE] [--debug]"),
    "debug with a value": ("--version --debug=x", 252,
        "An error occurred (ParamValidation): argument --debug: ignored explicit argument 'x'\n\n"
        "usage: awsmini [--profile PROFILE] [--debug]"),
    "to prompt and not to": ("nosuch --cli-auto-prompt --no-cli-auto-prompt", 252,
        "An error occurred (ParamValidation): Both --cli-auto-prompt and --no-cli-auto-prompt cannot be specified "
        "at the same time."),
    "unknown profile": ("sts get-caller-identity --profile nope", 255, "The config profile (nope) could not be found"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong(aws, name):
    command, code, text = WRONG[name]
    says(aws(command), code, text)


@pytest.mark.parametrize(
    "command", ["nosuch", "nosuch --cli-error-format legacy", "nosuch --profile p", "--output xml"]
)
def test_what_is_wrong_with_the_first_words_is_told_as_configured(aws, command):
    aws.write(".aws/config", "[default]\ncli_error_format = json\n[profile p]\ncli_error_format = legacy\n")
    assert '"Code": "ParamValidation"' in aws(command).message


@pytest.mark.parametrize("command", ["--profile", "ec2 --debug=x", "--cli-auto-prompt --no-cli-auto-prompt"])
def test_what_is_wrong_at_the_first_look_is_told_in_one_way(aws, command):
    says(aws(command, env={"AWS_CLI_ERROR_FORMAT": "json"}), 252, "An error occurred (ParamValidation): ")


@pytest.mark.parametrize(
    "command", ["sts get-caller-identity", "ec2 nosuch", "nosuch", "--version", "help", "configure export-credentials",
                "history list", "sts get-caller-identity --query [", "s3api list-buckets --cli-error-format json"],
)  # fmt: skip
@pytest.mark.parametrize("file", ["config", "credentials"])
def test_a_file_that_cannot_be_understood_is_told_before_all_else(aws, command, file):
    aws.write(f".aws/{file}", "[default]\n[default]\n")
    path = aws.home / ".aws" / file
    says(aws(command), 255, f"Unable to parse config file: {path} (line 2: section [default] stands twice)")
    assert not aws.service.requests


SETTINGS = {
    "timestamps": ("cli_timestamp_format = zz", {}, 253,
        'An error occurred (Configuration): Unknown cli_timestamp_format value: zz, valid values are "wire" or "iso8601"'),
    "timestamps, empty": ("cli_timestamp_format =", {}, 253,
        "An error occurred (Configuration): Unknown cli_timestamp_format value: , valid"),
    "blobs": ("cli_binary_format = zz", {}, 255, 'Invalid value "zz" for cli_binary_format.'),
    "timestamps, before blobs": ("cli_binary_format = x\ncli_timestamp_format = y", {}, 253,
        "An error occurred (Configuration): Unknown cli_timestamp_format value: y"),
    "output": ("", {"AWS_CLI_OUTPUT_ENCODING": "bogus"}, 255,
        "Unknown codec `bogus` specified for AWS_CLI_OUTPUT_ENCODING."),
    "metadata timeout": ("", {"AWS_METADATA_SERVICE_TIMEOUT": "x"}, 255,
                         "invalid literal for int() with base 10: 'x' (metadata_service_timeout)"),
    "metadata attempts": ("metadata_service_num_attempts = x", {}, 255,
                          "invalid literal for int() with base 10: 'x' (metadata_service_num_attempts)"),
    "metadata address": ("", {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "bogus"}, 255,
        "Invalid endpoint EC2 Instance Metadata endpoint: bogus"),
    "metadata mode": ("ec2_metadata_service_endpoint_mode = x", {}, 255, "Invalid EC2 Instance Metadata endpoint mode: x"),
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(
    "command", ["sts get-caller-identity", "configure list", "configure set region y", "ec2 nosuch",
                "s3api list-buckets --generate-cli-skeleton"],
)  # fmt: skip
def test_settings_that_no_command_starts_with(aws, name, command):
    config, env, code, text = SETTINGS[name]
    path = aws.write(".aws/config", f"[default]\n{config}\n")
    says(aws(command, env=env), code, text)
    assert path.read_text() == f"[default]\n{config}\n"
    assert not aws.service.requests


def test_a_profile_that_is_not_there_has_no_bad_settings(aws):
    aws.write(".aws/config", "[default]\ncli_timestamp_format = zz\n")
    assert aws("configure set region y --profile new").code == 0
    outcome = aws("configure set region y --profile newer", env={"AWS_METADATA_SERVICE_TIMEOUT": "x"})
    says(outcome, 255, "invalid literal for int() with base 10: 'x' (metadata_service_timeout)")


def test_only_the_first_look_goes_before_the_configuration(aws):
    aws.write(".aws/config", "junk")
    says(aws("--profile"), 252, "An error occurred (ParamValidation): argument --profile: expected one argument")


@pytest.mark.parametrize("value", ["x", "x\n  addressing_style = path", ""])
@pytest.mark.parametrize("command", ["s3api list-buckets", "s3control list-jobs --account-id 123456789012"])
def test_text_where_the_settings_of_s3_should_be(aws, command, value):
    aws.write(".aws/config", f"[default]\ns3 = {value}\n")
    says(aws(command), 255, "Below s3, the profile has to have indented key = value lines")


def test_an_input_skeleton_needs_neither_a_profile_nor_good_blobs(aws):
    outcome = aws("kms encrypt --key-id k --plaintext é --generate-cli-skeleton --profile nope")
    assert outcome.json["Plaintext"] is None


def test_unknown_options_are_named_after_the_usage(aws):
    outcome = aws("sts get-caller-identity --bogus 1 extra")
    assert outcome.code == 252
    assert outcome.message.startswith("usage: aws")
    assert outcome.message.endswith("awsmini: [ERROR]: Unknown options: --bogus, extra, 1")


@pytest.mark.parametrize("error_format", ["enhanced", "json", "legacy"])
def test_near_options_are_told_in_every_error_format(aws, error_format):
    outcome = aws(f"ec2 describe-instances --instance-idz=i-1 --regin x --cli-error-format {error_format}")
    assert outcome.code == 252
    assert outcome.message.endswith(
        "awsmini: [ERROR]: Unknown options: --instance-idz=i-1, --regin, x\n\nMaybe you meant:\n"
        "  * --instance-ids (instead of --instance-idz)\n  * --region (instead of --regin)"
    )


def test_no_credentials(aws):
    del aws.env["AWS_ACCESS_KEY_ID"], aws.env["AWS_SECRET_ACCESS_KEY"]
    says(aws("sts get-caller-identity"), 253, "An error occurred (NoCredentials): Unable to locate credentials. ")


def test_half_of_the_credentials(aws):
    del aws.env["AWS_SECRET_ACCESS_KEY"]
    says(aws("sts get-caller-identity"), 255, "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY")


def test_no_region(aws):
    del aws.env["AWS_DEFAULT_REGION"], aws.env["AWS_ENDPOINT_URL"]
    says(aws("ec2 describe-instances"), 253, "An error occurred (NoRegion): You must specify a region. ")


@pytest.mark.parametrize(("flag", "variable"), [(["--region", ""], "us-east-1"), ([], "")])
def test_an_empty_region_does_not_stand_for_another(aws, flag, variable):
    del aws.env["AWS_ENDPOINT_URL"]
    outcome = aws(["ec2", "describe-instances", *flag], env={"AWS_DEFAULT_REGION": variable})
    says(outcome, 255, "Invalid endpoint: https://ec2..amazonaws.com")


def test_unreachable_endpoint(aws):
    outcome = aws("sts get-caller-identity --endpoint-url http://127.0.0.1:1", env={"AWS_MAX_ATTEMPTS": "1"})
    says(outcome, 255, 'Could not connect to the endpoint URL: "http://127.0.0.1:1/"')


def test_slow_endpoint(aws):
    aws.service.replies(200, delay=2)
    outcome = aws("sts get-caller-identity --cli-read-timeout 1", env={"AWS_MAX_ATTEMPTS": "1"})
    says(outcome, 255, f'Read timeout on endpoint URL: "{aws.service.url}/"')


def test_an_endpoint_that_hangs_up(aws):
    aws.service.replies(200, hang_up=True)
    outcome = aws("sts get-caller-identity", env={"AWS_MAX_ATTEMPTS": "1"})
    says(outcome, 255, "Connection was closed before we received a valid response from endpoint URL: ")


def test_an_answer_that_cannot_be_parsed(aws):
    aws.service.always(lambda request: answer(200, "<Result"))
    says(aws("sts get-caller-identity", env={"AWS_MAX_ATTEMPTS": "1"}), 255, "Unable to parse response (")


def test_an_error_of_the_service(aws):
    aws.service.replies(400, {"__type": "com.amazon#ResourceNotFoundException", "message": "no such table"})
    says(
        aws("dynamodb describe-table --table-name t"),
        254,
        "An error occurred (ResourceNotFoundException) when calling the DescribeTable operation: no such table",
    )


def test_retries_are_counted_in_the_message(aws):
    aws.service.replies(500, {"__type": "InternalServerError", "message": "oops"}, times=2)
    says(
        aws("dynamodb list-tables", env={"AWS_MAX_ATTEMPTS": "2"}),
        254,
        "An error occurred (InternalServerError) when calling the ListTables operation (reached max retries: 1): oops",
    )


@pytest.mark.parametrize("body", ["<Error><Code>InternalError</Code><Message>oops</Message></Error>", "<CopyObjectRes"])
def test_an_error_of_s3_that_begins_as_a_success_is_retried(aws, body):
    aws.service.replies(200, body)
    aws.service.replies(200, "<CopyObjectResult><ETag>e</ETag></CopyObjectResult>")
    outcome = aws("s3api copy-object --bucket b --key k --copy-source a/b", env={"AWS_MAX_ATTEMPTS": "2"})
    assert outcome.json == {"CopyObjectResult": {"ETag": "e"}}


def test_a_bad_config_file_is_named(aws):
    aws.write(".aws/config", "[default\nregion = x\n")
    outcome = aws("sts get-caller-identity")
    assert outcome.code in (253, 255)
    assert str(aws.home / ".aws/config") in outcome.message


def test_where_the_layout_of_errors_cannot_be_known_the_message_stands_alone(aws):
    said = "the following arguments are required: operation\n\nusage: aws"
    says(aws("sts"), 252, f"An error occurred (ParamValidation): {said}")
    says(aws("sts", env={"AWS_CLI_ERROR_FORMAT": ""}), 252, f"An error occurred (ParamValidation): {said}")
    says(aws("sts --profile none"), 252, said)
    asked_for = aws("sts --profile none --cli-error-format enhanced")
    says(asked_for, 252, f"An error occurred (ParamValidation): {said}")


def test_secrets_are_in_no_message(aws):
    aws.service.replies(403, {"__type": "UnrecognizedClientException", "message": "no"})
    outcome = aws("dynamodb list-tables --debug")
    assert outcome.code == 254
    assert aws.env["AWS_SECRET_ACCESS_KEY"] not in outcome.stderr
