import argparse
import random
import sys

import pytest

from awsmini.commandline.parser import check_choice, parse, parse_operation
from awsmini.errors import UsageError
from awsmini.params.arguments import Argument, flag, option
from tests.command_line import operation

OPTIONS = [
    option("queue-url", required=True),
    option("names", nargs="*"),
    option("delay", convert=int),
    option("format", choices=("base64", "raw")),
    option("mode", nargs="?", const="input"),
    option("paths", nargs="+"),
    flag("dry-run"),
    flag("no-dry-run", value=False, dest="dry_run"),
    option("name-prefix"),
]


def parsed(line: str, arguments=OPTIONS):
    return parse(line.split(), arguments, check_required=False)


@pytest.mark.parametrize(
    ("line", "values", "leftovers"),
    [
        ("", {}, []),
        ("--queue-url u", {"queue_url": "u"}, []),
        ("--queue-url=u", {"queue_url": "u"}, []),
        ("--queue-url=", {"queue_url": ""}, []),
        ("--queue-url a=b", {"queue_url": "a=b"}, []),
        ("--queue-url=a=b", {"queue_url": "a=b"}, []),
        ("--q u", {"queue_url": "u"}, []),
        ("--q=u", {"queue_url": "u"}, []),
        ("--queue-url a --queue-url b", {"queue_url": "b"}, []),
        ("--names", {"names": []}, []),
        ("--names a b --dry-run", {"names": ["a", "b"], "dry_run": True}, []),
        ("--names=a b", {"names": ["a"]}, ["b"]),
        ("--names a --names b c", {"names": ["b", "c"]}, []),
        ("--delay -1", {"delay": -1}, []),
        ("--names -1.5 -2", {"names": ["-1.5", "-2"]}, []),
        ("--dry-run --no-dry-run", {"dry_run": False}, []),
        ("--no-dry-run --dry-run", {"dry_run": True}, []),
        ("--mode", {"mode": "input"}, []),
        ("--mode x", {"mode": "x"}, []),
        ("--mode --dry-run", {"mode": "input", "dry_run": True}, []),
        ("--foo bar --dry-run baz", {"dry_run": True}, ["--foo", "bar", "baz"]),
        ("--names a -- b c", {"names": ["a"]}, ["--", "b", "c"]),
        ("-x", {}, ["-x"]),
        ("-", {}, ["-"]),
        ("--names -", {"names": ["-"]}, []),
    ],
)
def test_options(line, values, leftovers):
    assert parsed(line)[:2] == (values, leftovers)


def test_a_word_with_a_blank_is_a_value():
    assert parse(["--queue-url", "-x y"], OPTIONS).values == {"queue_url": "-x y"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--queue-url", "argument --queue-url: expected one argument"),
        ("--queue-url --dry-run", "argument --queue-url: expected one argument"),
        ("--queue-url -x", "argument --queue-url: expected one argument"),
        ("--paths", "argument --paths: expected at least one argument"),
        ("--n", "ambiguous option: --n could match --names, --no-dry-run, --name-prefix"),
        ("--name=1", "ambiguous option: --name=1 could match --names, --name-prefix"),
        ("--delay x", "argument --delay: invalid int value: 'x'"),
        ("--dry-run=true", "argument --dry-run: ignored explicit argument 'true'"),
        ("--format b", "argument --format: Found invalid choice 'b'\n"),
        ("--format base6", "argument --format: Found invalid choice 'base6'\n\nMaybe you meant:\n\n  * base64"),
    ],
)
def test_usage_errors(line, message):
    with pytest.raises(UsageError) as error:
        parsed(line)
    assert str(error.value) == message


def test_required_options_are_named_in_order():
    needed = [option("b", required=True), flag("c", required=True), option("a", required=True)]
    with pytest.raises(UsageError, match=r"^the following arguments are required: --b, --a$"):
        parse([], needed)


def test_some_options_take_no_abbreviation():
    arguments = [option("local", exact_only=True), option("log-group")]
    assert parse(["--lo", "x"], arguments).values == {"log_group": "x"}
    assert parse(["--loc", "x"], arguments).leftovers == ["--loc", "x"]
    assert parse(["--local", "x"], arguments).values == {"local": "x"}


def test_short_names():
    arguments = [flag("print0", short="-0"), option("names", nargs="*", positional=True)]
    for line in ("a b -0", "a b --print0", "-0 a b"):
        assert parse(line.split(), arguments).values == {"print0": True, "names": ["a", "b"]}
    assert parse(["a", "-1"], arguments).values == {"names": ["a", "-1"]}


def test_parsing_stops_at_the_version():
    version = flag("version", stops=True)
    outcome = parse(["sts", "--version", "--bad"], [version, option("q", required=True)])
    assert outcome.stopped is version


def test_an_ambiguity_anywhere_comes_first():
    with pytest.raises(UsageError, match="ambiguous"):
        parse(["--version", "--n", "x"], [*OPTIONS, flag("version", stops=True)])


def test_near_names_are_suggested():
    with pytest.raises(UsageError) as error:
        check_choice(
            "operation", "describe-instance", ["describe-instances", "describe-instance-types", "run-instances"]
        )
    assert str(error.value) == (
        "argument operation: Found invalid choice 'describe-instance'\n\n"
        "Maybe you meant:\n\n  * describe-instances\n  * describe-instance-types"
    )


# --- operations


def of(line: str):
    _, table, words, _ = operation(line)
    return parse_operation(words, table)


@pytest.mark.parametrize(
    ("line", "outfile"),
    [
        ("s3api get-object --bucket b --key k out", "out"),
        ("s3api get-object out --bucket b --key k", "out"),
        ("s3api get-object --bucket b out --key k", "out"),
        ("s3api get-object --bucket b --key k -- --out", "--out"),
    ],
)
def test_the_outfile_stands_anywhere(line, outfile):
    assert of(line).values == {"bucket": "b", "key": "k", "outfile": outfile}


@pytest.mark.parametrize(
    ("line", "leftovers"),
    [
        ("sts get-caller-identity a b --zz d", ["b", "--zz", "d", "a"]),
        ("sts get-caller-identity --foo bar", ["--foo", "bar"]),
        ("sts get-caller-identity --help", ["--help"]),
        ("s3api get-object --bucket b --key k out more", ["more"]),
        ("s3api get-object out --bucket b --key k help", ["help"]),
    ],
)
def test_leftovers(line, leftovers):
    assert of(line).leftovers == leftovers


def test_an_empty_word_is_ignored():
    _, table, _, _ = operation("sts get-caller-identity")
    assert parse_operation([""], table) == ({}, [], None)


@pytest.mark.parametrize(
    "line",
    ["sqs send-message help", "sqs send-message --queue-url u --message-body m help", "s3api get-object help"],
)
def test_help_is_asked_for(line):
    assert of(line).values["help"] == "help"


@pytest.mark.parametrize(
    "line",
    [
        "sqs create-queue --cli-input-json {}",
        "sqs create-queue --cli-input-yaml {}",
        "sqs create-queue --generate-cli-skeleton",
        "sqs create-queue --generate-cli-skeleton yaml-input",
    ],
)
def test_input_documents_and_skeletons_need_no_options(line):
    assert "queue_name" not in of(line).values


@pytest.mark.parametrize(
    "line",
    [
        "sqs create-queue --generate-cli-skeleton output",
        "sqs create-queue --generate-cli-skeleton=input",
        "sqs create-queue --cli-input-json={}",
        "sqs create-queue --cli-input-j {}",
    ],
)
def test_required_options_stay_required(line):
    with pytest.raises(UsageError, match=r"^the following arguments are required: --queue-name$"):
        of(line)


def test_required_booleans_are_not_asked_for():
    assert of("ses set-identity-dkim-enabled --identity i").values == {"identity": "i"}


# --- argparse, which AWS CLI v2 uses, as oracle

NAMES = ("a", "ab", "abc", "foo", "foo-bar", "foo-baz", "no-foo", "bar", "b-x", "query", "quick")
WORDS = (
    "--", "-", "-1", "-1.5", "-x", "-a", "x", "y", "a b", "--a b", "", "--a", "--ab", "--abc", "--fo", "--foo", "--foo-b",
    "--foo-bar", "--foo=1", "--foo-bar=x", "--no", "--no-foo", "--no-foo=1", "--b", "--bar", "--b-x", "--q", "--qu", "--qui",
    "--query", "--zz", "--zz=1", "12", "help", "--foo-baz=", "--foo=a=b", "---", "--=", "--=x", "one", "two",
)  # fmt: skip


class _Reference(argparse.ArgumentParser):
    def _check_value(self, action, value):
        if action.choices is not None:
            try:
                check_choice("", value, action.choices)
            except UsageError as error:
                raise argparse.ArgumentError(action, str(error).removeprefix("argument : ")) from None

    def error(self, message):
        raise UsageError(message)


def _random_arguments(source: random.Random) -> list[Argument]:
    arguments = []
    for name in source.sample(NAMES, source.randint(1, len(NAMES))):
        kind = source.choice([None, None, "?", "*", "+", 0, "int", "choice"])
        required = source.random() < 0.05
        if kind == 0:
            arguments.append(flag(name))
        elif kind == "int":
            arguments.append(option(name, convert=int, required=required))
        elif kind == "choice":
            arguments.append(option(name, choices=("one", "two"), required=required))
        else:
            arguments.append(option(name, nargs=kind, required=required, const="C" if kind == "?" else None))
    for index in range(source.choice([0, 0, 1, 2])):
        nargs = source.choice([None, "?"])
        positional = option(f"p{index}", nargs=nargs, required=nargs is None, positional=True)
        arguments.insert(source.randint(0, len(arguments)), positional)
    return arguments


def _reference(arguments: list[Argument]) -> _Reference:
    parser = _Reference(add_help=False)
    for argument in arguments:
        if argument.positional:
            parser.add_argument(argument.cli_name, **({"nargs": "?"} if argument.nargs else {}))
        elif argument.nargs == 0:
            parser.add_argument(argument.label, dest=argument.dest, action="store_true", default=argparse.SUPPRESS)
        else:
            more = {"type": argument.convert} if argument.convert else {}
            if argument.choices:
                more["choices"] = list(argument.choices)
            if argument.nargs == "?":
                more["const"] = argument.const
            parser.add_argument(
                argument.label,
                nargs=argument.nargs,
                required=argument.required,
                default=argparse.SUPPRESS,
                **more,
            )
    return parser


def _outcome(parse_words):
    try:
        values, leftovers = parse_words()
    except UsageError as error:
        return str(error)
    # argparse gives [] where the one word of a positional is a second "--"; here it is that word.
    return {
        name: value
        for name, value in values.items()
        if value is not None and not (name[0] == "p" and value in ([], "--"))
    }, leftovers


# From 3.12.5 on, argparse treats "--" and optional positionals in another way than in the version v2 was watched with.
if sys.version_info < (3, 12):

    @pytest.mark.parametrize("start", range(0, 5000, 500))
    def test_as_argparse(start):
        for seed in range(start, start + 500):
            source = random.Random(seed)
            arguments = _random_arguments(source)
            words = [source.choice(WORDS) for _ in range(source.randint(0, 8))]

            def theirs(arguments=arguments, words=words):
                namespace, leftovers = _reference(arguments).parse_known_args(list(words))
                return vars(namespace), leftovers

            ours = _outcome(lambda arguments=arguments, words=words: parse(words, arguments)[:2])
            assert ours == _outcome(theirs), (seed, words)


COUNTED = (
    option("two", positional=True, required=True, nargs=2),
    option("pair", nargs=2, gather=tuple),
    option("filter", nargs=1, gather=lambda words: words[0]),
    flag("quick"),
)


@pytest.mark.parametrize(
    ("line", "values", "leftovers"),
    [
        ("a b", {"two": ["a", "b"]}, []),
        ("a b c", {"two": ["a", "b"]}, ["c"]),
        ("--pair x 1 a b --pair y 2", {"two": ["a", "b"], "pair": [("x", "1"), ("y", "2")]}, []),
        ("a b --filter --quick --filter=z", {"two": ["a", "b"], "filter": ["--quick", "z"]}, []),
        ("a b --pair --quick -x", {"two": ["a", "b"], "pair": [("--quick", "-x")]}, []),
    ],
)
def test_a_number_of_words(line, values, leftovers):
    parsed = parse(line.split(), COUNTED)
    assert (parsed.values, parsed.leftovers) == (values, leftovers)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a b --filter", "argument --filter: expected 1 argument"),
        ("a b --pair x", "argument --pair: expected 2 arguments"),
        ("a b --pair=x", "argument --pair: expected 2 arguments"),
        ("a", "the following arguments are required: two"),
        ("a --quick b", "the following arguments are required: two"),
    ],
)
def test_too_few_of_a_number_of_words(line, message):
    with pytest.raises(UsageError, match=message):
        parse(line.split(), COUNTED)


OPEN_ENDED = [
    option("names", nargs=2, positional=True, required=True, open_ended=True, fewer_with="--list"),
    option("list"),
    flag("quick"),
]


@pytest.mark.parametrize(
    ("line", "values", "leftovers"),
    [
        ("a b", {"names": ["a", "b"]}, []),
        ("a b c --quick", {"names": ["a", "b", "c"], "quick": True}, []),
        ("a b --quick c", {"names": ["a", "b"], "quick": True}, ["c"]),
        ("--list x a", {"names": ["a"], "list": "x"}, []),
        ("a --list x", {"names": ["a"], "list": "x"}, []),
        ("a b --list=x", {"names": ["a", "b"], "list": "x"}, []),
    ],
)
def test_at_least_a_number_of_words(line, values, leftovers):
    parsed = parse(line.split(), OPEN_ENDED)
    assert (parsed.values, parsed.leftovers) == (values, leftovers)


@pytest.mark.parametrize("line", ["a", "--list x", "a --quick b"])
def test_too_few_of_at_least_a_number_of_words(line):
    with pytest.raises(UsageError, match="the following arguments are required: names"):
        parse(line.split(), OPEN_ENDED)
