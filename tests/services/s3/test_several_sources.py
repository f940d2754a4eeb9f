"""Several sources in one command: named, in a list, or by wildcards."""

import os

import pytest

from awsmini.services.s3 import wildcards
from tests.services.s3.stand_in import NOW


def keys(s3, bucket="b"):
    return sorted(s3.buckets.get(bucket, {}))


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("path", "root", "pattern"),
    [
        ("s3://b/logs/2026-*/*.gz", "s3://b/logs/", "2026-*/*.gz"),
        ("s3://b/*", "s3://b/", "*"),
        ("s3://b/a?", "s3://b/", "a?"),
        ("s3://b/x/a[bc]/d", "s3://b/x/", "a[bc]/d"),
        ("s3://arn:aws:s3:us-east-1:123456789012:accesspoint/ap/x/*", "s3://arn:aws:s3:us-east-1:123456789012:accesspoint/ap/x/", "*"),
        ("d/*.txt", "d/", "*.txt"),
        ("*.txt", "", "*.txt"),
        ("/d/**", "/d/", "**"),
    ],
)  # fmt: skip
def test_where_a_pattern_begins(path, root, pattern):
    assert wildcards.split(path) == (root, pattern)


@pytest.mark.parametrize("path", ["s3://b/a", "d/f", "s3://b*"])
def test_paths_without_wildcards(path):
    assert wildcards.split(path) is None


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("*.gz", ["a.gz", ".gz"], ["a.gzx", "d/a.gz", "a_gz"]),
        ("2026-*/*.gz", ["2026-01/a.gz", "2026-/b.gz"], ["2026-01/x/a.gz", "2025-01/a.gz"]),
        ("**/*.gz", ["a.gz", "d/e/a.gz"], ["a.gz/b"]),
        ("**", ["a", "a/b", ""], []),
        ("a**z", ["az", "a/b/z"], ["b/z"]),
        ("?", ["a", "ä", "\n"], ["/", "ab"]),
        ("[abc]x", ["ax", "cx"], ["dx", "x"]),
        ("[!abc]x", ["dx"], ["ax", "/x", "x"]),
        ("[^a]", ["b"], ["a", "/"]),
        ("[a-c]", ["b"], ["d", "-"]),
        ("[]]", ["]"], ["["]),
        ("[", ["["], ["a"]),
        ("[]", ["[]"], []),
        ("a.b+(c)", ["a.b+(c)"], ["aXb+(c)"]),
        ("[a&&b]", ["&", "a", "b"], ["c"]),
    ],
)
def test_what_a_pattern_fits(pattern, fits, fits_not):
    matches = wildcards.matcher(pattern, recursive=False)
    assert [text for text in (*fits, *fits_not) if matches(text)] == fits


def test_what_lies_below_what_fits():
    matches = wildcards.matcher("2026-*/", recursive=True)
    assert [text for text in ("2026-1", "2026-1/a", "2026-1/a/b", "2025/2026-1/a") if matches(text)] == [
        "2026-1",
        "2026-1/a",
        "2026-1/a/b",
    ]


@pytest.fixture
def logs(s3):
    for name in ("2025-12/a.gz", "2026-01/a.gz", "2026-01/b.txt", "2026-02/a.gz", "2026-02/deep/c.gz", "top.gz"):
        s3.put("b", f"logs/{name}", name.encode())
    return s3


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize("target", ["x/", "there"])
def test_objects_that_fit_come_down(aws_s3, s3, target):
    (aws_s3.home / "there").mkdir()
    done = aws_s3(["s3", "cp", "s3://b/logs/2026-*/*.gz", target, "--no-progress"])
    assert (done.code, done.stderr) == (0, "")
    assert files(aws_s3.home / target) == ["2026-01/a.gz", "2026-02/a.gz"]
    assert (aws_s3.home / target / "2026-02/a.gz").read_text() == "2026-02/a.gz"
    assert next(request for request in s3.log if request.method == "GET").query["prefix"] == "logs/2026-"


@pytest.mark.usefixtures("logs")
def test_filters_count_too(aws_s3):
    assert aws_s3(["s3", "cp", "s3://b/logs/**", "x/", "--exclude", "2026-02/*", "--exclude", "*.txt"]).code == 0
    assert files(aws_s3.home / "x") == ["2025-12/a.gz", "2026-01/a.gz", "top.gz"]


@pytest.mark.usefixtures("logs")
def test_prefixes_that_fit_come_down_with_all_below_them(aws_s3):
    assert aws_s3(["s3", "cp", "s3://b/logs/2026-*", "x/", "--recursive"]).code == 0
    assert files(aws_s3.home / "x") == ["2026-01/a.gz", "2026-01/b.txt", "2026-02/a.gz", "2026-02/deep/c.gz"]


@pytest.mark.usefixtures("logs")
def test_objects_that_fit_move(aws_s3, s3):
    s3.bucket("c")
    done = aws_s3(["s3", "mv", "s3://b/logs/*/a.gz", "s3://c/new/", "--no-progress"])
    assert done.code == 0
    assert keys(s3, "c") == ["new/2025-12/a.gz", "new/2026-01/a.gz", "new/2026-02/a.gz"]
    assert keys(s3) == ["logs/2026-01/b.txt", "logs/2026-02/deep/c.gz", "logs/top.gz"]
    done = aws_s3(["s3", "mv", "s3://b/logs/*", "s3://b/logs/"])
    assert done.code == 252
    assert "Cannot mv a file onto itself" in done.stderr


@pytest.mark.usefixtures("logs")
def test_objects_that_fit_go(aws_s3, s3):
    done = aws_s3(["s3", "rm", "s3://b/logs/2026-*/*"])
    assert (done.code, done.stderr) == (0, "")
    assert keys(s3) == ["logs/2025-12/a.gz", "logs/2026-02/deep/c.gz", "logs/top.gz"]
    assert [request.method for request in s3.log] == ["HEAD", "GET", "POST"]
    assert aws_s3(["s3", "rm", "s3://b/logs/20*", "--recursive"]).code == 0
    assert keys(s3) == ["logs/top.gz"]


@pytest.mark.parametrize("line", ["cp {} x/", "mv {} x/", "rm {}", "cp {} s3://b/to/"])
def test_nothing_fits(aws_s3, s3, line):
    s3.put("b", "a", b"x")
    done = aws_s3(["s3", *line.format("s3://b/q*").split()])
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr == f"{line.split()[0]} failed: s3://b/q* Nothing fits this pattern.\n"
    assert keys(s3) == ["a"]


@pytest.mark.parametrize("recursive", [False, True])
@pytest.mark.parametrize("command", ["cp", "mv", "rm"])
def test_a_key_of_that_very_name_comes_first(aws_s3, s3, command, recursive):
    name = "a*/k" if recursive else "a*"
    s3.put("b", name, b"x")
    s3.put("b", "ab/k" if recursive else "ab", b"y")
    target = [] if command == "rm" else ["out"]
    done = aws_s3(["s3", command, "s3://b/a*", *target, *(["--recursive"] if recursive else [])])
    assert done.code == 0
    if target:
        assert (aws_s3.home / ("out/k" if recursive else "out")).read_text() == "x"
    assert keys(s3) == (["ab/k" if recursive else "ab"] if command != "cp" else sorted([name, name.replace("*", "b")]))


def test_files_that_fit_go_up(aws_s3, s3):
    for name in ("d/a.gz", "d/b.gz", "d/b.txt", "d/e/c.gz", "d/.h.gz", "x.gz"):
        aws_s3.write(name, "x")
    assert aws_s3(["s3", "cp", "d/*.gz", "s3://b/one/"]).code == 0
    assert aws_s3(["s3", "cp", "*.gz", "s3://b/two/"]).code == 0
    assert aws_s3(["s3", "cp", "d/**/*.gz", "s3://b/three/"]).code == 0
    assert aws_s3(["s3", "cp", "*", "s3://b/four/", "--recursive", "--exclude", "*.txt"]).code == 0
    assert keys(s3) == [
        "four/d/.h.gz", "four/d/a.gz", "four/d/b.gz", "four/d/e/c.gz", "four/x.gz", "one/a.gz", "one/b.gz",
        "three/a.gz", "three/b.gz", "three/e/c.gz", "two/x.gz",
    ]  # fmt: skip
    done = aws_s3(["s3", "cp", "*.nothing", "s3://b/"])
    assert (done.code, done.stderr) == (1, "cp failed: ./*.nothing Nothing fits this pattern.\n")


def test_a_file_of_that_very_name_comes_first(aws_s3, s3):
    aws_s3.write("a*", "x")
    aws_s3.write("ab", "y")
    assert aws_s3(["s3", "cp", "a*", "s3://b/k"]).code == 0
    assert s3.buckets["b"]["k"].body == b"x"


# Several


def test_several_files(aws_s3, s3):
    for name in ("a", "d/b", "c"):
        aws_s3.write(name, name)
    done = aws_s3("s3 cp a d/b c s3://b/to/ --no-progress")
    assert (done.code, done.stderr) == (0, "")
    assert sorted(done.stdout.splitlines()) == [
        "upload: ./a to s3://b/to/a",
        "upload: ./c to s3://b/to/c",
        "upload: d/b to s3://b/to/b",
    ]
    assert aws_s3("s3 mv a c s3://b").code == 0
    assert keys(s3) == ["a", "c", "to/a", "to/b", "to/c"]
    assert files(aws_s3.home) == ["d/b"]


def test_several_objects(aws_s3, s3):
    for name in ("a", "d/b", "c", "x1", "x2"):
        s3.put("b", name, name.encode())
    assert aws_s3(["s3", "cp", "s3://b/a", "s3://b/d/b", "s3://b/x*", "."]).code == 0
    assert files(aws_s3.home) == ["a", "b", "x1", "x2"]
    assert (aws_s3.home / "a").stat().st_mtime == NOW.timestamp()
    assert aws_s3("s3 cp s3://b/a s3://b/c s3://b/to/").code == 0
    assert keys(s3) == ["a", "c", "d/b", "to/a", "to/c", "x1", "x2"]
    s3.log.clear()
    assert aws_s3("s3 rm s3://b/a s3://b/d/b s3://b/to/a").code == 0
    assert keys(s3) == ["c", "to/c", "x1", "x2"]
    assert [request.method for request in s3.log] == ["POST"]


def test_one_of_several_is_not_there(aws_s3, s3):
    s3.put("b", "a", b"a")
    s3.put("b", "c", b"c")
    done = aws_s3("s3 cp s3://b/a s3://b/missing s3://b/c . --no-progress")
    assert done.code == 1
    assert done.stderr == (
        "cp failed: s3://b/missing An error occurred (404) when calling the HeadObject operation: "
        'Key "missing" does not exist\n'
    )
    assert files(aws_s3.home) == ["a", "c"]
    done = aws_s3("s3 cp a nowhere s3://b/to/")
    assert done.code == 255
    assert "The user-provided path nowhere does not exist." in done.stderr
    assert keys(s3) == ["a", "c"]


@pytest.mark.parametrize("command", ["cp", "mv"])
def test_no_source_is_lost_behind_another(aws_s3, s3, command):
    aws_s3.write("d/a", "1")
    aws_s3.write("e/a", "2")
    done = aws_s3(f"s3 {command} d/a e/a s3://b/ --no-progress")
    assert done.code == 1
    word = "upload" if command == "cp" else "move"
    assert done.stderr == (f"{word} failed: e/a to s3://b/a Another source of this command goes to the same place.\n")
    assert s3.buckets["b"]["a"].body == b"1"
    assert (aws_s3.home / "e/a").read_text() == "2"


def test_several_folders_keep_their_names(aws_s3, s3):
    for name in ("d/a", "e/s/a", "f"):
        aws_s3.write(name, name)
    assert aws_s3("s3 cp d e f s3://b/to/ --recursive").code == 0
    assert keys(s3) == ["to/d/a", "to/e/s/a", "to/f"]
    assert aws_s3("s3 cp s3://b/to/d s3://b/to/e/ x/ --recursive").code == 0
    assert files(aws_s3.home / "x") == ["d/a", "e/s/a"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("cp a c s3://b/k", "The destination of several sources has to be a folder, or end in a slash: s3://b/k does not."),
        ("cp s3://b/x s3://b/y file", "has to be a folder, or end in a slash: file does not."),
        ("cp s3://b/x* file", "has to be a folder, or end in a slash: file does not."),
        ("cp a s3://b/x s3://b/to/", "The sources are partly files and partly in S3. They have to be of one kind."),
        ("cp a - s3://b/to/", "A stream cannot be one of several sources."),
        ("cp s3://b/x s3://b/y -", "Several sources cannot go to a stream."),
        ("cp a c d/", "Error: Invalid argument type"),
        ("rm s3://b/x file", "Error: Invalid argument type"),
        ("cp a s3://b/ --null", "--null needs --from-file."),
        ("cp s3://b/x s3://b/y d/ --case-conflict skip", "--case-conflict does not go with several sources."),
    ],
)  # fmt: skip
def test_sources_that_do_not_go_together(aws_s3, s3, line, told):
    for name in ("a", "c", "file"):
        aws_s3.write(name, "x")
    (aws_s3.home / "d").mkdir()
    done = aws_s3(["s3", *line.split()])
    assert done.code == 252
    assert told in done.stderr
    assert not [request for request in s3.log if request.method in ("PUT", "DELETE", "POST")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("cp a", "the following arguments are required: paths"),
        ("cp", "the following arguments are required: paths"),
        ("rm", "the following arguments are required: paths"),
        ("cp a --quiet s3://b", "the following arguments are required: paths"),
        ("cp --from-file l", "the following arguments are required: paths"),
        ("sync a s3://b s3://c", "Unknown options: s3://c"),
    ],
)
def test_too_few_words(aws_s3, line, told):
    done = aws_s3(f"s3 {line}")
    assert done.code == 252
    assert told in done.stderr


# Lists


@pytest.mark.parametrize(
    ("text", "options"),
    [("a\nd/*\n\nc", ""), ("a\r\nd/*\r\nc\r\n", ""), ("a\0d/*\0c\0", "--null")],
)
@pytest.mark.parametrize("name", ["list", "-"])
def test_a_list_of_files(aws_s3, s3, text, options, name):
    for path in ("a", "d/*", "d/x", "c"):
        aws_s3.write(path, path)
    aws_s3.write("list", text)
    done = aws_s3(f"s3 cp --from-file {name} s3://b/to/ {options}", stdin=text)
    assert (done.code, done.stderr) == (0, "")
    assert keys(s3) == ["to/*", "to/a", "to/c"]


def test_a_list_beside_words(aws_s3, s3):
    for name in ("a", "b", "new\nline"):
        aws_s3.write(name, "x")
    aws_s3.write("list", "new\nline\0")
    assert aws_s3("s3 mv a s3://b --from-file list --null").code == 0
    assert keys(s3) == ["a", "new\nline"]


def test_a_list_of_objects(aws_s3, s3):
    for name in ("a", "b*", "bc"):
        s3.put("b", name, b"x")
    aws_s3.write("list", "s3://b/a\ns3://b/b*\n")
    assert aws_s3("s3 cp --from-file list .").code == 0
    assert files(aws_s3.home) == ["a", "b*", "list"]
    assert aws_s3("s3 rm --from-file list --dryrun").stdout == (
        "(dryrun) delete: s3://b/a\n(dryrun) delete: s3://b/b*\n"
    )
    assert aws_s3("s3 rm --from-file list").code == 0
    assert keys(s3) == ["bc"]


@pytest.mark.parametrize("line", ["cp --from-file {} s3://b/", "mv --from-file {} s3://b/", "rm --from-file {}"])
def test_lists_that_are_none(aws_s3, s3, line):
    aws_s3.write("empty", "\n\n")
    for name, told in {
        "missing": "--from-file: missing cannot be read: No such file or directory",
        ".": "--from-file: . cannot be read: Is a directory",
        "empty": "--from-file: empty has no source.",
    }.items():
        done = aws_s3(f"s3 {line.format(name)}")
        assert done.code == 1
        assert done.stderr == f"fatal error: {told}\n"
    assert not s3.log


def test_names_that_are_no_text(aws_s3, s3):
    path = os.fsencode(aws_s3.home) + b"/f\xff"
    try:
        with open(path, "wb") as file:
            file.write(b"x")
    except OSError:
        pytest.skip("the file system takes text alone")
    done = aws_s3("s3 cp --from-file - s3://b/", stdin=b"f\xff\n")
    assert done.code in (0, 1)
    assert "Traceback" not in done.stderr


# ls


def listed(aws, path, *options):
    done = aws(["s3", "ls", path, *options])
    assert done.stderr == ""
    return done.code, [
        line.split(None, 1)[1] if "PRE" in line else line.split()[-1] for line in done.stdout.splitlines()
    ]


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(
    ("path", "options", "lines"),
    [
        ("s3://b/logs/2026-*/*.gz", [], ["logs/2026-01/a.gz", "logs/2026-02/a.gz"]),
        ("s3://b/logs/2026-*", [], ["logs/2026-01/", "logs/2026-02/"]),
        ("s3://b/logs/2026-*/", [], ["logs/2026-01/", "logs/2026-02/"]),
        ("s3://b/logs/2026-02/*", [], ["logs/2026-02/deep/", "logs/2026-02/a.gz"]),
        ("s3://b/logs/2026-02*", ["--recursive"], ["logs/2026-02/a.gz", "logs/2026-02/deep/c.gz"]),
        ("s3://b/**/c.gz", [], ["logs/2026-02/deep/c.gz"]),
        ("b/l?gs/top*", [], ["logs/top.gz"]),
    ],
)
def test_listing_what_fits(aws_s3, path, options, lines):
    for page_size in ("1", "1000"):
        code, found = listed(aws_s3, path, *options, "--page-size", page_size)
        assert (code, sorted(found)) == (0, sorted(lines))


def test_listing_a_prefix_of_that_very_name(aws_s3, s3):
    s3.put("b", "a*b", b"x")
    s3.put("b", "acb", b"x")
    assert listed(aws_s3, "s3://b/a*") == (0, ["a*b"])


@pytest.mark.usefixtures("logs")
def test_listing_where_nothing_fits(aws_s3):
    done = aws_s3(["s3", "ls", "s3://b/q*"])
    assert (done.code, done.stdout, done.stderr) == (1, "", "ls failed: s3://b/q* Nothing fits this pattern.\n")
