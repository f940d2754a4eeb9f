"""Names of the output in --query."""

import pytest

LINE = "aws ec2 describe-instances --query "


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Res", ["Reservations"]),
        ("Reservations[].Inst", ["Reservations[].Instances"]),
        ("Reservations[*].Instances[0].Pub", ["Reservations[*].Instances[0].Public" + end for end in ("DnsName", "IpAddress")]),
        ("'Reservations[].Instances[?a==`b`].State.", ["Reservations[].Instances[?a==`b`].State." + end for end in ("Code", "Name")]),
        ("Reservations.Inst", []),
        ("Reservations[].Nope.", []),
        ("Reservations[].Instances[].State.Name.", []),
        ("Reservations[]|[0].I", []),
        ("sort_by(Res", []),
    ],
)  # fmt: skip
def test_names(completed, text, candidates):
    assert sorted(completed(LINE + text)) == sorted(candidates)


def test_maps_and_operations_without_output(completed):
    assert completed("aws sqs get-queue-attributes --query Attri") == ["Attributes"]
    assert completed("aws sqs delete-queue --query A") == []
    assert completed("aws sqs --query A") == []
