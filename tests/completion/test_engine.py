"""What is offered where, up to the values of options. The lines are those of a user who knows `aws`."""

import pytest

from awsmini.commandline.globals import V2_OPTIONS, YIELDING_OPTIONS
from awsmini.completion.nodes import Root
from awsmini.model.cli_names import visible_operations
from awsmini.model.load import ModelFinder, data
from awsmini.model.shapes import ServiceModel
from awsmini.services import of

V2_GLOBALS = [option.label for option in V2_OPTIONS]


@pytest.mark.parametrize(
    ("line", "candidates"),
    [
        # Commands
        ("aws kinesisv", ["kinesisvideo"]),
        ("aws kinesisvideo", ["kinesisvideo"]),
        ("aws s3a", ["s3api"]),
        ("aws confi", ["configservice", "configure"]),
        ("aws --region eu-west-1 kinesisv", ["kinesisvideo"]),
        ("aws nosuch x", []),
        ("aws kinesisvideo list-s", ["list-signaling-channels", "list-streams"]),
        ("aws kinesisvideo --output json list-st", ["list-streams"]),
        ("aws ec2 import-i", ["import-image"]),  # import-instance is no command
        ("aws rds add-o", ["add-option-to-option-group"]),
        ("aws ec2 wait instance-s", ["instance-status-ok", "instance-stopped"]),
        ("aws sso log", ["login", "logout"]),
        ("aws ecs monitor-", ["monitor-express-gateway-service"]),
        ("aws ecs monitor-express-gateway-service --service-arn a --mode ", ["INTERACTIVE", "TEXT-ONLY"]),
        ("aws configure export-", ["export-credentials"]),
        ("aws local st", ["start", "status", "stop"]),
        ("aws help return", ["return-codes"]),
        ("aws help kinesisvideo list-st", ["list-streams"]),
        # Options
        ("aws --ou", ["--output"]),
        ("aws kinesisvideo --out", ["--output"]),
        ("aws kinesisvideo list-streams --max-", ["--max-results", "--max-items"]),
        ("aws ec2 run-instances --inst",
         ["--instance-type", "--instance-market-options", "--instance-initiated-shutdown-behavior"]),
        ("aws ec2 describe-instances --dry-run --d", ["--debug"]),
        ("aws ec2 describe-instances --dry-run --no-d", ["--no-dry-run"]),
        ("aws ec2 describe-instances --dry-run --no-dry-run --no-d", []),
        ("aws ec2 describe-instances --no-d", ["--no-dry-run"]),
        ("aws ec2 describe-instances --instance-ids i-1 i-2 --instance", []),
        ("aws ec2 wait instance-running --instance", ["--instance-ids"]),
        ("aws kinesisvideo list-streams --next", ["--next-token"]),
        ("aws ec2 run-instances --elastic-g", ["--elastic-gpu-specification"]),  # deprecated
        ("aws iot attach-principal-p", ["attach-principal-policy"]),  # deprecated
        ("aws lambda invoke --function-name f o", ["outfile"]),
        ("aws lambda invoke --function-name f x o", []),
        ("aws ec2 describe-instances --output g", ["grid"]),
        ("aws ec2 describe-instances --columns NAME,Private", ["NAME,PrivateDnsName", "NAME,PrivateDnsNameOptions", "NAME,PrivateIpAddress"]),
        ("aws ec2 describe-instances --columns PRIV", ["PRIVATE_IP"]),
        ("aws ec2 describe-instances --sort-by Lau", ["LaunchTime"]),
        ("aws acm list-certificates --sort-by C", ["CREATED_AT"]),  # its own
        ("aws local start --p", ["--profile", "--profiles", "--print-request", "--port"]),
        ("aws kinesisvideo list-streams --bogus x --max-i", ["--max-items"]),
        ("aws --regi", ["--region"]),
        ("aws --regio=x --regions", ["--regions"]),
        ("aws --acc", ["--accounts"]),
        ("aws batch --templ", ["--template"]),
        ("aws batch submit-j", ["submit-job"]),
        # Values
        ("aws --regions us-east-1,us-e", ["us-east-1,us-east-2"]),
        ("aws ec2 describe-instances --regions al", ["all"]),
        ("aws cloudformation create-stack-instances --regions us-e", []),  # the operation's own
        ("aws --output y", ["yaml", "yaml-stream"]),
        ("aws --output=y", ["--output=yaml", "--output=yaml-stream"]),
        ("aws --outp y", ["yaml", "yaml-stream"]),
        ("aws sts get-caller-identity --output te", ["text"]),
        ("aws s3api get-object --checksum-mode ", ["ENABLED"]),
        ("aws sqs receive-message --attribute-names P", ["Policy"]),
        ("aws sqs receive-message --attribute-names Policy P", []),
        ("aws sqs receive-message --attribute-names Policy --qu", ["--queue-url", "--query"]),
        ("aws ec2 run-instances --generate-cli-skeleton ", ["input", "output", "yaml-input"]),
        ("aws ec2 run-instances --generate-cli-skeleton --image", ["--image-id"]),
        ("aws configure export-credentials --format f", ["fish"]),
        ("aws completion z", ["zsh"]),
        ("aws kinesisvideo create-stream --stream-name ", []),
        ("aws sts get-caller-identity --cli-binary-format raw", ["raw-in-base64-out"]),
    ],
)  # fmt: skip
def test_candidates(completed, line, candidates):
    assert sorted(completed(line)) == sorted(candidates)


def test_the_order_is_that_of_help_and_own_options_come_first(completed):
    options = completed("aws kinesisvideo list-streams ")
    assert options[:4] == ["--max-results", "--next-token", "--stream-name-condition", "--cli-input-json"]
    own = options.index("--local")
    assert options[own - len(V2_GLOBALS) : own] == V2_GLOBALS
    assert options[own:] == ["--local", "--print-request", "--help", *(each.label for each in YIELDING_OPTIONS)]


def test_what_aws_lacks_comes_last_and_where_more_is_typed_only_if_there_is_nothing_else(completed):
    assert completed("aws ")[-1] == "search"
    assert completed("aws ec2 describe-instances --p") == ["--page-size", "--profile"]
    assert completed("aws ec2 describe-instances --pri") == ["--print-request"]
    assert completed("aws --l") == ["--local"]
    assert completed("aws sea") == ["search"]
    assert completed("aws loca") == ["location"]
    assert completed("aws models li") == ["list"]
    assert completed("aws models list --l") == ["--local"]
    assert completed("aws lambda invoke ")[-1] == "--cli-error-format"


def test_after_dashes_alone_too(completed):
    assert completed("aws kinesisvideo list-streams --") == completed("aws kinesisvideo list-streams ")


def test_used_options_are_left_out(completed):
    used = "--region x --max-items 3"
    left = set(completed("aws kinesisvideo list-streams ")) - set(completed(f"aws kinesisvideo list-streams {used} "))
    assert left == {"--region", "--max-items"}


def test_all_commands(completed):
    root = completed("aws ")
    assert {"ec2", "s3api", "configure"} <= set(root)
    models = root[: root.index("s3api")]
    assert models == sorted(models)
    rest = [name for name in root if name not in models]
    assert rest[-5:] == ["completion", "help", "local", "models", "search"]
    rest = rest[:-5]
    known = ["s3api", "s3", "ddb", "configure", "deploy", "configservice", "history", "cli-dev", "login", "logout",
             "agent-toolkit", "update"]  # fmt: skip
    assert rest == [name for name in known if name in rest]


def test_commands_are_in_the_order_of_aws(completed):
    assert completed("aws medical-imaging get-d") == ["get-dicom-import-job", "get-datastore"]
    assert completed("aws sso l") == ["list-account-roles", "list-accounts", "logout", "login"]
    assert completed("aws history ") == ["show", "list"]


@pytest.mark.parametrize("service", ["ec2", "ses", "rds", "cloudwatch", "signin", "cloudsearch"])
def test_operations_are_those_of_the_model(completed, service):
    model = ServiceModel(ModelFinder({}).lines(service))
    wait = {"wait"} if model.waiter_names else set()
    by_hand = {*of(service).commands}
    assert {*completed(f"aws {service} ")} == {*visible_operations(model)} | wait | by_hand


def test_every_operation_is_found_by_its_name():
    root = Root({})
    for service in ("ec2", "storagegateway", "dynamodb", "mturk", "iam", "s3api"):
        node = root.below(service)
        assert node is not None
        for command, api_name in visible_operations(node.model).items():
            found = node.below(command)
            assert found is not None, command
            assert found.operation is not None
            assert found.operation.name == api_name


def test_a_deprecated_option_is_left_out(completed):
    offered = completed("aws iot create-topic-rule ")
    assert "--topic-rule-payload" in offered
    assert "--filter-string" not in completed("aws textract x ")


def test_profiles(completed, tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text("[default]\n[profile work]\n[profile home]\n[sso-session s]\n")
    (tmp_path / ".aws/credentials").write_text("[old]\n[work]\n")
    assert completed("aws --profile ") == ["default", "work", "home", "old"]
    assert completed("aws sts get-caller-identity --profile=h") == ["--profile=home"]


def test_regions_of_the_partition_at_hand(completed, tmp_path):
    regions = data("regions.json")
    assert completed("aws --region ") == regions["aws"]
    assert completed("aws --region us-g") == regions["aws-us-gov"]
    assert completed("aws --region cn") == regions["aws-cn"]
    assert completed("aws --region ", {"AWS_REGION": "cn-north-1"}) == regions["aws"]
    assert completed("aws s3api list-buckets --region ", {"AWS_REGION": "cn-north-1"}) == regions["aws-cn"]
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text("[profile gov]\nregion = us-gov-west-1\n")
    assert completed("aws s3api list-buckets --profile gov --region us-") == regions["aws-us-gov"]


def test_regions_are_those_of_the_service(completed):
    assert "ap-east-1" in completed("aws amplify list-apps --region ")
    assert "af-south-1" not in completed("aws amplify list-apps --region ")
    assert completed("aws amplify --region af") == ["af-south-1"]  # none of the service's begins so


def test_broken_files_are_no_reason_to_say_anything(completed, tmp_path):
    (tmp_path / ".aws/cli").mkdir(parents=True)
    (tmp_path / ".aws/config").write_text("[default\n")
    (tmp_path / ".aws/cli/alias").write_text("[toplevel\n")
    assert completed("aws --profile ") == []
    assert "us-east-1" in completed("aws --region ")
    assert completed("aws kinesisv") == ["kinesisvideo"]


def test_files(completed, tmp_path):
    (tmp_path / "folder").mkdir()
    for name in ("folder/inner.json", "file.json", ".hidden", "nul"):
        (tmp_path / name).touch()
    assert completed("aws ec2 describe-instances --filters file://f") == ["file://file.json", "file://folder/"]
    assert completed("aws ec2 describe-instances --filters file://folder/") == ["file://folder/inner.json"]
    assert completed(f"aws ec2 describe-instances --filters fileb://{tmp_path}/fi") == [f"fileb://{tmp_path}/file.json"]
    assert completed("aws ec2 describe-instances --filters file://~/fi") == ["file://~/file.json"]
    assert completed("aws ec2 describe-instances --filters file://$HOME/fi") == ["file://$HOME/file.json"]
    assert completed("aws ec2 describe-instances --filters file://.h") == ["file://.hidden"]
    assert "file://.hidden" in completed("aws ec2 describe-instances --filters file://")
    assert completed("aws ec2 describe-instances --filters file://nosuch/") == []
    assert completed("aws ec2 describe-instances --filters file://~") == ["file://~/"]
    assert completed("aws ec2 run-instances --cli-input-json ") == ["file://"]
    assert completed("aws iam create-role --assume-role-policy-document fi") == ["file://", "fileb://"]
    assert completed("aws s3api put-object --body fi") == ["file.json"]
    assert completed("aws s3api get-object --bucket b --key k fo") == ["folder/"]
    assert completed("aws lambda invoke --function-name f fil") == ["file.json"]
    assert completed("aws --ca-bundle fi") == ["file.json"]


def test_names_that_a_terminal_would_obey_are_left_out(completed, tmp_path):
    (tmp_path / "a\x1b[31m").touch()
    (tmp_path / "ab").touch()
    assert completed("aws --ca-bundle a") == ["ab"]


def test_aliases(completed, tmp_path):
    (tmp_path / ".aws/cli").mkdir(parents=True)
    (tmp_path / ".aws/cli/alias").write_text(
        "[toplevel]\nzz-id = sts get-caller-identity --output text\nzz-run = !echo\nzz-self = zz-self\nzz-bad = '\n"
        "s3api = s3api --region x\n"
        "[command sts]\nwho = get-caller-identity\nget-caller-identity = get-caller-identity --query Arn\n"
    )
    assert completed("aws zz-") == ["zz-bad", "zz-id", "zz-run", "zz-self"]
    assert completed("aws sts wh") == ["who"]
    assert completed("aws zz-id --cli-i") == ["--cli-input-json", "--cli-input-yaml"]
    assert completed("aws zz-id --outp") == []  # given by the alias
    assert completed("aws sts who --cli-input-j") == ["--cli-input-json"]
    assert completed("aws sts get-caller-identity --que") == []
    assert completed("aws zz-run x") == []
    assert completed("aws zz-self x") == []
    assert completed("aws zz-bad x") == []
    assert completed("aws s3api put-object --bu") == ["--bucket", "--bucket-key-enabled"]


def test_models_of_ones_own(completed, tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "zebra.jsonl").write_bytes(
        b'operation\tListStripes\t{"name":"ListStripes"}\nservice\tzebra\t{"metadata":{"serviceId":"Zebra"}}\n'
    )
    there = {"AWS_DATA_PATH": str(folder)}
    assert completed("aws zeb", there) == ["zebra"]
    assert completed("aws zebra l", there) == ["list-stripes"]


def test_a_line_of_garbage_is_no_error(completed):
    for line in ("", " ", "aws '", "aws -- x ", "aws --= ", "aws --output=json=x", "aws ec2 wait x y", "aws - ", "aws =",
                 "aws ec2 --instance-ids describe-instances --", "aws ec2 describe-instances --filters [{",
                 "aws help help help ", "aws configure get --", "aws --query '", "aws sts --region"):  # fmt: skip
        completed(line)
