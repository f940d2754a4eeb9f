"""One command in many places: which places are meant, what is asked where as whom, and how the answers come together."""

import json
from collections.abc import Callable

import pytest

from awsmini.commandline.verbs import only_reads
from awsmini.model.load import data
from tests import servers
from tests.servers import Received, answer

CONFIG = """
[default]
region = us-east-1
[profile dev-a]
region = eu-west-1
[profile dev-b]
region = eu-west-2
[profile prod]
region = us-west-2
role_session_name = ann
external_id = e-1
"""
KEYS = "".join(
    f"[{name}]\naws_access_key_id={name.upper()}\naws_secret_access_key=x\n" for name in ("dev-a", "dev-b", "prod")
)
ACCOUNTS = {"111111111111": "core", "222222222222": "shop-dev", "333333333333": "shop-prod", "444444444444": "old"}


@pytest.fixture
def org(aws):
    """Three profiles, an organization, and streams of which each region of each account has one."""
    aws.write(".aws/config", CONFIG)
    aws.write(".aws/credentials", KEYS)
    del aws.env["AWS_DEFAULT_REGION"]
    aws.service.always(world)
    return aws


def place(request: Received) -> tuple[str, str]:
    """The access key and the region that a request was signed for."""
    scope = request.headers["Authorization"].split("Credential=")[1].split("/")
    return scope[0], scope[2]


def world(request: Received) -> servers.Answer:
    target = request.headers.get("X-Amz-Target", "")
    body = request.body.decode()
    if "AssumeRole" in body:
        account = request.form["RoleArn"].split(":")[4]
        return answer(200, f"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A{account}</AccessKeyId>"
                      "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z"
                      "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>")  # fmt: skip
    if "GetCallerIdentity" in body:
        return answer(200, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account>"
                      "<Arn>arn:aws:iam::111111111111:user/u</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>")  # fmt: skip
    if target.endswith("ListAccountsForParent"):
        children = {"ou-a-1": ["222222222222"], "ou-a-2": ["333333333333"]}[request.json["ParentId"]]
        return answer(200, {"Accounts": [{"Id": each, "Status": "ACTIVE"} for each in children]})
    if target.endswith("ListOrganizationalUnitsForParent"):
        return answer(200, {"OrganizationalUnits": [{"Id": "ou-a-2"}] if request.json["ParentId"] == "ou-a-1" else []})
    if target.endswith("ListAccounts"):
        return answer(200, {"Accounts": [{"Id": each, "Name": name, "Status": "SUSPENDED" if name == "old" else "ACTIVE"}
                                         for each, name in ACCOUNTS.items()]})  # fmt: skip
    if request.path == "/listRegions":
        regions = ["us-east-1", "eu-west-1", "eu-west-2", "eu-south-1"]
        return answer(200, {"Regions": [{"RegionName": each, "RegionOptStatus": "ENABLED"} for each in regions]})
    key, region = place(request)
    if region == "eu-west-3":
        return answer(400, {"message": "not here"}, {"x-amzn-errortype": "AccessDeniedException"})
    if request.path == "/deleteStream":
        return answer(200, {})
    return answer(200, {"StreamInfoList": [{"StreamName": f"{key}-{region}", "Version": "1"}]})


NAMES = "--query StreamInfoList[].StreamName"


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (f"--regions us-east-1,eu-west-1 kinesisvideo list-streams {NAMES}",
         ["us-east-1\tAKIDEXAMPLE-us-east-1", "eu-west-1\tAKIDEXAMPLE-eu-west-1"]),
        (f"kinesisvideo list-streams {NAMES} --profiles dev-*,prod",
         ["dev-a\tDEV-A-eu-west-1", "dev-b\tDEV-B-eu-west-2", "prod\tPROD-us-west-2"]),
        (f"kinesisvideo --profiles=dev-a --regions=us-east-1 list-streams {NAMES}", ["dev-a\tus-east-1\tDEV-A-us-east-1"]),
        (f"--accounts 111111111111,222222222222 --assume-role audit kinesisvideo list-streams {NAMES}",
         ["111111111111\tAKIDEXAMPLE-us-east-1", "222222222222\tA222222222222-us-east-1"]),
        (f"--accounts all --assume-role audit --regions us-east-1 kinesisvideo list-streams {NAMES}",
         ["111111111111\tus-east-1\tAKIDEXAMPLE-us-east-1", "222222222222\tus-east-1\tA222222222222-us-east-1",
          "333333333333\tus-east-1\tA333333333333-us-east-1"]),
        (f"--accounts shop-* --assume-role audit kinesisvideo list-streams {NAMES}",
         ["222222222222\tA222222222222-us-east-1", "333333333333\tA333333333333-us-east-1"]),
        (f"--accounts ou-a-1 --assume-role audit kinesisvideo list-streams {NAMES}",
         ["222222222222\tA222222222222-us-east-1", "333333333333\tA333333333333-us-east-1"]),
    ],
)  # fmt: skip
def test_every_place_is_asked_as_itself(org, words, lines):
    done = org(f"{words} --output text --max-concurrency 1")
    assert (done.code, done.stderr) == (0, "")
    assert sorted(done.stdout.splitlines()) == sorted(lines)


def test_a_role_is_assumed_once_with_the_words_of_the_profile(org):
    done = org("--profiles prod --accounts 222222222222 --assume-role path/audit --regions us-east-1,eu-west-1,eu-west-2 "
               "kinesisvideo list-streams")  # fmt: skip
    assert done.code == 0
    assumed = [request.form for request in org.service.requests if b"AssumeRole" in request.body]
    assert len(assumed) == 1
    assert assumed[0]["RoleArn"] == "arn:aws:iam::222222222222:role/path/audit"
    assert (assumed[0]["RoleSessionName"], assumed[0]["ExternalId"]) == ("ann", "e-1")


def test_patterns_leave_out_regions_that_are_not_enabled_or_have_no_such_service(org):
    done = org(f"--regions eu-* kinesisvideo list-streams {NAMES} --output text")
    with_service = data("service-regions.json")["kinesisvideo"].split()
    assert {line.split("\t")[0] for line in done.stdout.splitlines()} == {"eu-west-1", "eu-west-2"} & set(with_service)
    assert sum(request.path == "/listRegions" for request in org.service.requests) == 1


def test_who_may_not_ask_which_regions_are_enabled_gets_those_that_all_have(org):
    org.service.always(lambda request: answer(403, {"message": "no"}, {"x-amzn-errortype": "AccessDeniedException"}) if request.path == "/listRegions" else
                       answer(403, "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>")
                       if request.path in ("/listRegions", "/") else world(request))  # fmt: skip
    done = org(f"--regions all kinesisvideo list-streams {NAMES} --output text")
    assert done.stderr.count("may not be asked") == 1
    assert "eu-south-1" not in done.stdout
    assert "eu-central-1" in done.stdout


GOLDEN: dict[str, tuple[str, Callable[[str], object] | None]] = {
    "text": ("dev-a\tDEV-A-eu-west-1\ndev-b\tDEV-B-eu-west-2\n", None),
    "ndjson": ('{"Profile":"dev-a","N":"DEV-A-eu-west-1"}\n{"Profile":"dev-b","N":"DEV-B-eu-west-2"}\n', None),
    "csv": ("Profile,N\ndev-a,DEV-A-eu-west-1\ndev-b,DEV-B-eu-west-2\n", None),
    "tsv": ("Profile\tN\ndev-a\tDEV-A-eu-west-1\ndev-b\tDEV-B-eu-west-2\n", None),
    "off": ("", None),
}


@pytest.mark.parametrize("output", GOLDEN)
def test_records_and_lines_are_led_by_their_place(org, output):
    done = org(
        f"--profiles dev-* kinesisvideo list-streams --query StreamInfoList[].{{N:StreamName}} --output {output}"
    )
    assert done.code == 0
    assert sorted(done.stdout.splitlines()) == sorted(GOLDEN[output][0].splitlines())


def test_a_table_has_the_places_as_its_first_columns(org):
    done = org(
        "--profiles dev-* kinesisvideo list-streams --query StreamInfoList[].{A:Version,N:StreamName} --output table"
    )
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in done.stdout.splitlines()
        if line.startswith("|")
    ]
    assert rows == [
        ["ListStreams"],
        ["Profile", "A", "N"],
        ["dev-a", "1", "DEV-A-eu-west-1"],
        ["dev-b", "1", "DEV-B-eu-west-2"],
    ]


@pytest.mark.parametrize("query", ["", NAMES])
def test_json_is_a_list_of_places_in_order_with_errors_among_them(org, query):
    done = org(f"--regions eu-west-3,us-east-1 kinesisvideo list-streams {query}")
    failed, well = json.loads(done.stdout)
    assert failed == {"Profile": None, "AccountId": None, "Region": "eu-west-3",
                      "Error": {"Code": "AccessDeniedException", "Message": "not here"}}  # fmt: skip
    name = "AKIDEXAMPLE-us-east-1"
    expected = [name] if query else {"StreamInfoList": [{"StreamName": name, "Version": "1"}]}
    assert (well["Region"], well["Output"]) == ("us-east-1", expected)
    assert done.code == 254
    assert done.stderr == ("awsmini: eu-west-3: An error occurred (AccessDeniedException) when calling the ListStreams "
                           "operation: not here\n")  # fmt: skip


def test_json_of_pages_is_values_as_ever(org):
    [place] = json.loads(org("--profiles dev-a kinesisvideo list-streams").stdout)
    assert all(isinstance(each, dict) for each in place["Output"]["StreamInfoList"])


def test_a_grid_has_the_places_as_its_first_columns(org):
    org.service.always(lambda request: answer(200, {"TableNames": ["orders"]}))
    done = org("--profiles dev-* dynamodb list-tables --output grid --sort-by @")
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["PROFILE", "TABLE"], ["dev-a", "orders"], ["dev-b", "orders"]]  # fmt: skip


def test_yaml_is_such_a_list_too(org):
    done = org(f"--profiles dev-a kinesisvideo list-streams {NAMES} --output yaml")
    assert done.stdout == "- AccountId: null\n  Output:\n  - DEV-A-eu-west-1\n  Profile: dev-a\n  Region: null\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--regions us-eats-1 kinesisvideo list-streams", "there is no region 'us-eats-1'. Maybe you meant us-east-1"),
        ("--regions zz-* kinesisvideo list-streams", "--regions: there is no region 'zz-*'."),
        ("--regions '' kinesisvideo list-streams", "--regions: there is no region ''."),
        ("--profiles dev-c kinesisvideo list-streams", "there is no profile 'dev-c'. Maybe you meant dev-"),
        ("--accounts 123 kinesisvideo list-streams", "--accounts: 123 is no account: an id has 12 digits."),
        ("--accounts '' kinesisvideo list-streams", "--accounts names no account."),
        ("--accounts x-* kinesisvideo list-streams", "--accounts: no account is called x-*."),
        ("--accounts 222222222222 kinesisvideo list-streams", "--accounts needs --assume-role NAME"),
        ("--regions us-east-1 --max-concurrency 0 kinesisvideo list-streams", "--max-concurrency is at least 1."),
        ("--regions us-east-1,eu-west-1 kinesisvideo delete-stream --stream-arn x",
         "kinesisvideo delete-stream in 2 places may change something in each: say --yes."),
        ("--regions us-east-1 kinesisvideo list-stream", "Found invalid choice 'list-stream'"),
        ("--regions us-east-1 kinesisvideo list-streams --nope", "Unknown options: --nope"),
    ],
)  # fmt: skip
def test_words_that_name_nothing_are_refused_before_any_place_is_asked(org, words, says):
    done = org(words)
    assert done.code == 252
    assert says in done.stderr
    assert not [request for request in org.service.requests if request.path.endswith("Stream")]


def test_what_changes_something_goes_on_with_yes(org):
    assert org("--regions us-east-1,eu-west-1 kinesisvideo delete-stream --stream-arn x --yes").code == 0
    assert len(org.service.requests) == 2


def test_the_options_of_an_operation_win_behind_it(org):
    org.service.always(lambda request: answer(200, "<CreateStackInstancesResponse><CreateStackInstancesResult><OperationId>o"
                                              "</OperationId></CreateStackInstancesResult></CreateStackInstancesResponse>"))  # fmt: skip
    done = org("--regions us-east-1,eu-west-1 --yes cloudformation create-stack-instances --stack-set-name s "
               "--accounts 222222222222 --regions us-west-1 us-west-2")  # fmt: skip
    assert done.code == 0
    assert sorted(place(request)[1] for request in org.service.requests) == ["eu-west-1", "us-east-1"]
    assert {request.form["Regions.member.2"] for request in org.service.requests} == {"us-west-2"}
    alone = org("cloudformation create-stack-instances --stack-set-name s --accounts 222222222222 --regions us-west-1")
    assert alone.json == {"OperationId": "o"}


def test_a_command_that_no_model_describes_runs_everywhere_too(org):
    done = org("--profiles dev-* configure get region")
    assert [each["Output"] for each in done.json] == ["eu-west-1\n", "eu-west-2\n"]
    assert org("--profiles dev-* configure get region --output text").stdout.splitlines() == [
        "dev-a\teu-west-1",
        "dev-b\teu-west-2",
    ]


@pytest.mark.parametrize(
    ("words", "reads"),
    [
        ("ec2 describe-instances", True), ("s3api head-object", True), ("dynamodb batch-get-item", True),
        ("s3 ls", True), ("ssm wait x", True), ("sts get-caller-identity", True),
        ("ec2 run-instances", False), ("s3 cp", False), ("dynamodb batch-write-item", False), ("ses verify-email-identity", False),
        ("apigateway test-invoke-method", False), ("license-manager check-in-license", False), ("x unknown-verb", False),
    ],
)  # fmt: skip
def test_what_only_reads(words, reads):
    assert only_reads(words.split()) is reads
