"""cloudformation package and deploy."""

import json
from typing import Any

from scenarios.scripted import by_rule, query_error, s3_error
from side_by_side import Scenario

STORED = ("PUT /bkt/.*", (200, "", {"ETag": '"e"'}))
ABSENT = ("HEAD /bkt/.*", (404, ""))
EMPTY_BUCKET = (ABSENT, STORED)
# The name of an object is the MD5 of what is in it: zip files are other ones here, as they are reproducible.
ZIPS = ((r"(?s)PK\x03\x04.*", "ZIP"), (r"\b[0-9a-f]{32}\b", "MD5"), (r"(\d+) / \1\.0", "SIZE"), (r"PK\\x.*", "ZIP"))
PACKAGE = "cloudformation package --template-file t.yaml --s3-bucket bkt"
CODE = {"src/app.py": "print(1)\n", "src/lib/b.txt": "x" * 300, "one.py": "print(2)\n"}


def package(name: str, template: str, options: str = "", answers: Any = EMPTY_BUCKET, **more: Any) -> Scenario:
    files = {"t.yaml": template, **CODE, **more.pop("files", {})}
    return Scenario(
        f"cloudformation package: {name}",
        (f"{PACKAGE} {options}",),
        answers=by_rule(*answers),
        files=files,
        blur=ZIPS,
        stop_clock=False,
        **more,
    )


def resource(kind: str, properties: str, more: str = "") -> str:
    lines = "\n".join(f"      {line}" for line in properties.splitlines())
    return f"Resources:\n  A:\n    Type: {kind}\n    Properties:\n{lines}\n{more}"


KINDS = {
    "function": ("AWS::Serverless::Function", "CodeUri: src"),
    "function, one file": ("AWS::Serverless::Function", "CodeUri: one.py"),
    "function without code": ("AWS::Serverless::Function", "Handler: a.b"),
    "function, null": ("AWS::Serverless::Function", "CodeUri: null"),
    "function in S3": ("AWS::Serverless::Function", "CodeUri: s3://b/k"),
    "function, mapping": ("AWS::Serverless::Function", "CodeUri: {Bucket: b, Key: k}"),
    "api": ("AWS::Serverless::Api", "DefinitionUri: one.py"),
    "api without": ("AWS::Serverless::Api", "StageName: x"),
    "schema": ("AWS::AppSync::GraphQLSchema", "DefinitionS3Location: one.py"),
    "resolver": (
        "AWS::AppSync::Resolver",
        "RequestMappingTemplateS3Location: one.py\nResponseMappingTemplateS3Location: one.py",
    ),
    "function configuration": (
        "AWS::AppSync::FunctionConfiguration",
        "RequestMappingTemplateS3Location: one.py\nResponseMappingTemplateS3Location: one.py",
    ),
    "rest api": ("AWS::ApiGateway::RestApi", "BodyS3Location: one.py"),
    "lambda": ("AWS::Lambda::Function", "Code: src\nHandler: a"),
    "lambda version in S3": ("AWS::Lambda::Function", "Code: s3://b/k?versionId=v1"),
    "beanstalk": ("AWS::ElasticBeanstalk::ApplicationVersion", "SourceBundle: src"),
    "layer": ("AWS::Serverless::LayerVersion", "ContentUri: src"),
    "lambda layer": ("AWS::Lambda::LayerVersion", "Content: one.py"),
    "glue": ("AWS::Glue::Job", "Command:\n  ScriptLocation: one.py\n  Name: x"),
    "glue without": ("AWS::Glue::Job", "Role: x"),
    "step functions": ("AWS::StepFunctions::StateMachine", "DefinitionS3Location: one.py"),
    "serverless state machine": ("AWS::Serverless::StateMachine", "DefinitionUri: one.py"),
    "codecommit": ("AWS::CodeCommit::Repository", "Code:\n  S3: src\nRepositoryName: r"),
    "codecommit without": ("AWS::CodeCommit::Repository", "RepositoryName: r"),
    "module not packaged": ("AWS::CloudFormation::ModuleVersion", "ModulePackage: src"),
}
TEXTS = """\
AWSTemplateFormatVersion: 2010-09-09
Description: >
  Folded text
  over lines
Parameters:
  Env: {Type: String, Default: "yes", AllowedValues: [yes, Off, n, y, 0o17, 010, 1e3, 1.10, ~, null, "12:30", 1_000]}
Mappings:
  M: &anchor
    a: {b: 'it''s', c: "tab\\there", d: "esc \\e and del \\x7f"}
  N:
    <<: *anchor
    x: |
      line one
      line two
Conditions:
  C: !Equals [!Ref Env, "on"]
  D: !Not [Condition: C]
Resources:
  B:
    Type: AWS::S3::Bucket
    Condition: C
    DeletionPolicy: Retain
    Properties:
      BucketName: !Sub "${AWS::StackName}-a-very-long-name-that-goes-on-and-on-${AWS::Region}-until-it-is-far-beyond-the-line"
      Tags: [{Key: a, Value: !GetAtt X.Arn.Y}, {Key: b, Value: !Select [0, !GetAZs ""]}]
      Other: !Join ["", [a, !ImportValue x, !If [C, 1, 2], !FindInMap [M, a, b], !Condition C, !Base64 5, !Foo bar, !GetAtt A]]
      Cidr: !Cidr {ipBlock: 10.0.0.0/16, count: 4, cidrBits: 8}
      Long: a text of many words that goes on and on until it has to be folded somewhere near the end of the line, as ever
      Url: http://example.com/a/very/long/path/without/any/blank/in/it/that/does/not/fit/into/the/line/at/all
      Empty: {}
      None: []
      Multi: "a\\nb\\n"
      When: 2024-01-01T00:00:00Z
      Uni: "é ü 日本 😀"
Outputs:
  O:
    Value: !Ref B
    Export: {Name: !Sub "${AWS::StackName}-x"}
"""
NESTED = """\
Resources:
  S:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: sub/child.yaml
      Parameters: {A: b}
  T:
    Type: AWS::Serverless::Application
    Properties:
      Location: sub/child.yaml
  U:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://s3.amazonaws.com/b/k
"""
CHILD = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: code\n"
INCLUDE = """\
Metadata:
  AWS::ServerlessRepo::Application: {Name: n, ReadmeUrl: one.py, LicenseUrl: src/app.py}
Resources:
  X:
    Fn::Transform:
      Name: AWS::Include
      Parameters: {Location: one.py}
  Y:
    Type: AWS::S3::Bucket
    Properties:
      Deep:
      - Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}
      - Fn::Transform: {Name: Other, Parameters: {Location: none}}
"""
FOR_EACH = """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Functions:
  - N
  - [A, B]
  - "F${N}":
      Type: AWS::Lambda::Function
      Properties: {Code: src, Handler: h}
"""
PACKAGES = (
    *(package(name, resource(*kind)) for name, kind in KINDS.items()),
    package("texts", TEXTS),
    package("texts as JSON", TEXTS.replace("2010-09-09", "'2010-09-09'").replace("2024-01-01T00:00:00Z", "x"), "--use-json"),
    package("a date as JSON", "AWSTemplateFormatVersion: 2010-09-09\nResources: {}\n", "--use-json"),
    package("JSON in, YAML out", json.dumps({"Resources": {"A": {"Type": "X", "Properties": {"b": 1, "a": [1, None]}}}})),
    package("nested stacks", NESTED, files={"sub/child.yaml": CHILD, "sub/code/a.py": "1\n"}),
    package("nested stack is missing", NESTED),
    package("includes", INCLUDE),
    package("include is missing", INCLUDE.replace("Location: one.py", "Location: none.py")),
    package("for each", FOR_EACH),
    package("for each of two", FOR_EACH.replace("  - [A, B]\n", "")),
    package("options", resource("AWS::Serverless::Api", "DefinitionUri: one.py"), "--s3-prefix p/q --kms-key-id k --metadata a=1,b=2"),
    package("metadata as JSON", resource("AWS::Serverless::Api", "DefinitionUri: one.py"), """--metadata '{"x":"y"}'"""),
    package("bad metadata", resource("AWS::Serverless::Api", "DefinitionUri: one.py"), "--metadata a"),
    package("there already", resource("AWS::Serverless::Function", "CodeUri: src"), answers=(("HEAD .*", (200, "")), STORED)),
    package("there already, forced", resource("AWS::Serverless::Function", "CodeUri: src"), "--force-upload", (("HEAD .*", (200, "")), STORED)),
    package("output file", resource("AWS::Serverless::Function", "CodeUri: src"), "--output-template-file out.yaml"),
    package("output file in no folder", resource("AWS::Serverless::Function", "CodeUri: src"), "--output-template-file no/out.yaml"),
    package("code is missing", resource("AWS::Serverless::Function", "CodeUri: none")),
    package("code is an address", resource("AWS::Serverless::Function", "CodeUri: https://x.example/a.zip")),
    package("no bucket", resource("AWS::Serverless::Function", "CodeUri: src"), answers=(ABSENT, ("PUT .*", s3_error("NoSuchBucket", 404)))),
    package("refused", resource("AWS::Serverless::Function", "CodeUri: src"), answers=(ABSENT, ("PUT .*", s3_error("AccessDenied")))),
    package("no resources", "Description: x\n"),
    package("a type without properties", "Resources:\n  A:\n    Type: AWS::Serverless::Function\n"),
    package("duplicate keys", "Resources: {}\nA: 1\nB: 2\nA: 3\n"),
    Scenario("cloudformation package: no template", ("cloudformation package --template-file none --s3-bucket b",), answers=by_rule()),
    Scenario("cloudformation package: no options", ("cloudformation package",), answers=by_rule()),
    Scenario("cloudformation package: no bucket given", ("cloudformation package --template-file t",), answers=by_rule(), files={"t": "{}"}),
    package("unknown option", "{}", "--nope x"),
    package("endpoint flag does not hold for S3", resource("AWS::Serverless::Api", "DefinitionUri: one.py"), "--endpoint-url http://127.0.0.1:9"),
    package("region", NESTED, "--region eu-west-1", files={"sub/child.yaml": CHILD, "sub/code/a.py": "1\n"}),
)  # fmt: skip

STACK = "<member><StackName>st</StackName><StackStatus>{status}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime></member>"
NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
CHANGE_SET = "arn:aws:cloudformation:us-east-1:123456789012:changeSet/c/1"


def result(operation: str, inner: str) -> tuple[int, str]:
    return 200, (
        f'<{operation}Response xmlns="{NAMESPACE}"><{operation}Result>{inner}</{operation}Result>'
        f"<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{operation}Response>"
    )


def stacks(*statuses: str) -> list[tuple[int, str]]:
    return [result("DescribeStacks", f"<Stacks>{STACK.format(status=status)}</Stacks>") for status in statuses]


NONE = query_error("ValidationError", "Stack with id st does not exist")
MADE = ("CreateChangeSet", result("CreateChangeSet", f"<Id>{CHANGE_SET}</Id><StackId>s</StackId>"))
READY = ("DescribeChangeSet", result("DescribeChangeSet", "<Status>CREATE_COMPLETE</Status>"))
EXECUTED = ("ExecuteChangeSet", result("ExecuteChangeSet", ""))
SUMMARY = (
    "GetTemplateSummary",
    result("GetTemplateSummary", "<Parameters><member><ParameterKey>A</ParameterKey></member></Parameters>"),
)
NEW = (("DescribeStacks", [NONE, *stacks("CREATE_COMPLETE")]), MADE, READY, EXECUTED, SUMMARY, *EMPTY_BUCKET)
OLD = (("DescribeStacks", stacks("CREATE_COMPLETE", "UPDATE_COMPLETE")), *NEW[1:])
TEMPLATE = "# a comment\nParameters:\n  A: {Type: String}\n  B: {Type: String, Default: x}\nResources:\n  Q: {Type: AWS::SQS::Queue}\n"


def failed(reason: str) -> tuple[str, tuple[int, str]]:
    return "DescribeChangeSet", result(
        "DescribeChangeSet", f"<Status>FAILED</Status><StatusReason>{reason}</StatusReason>"
    )


def deploy(name: str, options: Any = "", answers: Any = NEW, template: str = TEMPLATE, **more: Any) -> Scenario:
    words = ["cloudformation", "deploy", "--template-file", "t.yaml", "--stack-name", "st"]
    return Scenario(
        f"cloudformation deploy: {name}",
        ([*words, *(options.split() if isinstance(options, str) else options)],),
        answers=by_rule(*answers),
        files={"t.yaml": template, **more.pop("files", {})},
        blur=(
            (r"deploy-\d{10}", "deploy-EPOCH"),
            (r"(AWS\+CLI\+at\+).*?\+UTC", r"\1NOW+UTC"),
            (r"%3A\d+%2F", "%3APORT%2F"),
        ),
        stop_clock=False,
        **more,
    )


NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
DEPLOYS = (
    deploy("a new stack"),
    deploy("an update", answers=OLD),
    deploy("a stack in review", answers=(("DescribeStacks", stacks("REVIEW_IN_PROGRESS", "CREATE_COMPLETE")), *NEW[1:])),
    deploy("words", "--parameter-overrides A=1 B=2=3 Z=9 A=4"),
    deploy("words on update", "--parameter-overrides B=2", OLD),
    deploy("pairs of JSON", ["--parameter-overrides", '[{"ParameterKey":"A","ParameterValue":"v"}]']),
    deploy("a pipeline's JSON", ["--parameter-overrides", '{"Parameters":{"A":"v"}}']),
    deploy("texts of JSON", ["--parameter-overrides", '["A=v","B=w"]']),
    deploy("a file", "--parameter-overrides file://p.json", files={"p.json": '["A=f"]'}),
    deploy("a file that is no JSON", "--parameter-overrides file://p", files={"p": "A=1"}),
    deploy("a file that is not there", "--parameter-overrides file://none"),
    deploy("other JSON", ["--parameter-overrides", '[{"ParameterKey":"A"}]']),
    deploy("a number", ["--parameter-overrides", "5"]),
    deploy("a number for a parameter", ["--parameter-overrides", '{"Parameters":{"A":5}}']),
    deploy("no pair", "--parameter-overrides A"),
    deploy("an empty list of overrides", "--parameter-overrides"),
    deploy("tags", "--tags a=1 b=2=3"),
    deploy("bad tags", "--tags a"),
    deploy("capabilities", "--capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND"),
    deploy("role and topics", "--role-arn arn:aws:iam::123456789012:role/r --notification-arns t1 t2"),
    deploy("disable rollback", "--disable-rollback"),
    deploy("no disable rollback", "--disable-rollback --no-disable-rollback"),
    deploy("not executed", "--no-execute-changeset"),
    deploy("no changes", answers=(failed(NO_CHANGES), *OLD)),
    deploy("no changes are an error", "--fail-on-empty-changeset", (failed(NO_CHANGES), *OLD)),
    deploy("no changes are none", "--fail-on-empty-changeset --no-fail-on-empty-changeset", (failed("No updates are to be performed."), *OLD)),
    deploy("the change set fails", answers=(failed("Bad things"), *NEW)),
    deploy("the change set is refused", answers=(("CreateChangeSet", query_error("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]")), *NEW)),
    deploy("the stack is refused", answers=(("DescribeStacks", query_error("AccessDenied", "no", 403)), *NEW[1:])),
    deploy("the stack fails", answers=(("DescribeStacks", [NONE, *stacks("ROLLBACK_COMPLETE")]), *NEW[1:])),
    deploy("the update fails", answers=(("DescribeStacks", stacks("CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")), *NEW[1:])),
    deploy("executing is refused", answers=(("ExecuteChangeSet", query_error("InvalidChangeSetStatus", "no")), *NEW)),
    deploy("a large template", template=TEMPLATE + "# " + "x" * 51_200 + "\n"),
    deploy("a large template to a bucket", "--s3-bucket bkt --s3-prefix p --force-upload --kms-key-id k", template=TEMPLATE + "# " + "x" * 51_200 + "\n"),
    deploy("to a bucket", "--s3-bucket bkt"),
    deploy("to a bucket that there is none of", "--s3-bucket bkt", (("PUT .*", s3_error("NoSuchBucket", 404)), *NEW)),
    deploy("endpoint flag", "--s3-bucket bkt --endpoint-url http://127.0.0.1:9"),
    deploy("no parameters", template="Resources: {}\n"),
    deploy("JSON", template=json.dumps({"Parameters": {"P": {"Type": "String"}}, "Resources": {}}), options="--parameter-overrides P=1"),
    Scenario("cloudformation deploy: no template", ("cloudformation deploy --template-file none --stack-name s",), answers=by_rule()),
    Scenario("cloudformation deploy: no options", ("cloudformation deploy",), answers=by_rule()),
)  # fmt: skip
SCENARIOS = (*PACKAGES, *DEPLOYS)
