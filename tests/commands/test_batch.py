"""`awsmini batch`: the lines it reads, what it shares between them, and how it goes on after it was killed."""

import io
import json
import os
import random
import shlex
import signal
import subprocess
import sys
import time

import pytest

from awsmini.commands.batch.lines import Item, read, split
from awsmini.commands.batch.outcome import Tally
from awsmini.errors import ParamValidationError
from tests import servers
from tests.terminal import PROJECT

PARAMETER = {"Parameter": {"Name": "n", "Value": "v"}}
NOT_FOUND = {"__type": "ParameterNotFound", "message": "no"}


def parameters(request: servers.Received) -> servers.Answer:
    """SSM, which has every parameter but those whose names say otherwise."""
    name = request.json["Name"]
    if "missing" in name:
        return servers.answer(400, NOT_FOUND)
    return servers.answer(200, {"Parameter": {"Name": name, "Value": "v"}})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ssm get-parameter --name a", ["ssm", "get-parameter", "--name", "a"]),
        ("a 'b c'  \"d e\" f\\ g", ["a", "b c", "d e", "f g"]),
        ("a --query 'x[?y>`1`] | [0]'", ["a", "--query", "x[?y>`1`] | [0]"]),
        ("a  # a note", ["a"]),
        ("a b#c '#d' \"#e\"", ["a", "b#c", "#d", "#e"]),
        ("a '$HOME' '$(x)' \"1$ 2$.\"", ["a", "$HOME", "$(x)", "1$ 2$."]),
        (r"a \$HOME \| \#", ["a", "$HOME", "|", "#"]),
        ("a *.txt ~ {b,c}", ["a", "*.txt", "~", "{b,c}"]),
        ('a "é \\" \\\\ x"', ["a", 'é " \\ x']),
    ],
)
def test_a_line_has_the_words_that_a_shell_would_find(text, words):
    assert split(text) == words


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a | b", "| is for a shell"),
        ("a > b", "> is for a shell"),
        ("a; b", "; is for a shell"),
        ("a & b", "& is for a shell"),
        ("a `b`", "` is for a shell"),
        ("a $HOME", "$H is for a shell: in single quotes it is taken as it is"),
        ('a "x ${HOME}"', "${ is for a shell"),
        ('a "$(date)"', "$( is for a shell"),
        ("a 'b", "No closing quotation"),
        ('a "b', "No closing quotation"),
    ],
)
def test_what_only_a_shell_can_do_is_refused(text, says):
    with pytest.raises(ValueError, match=r".*") as error:
        split(text)
    assert says in str(error.value)


def items(text: str, template: str | None = None) -> list[Item]:
    return list(read(io.StringIO(text, newline=""), template))


@pytest.mark.parametrize(
    ("text", "template", "expected"),
    [
        ("aws sts get-caller-identity\r\n\n# note\nawsmini s3 ls\nec2 x", None,
         [Item(1, ("sts", "get-caller-identity")), Item(4, ("s3", "ls")), Item(5, ("ec2", "x"))]),
        ('{"id":"a","args":["ssm","x","a\\nb"]}\n{"args":["aws","s3","ls"]}', None,
         [Item("a", ("ssm", "x", "a\nb")), Item(2, ("s3", "ls"))]),
        ("name,value\na,1\n\"b c\",'\n", "aws ssm x --name {name} --value={value}{value}",
         [Item(2, ("ssm", "x", "--name", "a", "--value=11")), Item(3, ("ssm", "x", "--name", "b c", "--value=''"))]),
        ("n\tm\na b\t2\n", "x {n} '{{n}}' {m}", [Item(2, ("x", "a b", "{n}", "2"))]),
        ('{"n":"a","m":{"k":1},"id":7}', "x {n} {m}", [Item(7, ("x", "a", '{"k": 1}'))]),
        ("", "x {n}", []),
        ("\ufeffs3 ls\r\n", None, [Item(1, ("s3", "ls"))]),
        ("\ufeffname\r\na\r\n", "x {name}", [Item(2, ("x", "a"))]),
        ('{"n":1,"id":0}\n{"n":2,"id":""}', "x {n}", [Item(0, ("x", "1")), Item(2, ("x", "2"))]),
        ("n\n" + "y" * 200_000, "x {n}", [Item(2, ("x", "y" * 200_000))]),
    ],
)  # fmt: skip
def test_the_lines_of_a_batch(text, template, expected):
    assert items(text, template) == expected


@pytest.mark.parametrize(
    ("text", "template", "problem"),
    [
        ("{not json", None, "line 1 is no JSON"),
        ('{"a":' * 100_000, None, "line 1 is no JSON"),
        ('{"n":1}\n[1]', "x {n}", "line 2 is no JSON object"),
        ('{"id":1}', None, 'line 1: "args" has to be a list of strings'),
        ('{"args":[1]}', None, '"args" has to be a list of strings'),
        ('{"n":1}\n{"m":1}', "x {n}", "line 2 has no n"),
        ("n,m\n1", "x {m}", "line 2 has no m"),
    ],
)
def test_a_line_that_cannot_be_run_says_why(text, template, problem):
    assert problem in items(text, template)[-1].problem


def test_a_column_that_no_row_has_is_refused():
    with pytest.raises(ParamValidationError, match="the rows have no column nane; they have name"):
        items("name\na\n", "x {nane}")


def test_lines_run_and_write_what_they_write_alone(aws):
    aws.service.always(parameters)
    aws.write(
        "lines", "aws ssm get-parameter --name a --query Parameter.Name\nssm get-parameter --name missing\nnosuch\n"
    )
    done = aws("batch -j 1 --keep-order lines")
    assert done.code == 1
    assert done.stdout == '"a"\n'
    alone = [aws("ssm get-parameter --name missing").stderr, aws("nosuch").stderr]
    assert done.stderr == "".join(alone) + "awsmini batch: 1 done, 2 failed.\n"


def test_lines_share_connections_and_their_order_can_be_kept(aws):
    aws.service.always(parameters)
    lines = "".join(f"ssm get-parameter --name p{n} --query Parameter.Name --output text\n" for n in range(200))
    done = aws("batch -j8 --keep-order", stdin=lines)
    assert done.code == 0
    assert done.stdout.split() == [f"p{n}" for n in range(200)]
    assert aws.service.connections <= 8
    assert len(aws.service.requests) == 200


def test_a_client_is_of_its_line_in_region_profile_and_user_agent(aws):
    aws.service.always(
        lambda request: servers.answer(200, PARAMETER if b"Name" in request.body else {"Parameters": []})
    )
    aws.write(".aws/config", "[profile other]\nregion=eu-west-2\n[default]\nregion=eu-west-1\n")
    aws.write(".aws/credentials", "[other]\naws_access_key_id=OTHER\naws_secret_access_key=x\n")
    del aws.env["AWS_DEFAULT_REGION"]
    lines = ["ssm get-parameter --name 1", "ssm get-parameter --name 2 --region eu-west-3",
             "ssm get-parameter --name 3 --profile other", "ssm describe-parameters"]  # fmt: skip
    assert aws("batch -j1", stdin="\n".join(lines)).code == 0
    seen = [
        (request.headers["Authorization"].split("Credential=")[1].split("/")[::2][:2], "md/command#" in request.headers["User-Agent"]
         and request.headers["User-Agent"].split("md/command#")[1].split()[0]) for request in aws.service.requests
    ]  # fmt: skip
    assert [scope for scope, _ in seen] == [
        ["AKIDEXAMPLE", "eu-west-1"], ["AKIDEXAMPLE", "eu-west-3"], ["OTHER", "eu-west-2"], ["AKIDEXAMPLE", "eu-west-1"],
    ]  # fmt: skip
    assert [agent for _, agent in seen] == [*["ssm.get-parameter"] * 3, "ssm.describe-parameters"]


def test_global_options_before_it_hold_for_every_line(aws):
    aws.service.always(parameters)
    done = aws("--region ap-south-1 --output text --query Parameter.Name batch -j1",
               stdin="ssm get-parameter --name a\nssm get-parameter --name b --output json\n")  # fmt: skip
    assert done.stdout == 'a\n"b"\n'
    assert all("/ap-south-1/ssm/" in request.headers["Authorization"] for request in aws.service.requests)


def test_results_are_records_of_all_lines(aws):
    aws.service.always(parameters)
    aws.write("rows.csv", "name\nä 'b'\nmissing\n")
    done = aws("batch rows.csv -j1 --template 'ssm get-parameter --name {name} --query Parameter.Name' --results out")
    assert done.code == 1
    first, second = map(json.loads, (aws.home / "out").read_text().splitlines())
    assert first.pop("seconds") >= 0
    assert first == {"id": 2, "exit_code": 0, "stdout": '"ä \'b\'"\n', "stderr": "",
                     "args": ["ssm", "get-parameter", "--name", "ä 'b'", "--query", "Parameter.Name"]}  # fmt: skip
    assert second["exit_code"] == 254
    assert "ParameterNotFound" in second["stderr"]


def test_nothing_is_called_where_a_line_of_the_file_is_wrong(aws):
    aws.write("lines", "ssm get-parameter --name a\nssm get-parameter --name $X\n")
    message = aws("batch lines").message
    assert "line 2: $X is for a shell" in message
    assert aws.service.requests == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("batch -j0 lines", "--jobs is at least 1."),
        ("batch --rate often lines", "--rate: often is no rate such as 10/s, 300/m or 5000/h."),
        ("batch --rate 0/s lines", "is no rate"),
        ("batch lines --template ''", "--template has no words."),
        ("batch lines --template 'x {y}'", "the rows have no column y"),
        ("batch lines --journal no/such/folder", "--journal: no/such/folder: No such file or directory"),
        ("batch lines --results no/such/folder", "--results: no/such/folder: No such file or directory"),
        ("batch lines --journal lines", "--journal: lines is no journal of a batch."),
        ("batch --keep-order nosuch", "nosuch: No such file or directory"),
        ("batch submit-jbo", "Found invalid choice 'submit-jbo'"),
        ("batch lines more", "Unknown options: more"),
    ],
)
def test_bad_options_are_told_before_anything_runs(aws, words, says):
    aws.write("lines", "ssm get-parameter --name a\n")
    assert says in aws(words).message
    assert aws.service.requests == []


def test_an_operation_of_the_service_of_that_name_stays_one(aws):
    aws.service.replies(200, {"jobQueues": []})
    assert aws("batch describe-job-queues").json == {"jobQueues": []}
    assert aws.service.request.target == "/v1/describejobqueues"


def test_no_line_is_begun_after_a_failure_where_that_is_asked(aws):
    aws.service.always(parameters)
    lines = ["ssm get-parameter --name missing"] + [f"ssm get-parameter --name p{n}" for n in range(50)]
    assert aws("batch -j1 --stop-on-error", stdin="\n".join(lines)).code == 1
    assert len(aws.service.requests) < 10  # those that were taken before the failure was seen


def test_lines_are_begun_at_the_rate_asked_for(aws):
    aws.service.always(parameters)
    began = time.monotonic()
    assert aws("batch -j4 --rate 20/s", stdin="ssm get-parameter --name a\n" * 7).code == 0
    assert time.monotonic() - began >= 6 / 20 * 0.9


def test_large_and_odd_words_arrive(aws):
    aws.service.always(parameters)
    names = ["x" * 100_000, "a\nb\tc", "ü😀", "'\"\\", "--dashes"]
    records = "\n".join(
        json.dumps({"id": i, "args": ["ssm", "get-parameter", f"--name={name}"]}) for i, name in enumerate(names)
    )
    assert aws("batch -j1 --keep-order", stdin=records).code == 0
    assert [request.json["Name"] for request in aws.service.requests] == names


def test_a_file_is_read_and_stdin_is_not_the_lines(aws):
    aws.service.always(parameters)
    aws.write("name", "from a file")
    aws("batch -j1", stdin="ssm get-parameter --name file://name\nssm get-parameter --name file:///dev/null\n")
    assert aws.service.requests[0].json["Name"] == "from a file"


def test_the_tally_tells_what_was_done_before():
    tally = Tally()
    for code, before in ((0, True), (1, True), (0, False), (None, False)):
        tally.count(code, before=before)
    assert (
        str(tally)
        == "2 done, 1 failed, 1 unknown (under way when an earlier run was killed); 2 of them in earlier runs"
    )


def test_a_journal_makes_a_run_go_on(aws):
    aws.service.always(parameters)
    aws.write("lines", "ssm get-parameter --name a\nssm get-parameter --name missing\nssm get-parameter --name a\n")
    assert aws("batch -j1 --journal j lines").code == 1
    assert len(aws.service.requests) == 3
    assert (aws.home / "j").stat().st_mode & 0o777 == 0o600
    again = aws("batch -j1 --journal j lines")
    assert (again.code, again.stderr) == (1, "awsmini batch: 2 done, 1 failed; 3 of them in earlier runs.\n")
    assert len(aws.service.requests) == 3
    aws("batch -j1 --journal j --retry-failed lines")
    assert [request.json["Name"] for request in aws.service.requests[3:]] == ["missing"]
    aws.write("lines", "ssm get-parameter --name new\nssm get-parameter --name a\n" * 2)
    aws("batch -j1 --journal j lines")
    assert [request.json["Name"] for request in aws.service.requests[4:]] == ["new", "new"]


def test_what_was_under_way_when_a_run_was_killed_is_unknown_if_it_changes_something(aws):
    lines = ["ssm put-parameter --name a --value 1 --type String", "ssm get-parameter --name a"]
    aws.write("lines", "\n".join(lines))
    aws.service.always(lambda request: servers.answer(200, {"Version": 1}))
    assert aws("batch -j1 --journal j lines").code == 0
    journal = (aws.home / "j").read_text().splitlines()
    (aws.home / "j").write_text("\n".join([line for line in journal if '"ended"' not in line]) + '\n{"cut')
    del aws.service.requests[:]
    done = aws("batch -j1 --journal j --results r lines")
    assert done.code == 1
    assert 'unknown whether this was done: ["ssm", "put-parameter", "--name", "a"' in done.stderr
    assert [request.headers["X-Amz-Target"] for request in aws.service.requests] == ["AmazonSSM.GetParameter"]
    assert [json.loads(line)["exit_code"] for line in (aws.home / "r").read_text().splitlines()] == [None, 0]
    assert aws("batch -j1 --journal j --retry-unknown lines").code == 0
    assert aws("batch -j1 --journal j lines").code == 0


def test_an_alias_may_change_something(aws):
    aws.write(".aws/cli/alias", "[toplevel]\nwipe = !echo wiped\n[command ssm]\nget-all = put-parameter\n")
    aws.write("lines", "wipe\nssm get-all --name a\n")
    aws("batch -j1 --journal j lines")
    journal = (aws.home / "j").read_text().splitlines()
    (aws.home / "j").write_text("\n".join(line for line in journal if '"ended"' not in line) + "\n")
    done = aws("batch -j1 --journal j lines")
    assert done.stdout == ""
    assert done.stderr.count("unknown whether this was done") == 2


@pytest.mark.parametrize("count", [150, pytest.param(10_000, marks=[pytest.mark.every, pytest.mark.long])])
def test_killed_at_any_moment_every_line_is_done_once_or_named(aws, count):
    """SIGKILL again and again: what the server has seen is each line once, or a line that was told as unknown."""
    aws.service.always(lambda request: servers.answer(200, {"Version": 1}, delay=0.002))
    lines = [f"ssm put-parameter --name p{n} --value 1 --type String" for n in range(count)]
    aws.write("lines", "\n".join(lines))
    env = {**aws.env, "PYTHONPATH": str(PROJECT)}
    words = [sys.executable, "-m", "awsmini", *shlex.split("batch -j4 --journal j --results r lines")]
    chance = random.Random(5)
    for _ in range(20 if count > 1000 else 5):
        with subprocess.Popen(
            words, cwd=aws.home, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as run:
            time.sleep(chance.uniform(0.3, 1.5))
            os.kill(run.pid, signal.SIGKILL)
    done = aws.run("batch -j4 --journal j --results r lines", timeout=300)
    seen = [request.json["Name"] for request in aws.service.requests]
    unknown = [json.loads(line.split(": ", 2)[2])[3] for line in done.stderr.splitlines() if ": unknown" in line]
    assert len(seen) == len(set(seen))
    assert set(seen) | set(unknown) == {f"p{n}" for n in range(count)}
    assert done.code == (1 if unknown else 0)


def test_two_runs_do_not_share_a_journal(aws):
    fcntl = pytest.importorskip("fcntl")
    path = aws.write("j", "")
    with path.open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "is another run's, which has not ended" in aws("batch --journal j", stdin="s3 ls").message


def test_many_places_before_batch_are_those_of_each_line(aws):
    """AWS Batch, whose name it shares, is asked in many places as any other service."""
    asked = []

    def reply(request):
        if request.path == "/v1/listjobs":
            return servers.answer(200, {"jobSummaryList": []})
        asked.append((request.headers["Authorization"].split("/")[2], request.json["Name"]))
        return servers.answer(200, PARAMETER)

    aws.service.always(reply)
    lines = (
        "ssm get-parameter --name a --output ndjson\n"
        "ssm get-parameter --name b --region us-west-2\n"
        "--regions us-west-1 ssm get-parameter --name c\n"
        "ssm put-parameter --name d --value 1\n"
    )
    done = aws("--regions us-east-1,eu-west-1 --output text batch -j1 -", stdin=lines)
    assert done.code == 1
    assert "ssm put-parameter in 2 places may change something in each: say --yes." in done.stderr
    expected = {("us-east-1", "a"), ("eu-west-1", "a"), ("us-west-2", "b"), ("us-west-1", "c")}
    assert (len(asked), set(asked)) == (4, expected)
    assert sorted(done.stdout.splitlines()[:2]) == [
        f'{{"Region":"{region}","Parameter":{{"Name":"n","Value":"v"}}}}' for region in ("eu-west-1", "us-east-1")
    ]
    assert aws("--regions us-east-1,eu-west-1 --yes batch -", stdin=lines).code == 0
    assert set(asked) - expected == {("us-east-1", "d"), ("eu-west-1", "d")}
    assert aws("--regions us-east-1,eu-west-1 batch list-jobs --job-queue q --output ndjson").code == 0
