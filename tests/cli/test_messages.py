"""What users are told to type is awsmini: `aws` may not be there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import awsmini
from awsmini.commands.tree import HAND_WRITTEN
from awsmini.model.cli_names import cli_services

COMMANDS = "|".join(map(re.escape, sorted({"help", "[options]", *HAND_WRITTEN, *cli_services()})))
TO_TYPE = re.compile(rf"(?:^|['\"`\s])aws (?:{COMMANDS})(?![\w-])")


def texts() -> Iterator[str]:
    """Every string of the package that is no docstring."""
    for path in sorted(Path(awsmini.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                yield node.value


def test_no_text_says_to_type_aws():
    found = [text for text in texts() if TO_TYPE.search(text)]
    assert found == []
    assert TO_TYPE.search('run "aws login" again')


def test_what_is_wrong_with_the_credentials_is_told_before_the_region_is_missed(aws):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        del aws.env[name]
    del aws.env["AWS_ENDPOINT_URL"]
    aws.write(".aws/config", "[profile half]\naws_access_key_id = A\n[profile none]\noutput = json\n")
    line = "ec2 describe-instances --profile"
    assert "Partial credentials found in config-file" in aws(f"{line} half").message
    assert "You must specify a region" in aws(f"{line} half --no-sign-request").message
    assert "You must specify a region" in aws(f"{line} none").message


def test_an_error_without_a_code_is_told_by_its_status(aws):
    aws.service.replies(400, {"__type": ""})
    assert "An error occurred (400) when calling the ListTables operation" in aws("dynamodb list-tables").message
