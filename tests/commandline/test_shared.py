"""What command lines of one process have in common, and what they do not."""

from awsmini.model.load import shipped_text


def test_a_service_may_have_the_name_of_what_is_kept_beside_it(aws):
    aws.write(".aws/models/aliases.jsonl", shipped_text("sts").replace(b"service\tsts\t", b"service\taliases\t"))
    done = aws("batch -j1", stdin="aliases get-caller-identity --print-request http\n" * 2)
    assert (done.code, done.stdout.count("Action=GetCallerIdentity")) == (0, 2), done.stderr
