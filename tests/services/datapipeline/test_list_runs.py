"""`datapipeline list-runs` and `create-default-roles`."""

from datetime import datetime, timezone

import pytest

from tests.servers import answer

LIST = "datapipeline list-runs --pipeline-id df-1"
OBJECTS = [
    {"id": "@b", "name": "B", "fields": [{"key": "@componentParent", "refValue": "Parent"}, {"key": "@status", "stringValue": "FINISHED"},
                                         {"key": "@scheduledStartTime", "stringValue": "2024-01-02T00:00:00"}]},
    {"id": "@a", "name": "A", "fields": [{"key": "@componentParent", "refValue": "P" * 60}, {"key": "@scheduledStartTime", "stringValue": "2024-01-01T00:00:00"}]},
    {"id": "@c", "name": "C", "fields": []},
]  # fmt: skip
ROWS = """\
       Name                                                Scheduled Start      Status                 
       ID                                                  Started              Ended              
---------------------------------------------------------------------------------------------------
   1.                                                                                              
       @c                                                                                          

   2.  PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP  2024-01-01T00:00:00                         
       @a                                                                                          

   3.  Parent                                              2024-01-02T00:00:00  FINISHED               
       @b                                                                                          

"""  # noqa: W291


def test_a_table_by_time(aws):
    aws.service.replies(200, {"ids": ["@b"], "hasMoreResults": True, "marker": "m"})
    aws.service.replies(200, {"ids": ["@a", "@c"], "hasMoreResults": False})
    aws.service.replies(200, {"pipelineObjects": OBJECTS})
    outcome = aws(f"{LIST} --start-interval '2024-01-01, 2024-02-01' --status running,failed")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert [line.rstrip() for line in outcome.stdout.splitlines()] == [line.rstrip() for line in ROWS.splitlines()]
    assert aws.service.requests[0].json["query"]["selectors"] == [
        {"fieldName": "@actualStartTime", "operator": {"type": "BETWEEN", "values": ["2024-01-01", "2024-02-01"]}},
        {"fieldName": "@status", "operator": {"type": "EQ", "values": ["RUNNING", "FAILED"]}},
    ]
    assert aws.service.requests[2].json["objectIds"] == ["@b", "@a", "@c"]


def test_four_days_where_nothing_is_said(aws):
    aws.service.replies(200, {"ids": []})
    assert aws(LIST).code == 0
    first, last = aws.service.request.json["query"]["selectors"][0]["operator"]["values"]
    begin, end = (datetime.fromisoformat(each).replace(tzinfo=timezone.utc) for each in (first, last))
    assert (end - begin).days == 4
    assert abs((datetime.now(timezone.utc) - end).total_seconds()) < 60


def test_a_hundred_at_a_time(aws):
    aws.service.replies(200, {"ids": [f"@{number}" for number in range(150)]})
    aws.service.replies(200, {"pipelineObjects": []}, times=2)
    assert aws(f"{LIST} --output json").stdout == "[]\n"
    assert [len(request.json["objectIds"]) for request in aws.service.requests[1:]] == [100, 50]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--status odd", "Invalid status: odd, must be one of: waiting, pending"),
        ("--start-interval 2024", "--start-interval takes two moments with a comma in between: 2024"),
        (
            "--start-interval 2023-02-30T00:00:00,2023-03-01T00:00:00",
            "--start-interval: 2023-02-30T00:00:00 is no date",
        ),
        ("--schedule-interval 2023-02-01,2023-13-01Z", "--schedule-interval: 2023-13-01Z is no date"),
    ],
)
def test_wrong_words(aws, words, message):
    outcome = aws(f"{LIST} {words}")
    assert (outcome.code, message in outcome.message) == (252, True)


def test_roles_that_are_missing_are_made(aws):
    there = {"GetInstanceProfile": "InstanceProfile"}
    absent = "<E><Error><Code>NoSuchEntity</Code></Error></E>"
    role = "<R><CreateRoleResult><Role><RoleName>r</RoleName></Role></CreateRoleResult></R>"
    version = "<R><GetPolicyVersionResult><PolicyVersion><Document>%7B%7D</Document></PolicyVersion></GetPolicyVersionResult></R>"
    known = {
        "CreateRole": role,
        "AttachRolePolicy": "<R/>",
        "GetPolicy": "<R><GetPolicyResult><Policy><DefaultVersionId>v1</DefaultVersionId></Policy></GetPolicyResult></R>",
        "GetPolicyVersion": version,
        "GetInstanceProfile": f"<R><GetInstanceProfileResult><{there['GetInstanceProfile']}/></GetInstanceProfileResult></R>",
    }

    def respond(request):
        action = request.form["Action"]
        return answer(404, absent) if action == "GetRole" else answer(200, known[action])

    aws.service.always(respond)
    outcome = aws("datapipeline create-default-roles")
    assert outcome.code == 0
    assert outcome.json == [{"Role": {"RoleName": "r"}, "RolePolicy": {}}] * 2
    assert outcome.stderr.startswith("Deprecated: ")
    assert [request.form["Action"] for request in aws.service.requests] == [
        "GetRole", "CreateRole", "AttachRolePolicy", "GetPolicy", "GetPolicyVersion",
    ] * 2 + ["GetInstanceProfile"]  # fmt: skip
