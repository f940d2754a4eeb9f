import pytest

from awsmini.errors import ParamValidationError
from tests.command_line import built

OBJECTS = "s3api list-objects-v2 --bucket b"


@pytest.mark.parametrize(
    ("line", "config", "paginate"),
    [
        (OBJECTS, None, True),
        (f"{OBJECTS} --max-items 3", {"MaxItems": 3}, True),
        (f"{OBJECTS} --page-size 2 --starting-token t", {"PageSize": 2, "StartingToken": "t"}, True),
        (f"{OBJECTS} --max-keys 1", None, False),
        (f"{OBJECTS} --continuation-token t", None, False),
        (f"{OBJECTS} --prefix p", None, True),
        # members of the same names as our own options: giving those is no paging by hand
        ("elbv2 describe-load-balancers --page-size 1", {"PageSize": 1}, True),
        ("omics list-runs --starting-token t", {"StartingToken": "t"}, True),
        ("elbv2 describe-load-balancers --marker m", None, False),
        ("kinesis list-streams", None, True),
        ("kinesis list-streams --exclusive-start-stream-name a", None, False),
        ("ec2 describe-volumes", {"PageSize": 1000}, True),
        ("ec2 describe-volumes --dry-run", {"PageSize": 1000}, True),
        ("ec2 describe-volumes --max-items 5", {"MaxItems": 5, "PageSize": 1000}, True),
        ("ec2 describe-volumes --page-size 5", {"PageSize": 5}, True),
        ("ec2 describe-volumes --volume-ids v", None, True),
        ("ec2 describe-snapshots --owner-ids self", {"PageSize": 1000}, True),
        ("ec2 describe-snapshots --filters Name=a,Values=b", None, True),
        ("ec2 wait volume-available", None, True),
    ],
)
def test_paging(line, config, paginate):
    params, pages = built(line)
    assert params.get("PaginationConfig") == config
    assert pages is paginate


def test_without_paging_nothing_is_injected():
    assert built("ec2 describe-volumes", paginate=False) == ({}, False)


@pytest.mark.parametrize(
    ("line", "paginate", "options"),
    [
        (f"{OBJECTS} --max-items 1", False, "--max-items"),
        (
            f"{OBJECTS} --max-items 1 --page-size 2 --starting-token x",
            False,
            "--starting-token, --page-size, --max-items",
        ),
        (f"{OBJECTS} --max-keys 1 --max-items 1", True, "--max-items"),
        ("kinesis list-streams --exclusive-start-stream-name a --page-size 1", True, "--page-size"),
        ("route53 list-hosted-zones --marker m --page-size 5", True, "--page-size"),
    ],
)
def test_paging_options_without_paging(line, paginate, options):
    with pytest.raises(ParamValidationError) as error:
        built(line, paginate=paginate)
    assert str(error.value) == f"Cannot specify --no-paginate along with pagination arguments: {options}"


def test_the_apis_own_option_comes_back():
    assert built("route53 list-hosted-zones --max-items 5").params == {"PaginationConfig": {"MaxItems": "5"}}
    assert built("route53 list-hosted-zones --max-items 5", paginate=False) == ({"MaxItems": "5"}, False)
    assert built("route53 list-hosted-zones --marker m --max-items 5") == ({"MaxItems": "5", "Marker": "m"}, False)


@pytest.mark.parametrize(("number", "warns"), [("0", True), ("-1", True), ("1", False)])
def test_max_items_below_one_warns(number, warns):
    said = []
    built(f"{OBJECTS} --max-items {number}", warn=said.append)
    assert said == (
        ["warning: Non-positive values for --max-items may result in undefined behavior.\n"] if warns else []
    )
