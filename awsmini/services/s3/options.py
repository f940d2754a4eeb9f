"""The options of the s3 commands. Several commands share most of them, and each tells its own order."""

from awsmini.params.arguments import Argument, flag, option

PATHS_USAGE = "<LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>"
URI_USAGE = "<S3Uri>"
ACLS = (
    "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read",
    "bucket-owner-full-control", "log-delivery-write",
)  # fmt: skip
STORAGE_CLASSES = (
    "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE",
    "GLACIER_IR",
)  # fmt: skip
FOUND_CLASSES = (*STORAGE_CLASSES, "EXPRESS_ONEZONE", "OUTPOSTS", "SNOW")  # what a listing may tell
CHECKSUMS = (
    "CRC64NVME", "CRC32", "SHA256", "SHA1", "CRC32C", "SHA512", "XXHASH64", "XXHASH3", "XXHASH128",
)  # fmt: skip
COPY_PROPS = ("none", "metadata-directive", "default", "all")
CASE_CONFLICTS = ("ignore", "skip", "warn", "error")
_CUSTOMER = ("AES256",)


def _excluded(words: list[str]) -> tuple[bool, str]:
    return False, words[0]


def _included(words: list[str]) -> tuple[bool, str]:
    return True, words[0]


FROM_FILE = option(
    "from-file",
    exact_only=True,
    doc="Take further sources from this file, one a line, or from stdin (`-`): paths as on the command line, in which "
    "`*`, `?` and `[` stand for themselves. Empty lines are left out. The command line then needs one path less.",
)
NULL = flag("null", exact_only=True, doc="In the list of --from-file a NUL ends each source, as `find -print0` has it.")
SEVERAL_PATHS = option(
    "paths",
    positional=True,
    required=True,
    nargs=2,
    open_ended=True,
    fewer_with="--from-file",
    doc="From where to where: a file or folder, `s3://bucket/key`, `s3://` and the ARN of an access point, or `-` for "
    "a stream. One of the two at least is in S3. Several sources may stand before the destination, which is a folder or "
    "a prefix that ends in `/` then. In a source in quotes that is not there by that very name, `*` is any text but `/`, "
    "`**` any text, `?` one character, `[abc]` one of them; what fits keeps its name from the first such sign's folder on.",
)
TWO_PATHS = option(
    "paths",
    positional=True,
    required=True,
    nargs=2,
    doc="From where to where: a file or folder, `s3://bucket/key`, `s3://` and the ARN of an access point, or `-` for "
    "a stream. One of the two at least is in S3.",
)
ONE_PATH = option(
    "paths",
    positional=True,
    required=True,
    nargs=1,
    doc="`s3://bucket/key`, or `s3://` and the ARN of an access point.",
)
OBJECTS = option(
    "paths",
    positional=True,
    required=True,
    nargs=1,
    open_ended=True,
    fewer_with="--from-file",
    doc="`s3://bucket/key`, or `s3://` and the ARN of an access point; several of them too. Where there is no object of "
    "that very key, `*` is any text but `/`, `**` any text, `?` one character, `[abc]` one of them.",
)
RECURSIVE = flag("recursive", dest="dir_op", doc="Take everything below the folder or the prefix.")
DRYRUN = flag("dryrun", doc="Only show what would be done.")
QUIET = flag("quiet", doc="Print nothing, errors neither. The exit code tells how it went.")
INCLUDE = Argument(
    "include",
    "filters",
    nargs=1,
    gather=_included,
    doc="Take part after all what matches this pattern, although an --exclude before it left it out. It may repeat.",
)
EXCLUDE = Argument(
    "exclude",
    "filters",
    nargs=1,
    gather=_excluded,
    doc="Leave out what matches this pattern: `*` is any text, `/` too, `?` one character, `[abc]` one of them, "
    "`[!abc]` none of them. It is compared with the path below the source, and the last filter that matches "
    "decides. It may repeat.",
)
ACL = option("acl", choices=ACLS, doc="A canned ACL for the objects written.")
FOLLOW_SYMLINKS = flag(
    "follow-symlinks",
    group="follow_symlinks",
    doc="Upload what symbolic links lead to, under the names of the links. That is so where nothing is said.",
)
NO_FOLLOW_SYMLINKS = flag(
    "no-follow-symlinks",
    value=False,
    dest="follow_symlinks",
    group="follow_symlinks",
    doc="Leave symbolic links out.",
)
NO_GUESS_MIME_TYPE = flag(
    "no-guess-mime-type",
    value=False,
    dest="guess_mime_type",
    doc="Send no content type that is guessed by a file's name.",
)
SSE = option(
    "sse",
    nargs="?",
    const="AES256",
    choices=("AES256", "aws:kms"),
    doc="Have the objects encrypted on the server, with keys of S3 (AES256, also without a value) or of KMS (aws:kms).",
)
SSE_C = option(
    "sse-c",
    nargs="?",
    const="AES256",
    choices=_CUSTOMER,
    doc="Have the objects encrypted on the server with a key of your own, which --sse-c-key gives. Reading them takes "
    "the same two options.",
)
SSE_C_KEY = option(
    "sse-c-key", doc="The key for --sse-c: text, or `fileb://` and the name of a file. It is not base64 encoded."
)
READ_SSE_C = SSE_C._replace(
    doc="The object was encrypted with a key of your own, which --sse-c-key gives: the algorithm, AES256."
)
SSE_KMS_KEY_ID = option("sse-kms-key-id", doc="The KMS key for `--sse aws:kms`, where it is not the account's own.")
SSE_C_COPY_SOURCE = option(
    "sse-c-copy-source",
    nargs="?",
    const="AES256",
    choices=_CUSTOMER,
    doc="The source of the copy was encrypted with a key of your own, which --sse-c-copy-source-key gives.",
)
SSE_C_COPY_SOURCE_KEY = option(
    "sse-c-copy-source-key",
    doc="The key for --sse-c-copy-source: text, or `fileb://` and the name of a file. It is not base64 encoded.",
)
STORAGE_CLASS = option("storage-class", choices=STORAGE_CLASSES, doc="The storage class of the objects written.")
GRANTS = option(
    "grants",
    nargs="+",
    doc="Rights in the objects written, each as PERMISSION=TYPE=ID: the permission is read, readacl, writeacl or full, "
    "the type is uri or id. Several for one permission are parted by commas.",
)
WEBSITE_REDIRECT = option(
    "website-redirect", doc="Where a website made of the bucket sends whoever asks for the object."
)
CONTENT_TYPE = option("content-type", doc="The content type of the objects written, in the place of a guessed one.")
CACHE_CONTROL = option("cache-control", doc="How caches are to keep the objects written.")
CONTENT_DISPOSITION = option("content-disposition", doc="How the objects written are to be presented.")
CONTENT_ENCODING = option("content-encoding", doc="How the content of the objects written is encoded, such as gzip.")
CONTENT_LANGUAGE = option("content-language", doc="The language of the content.")
EXPIRES = option("expires", doc="When caches are to drop the objects written: a timestamp.")
SOURCE_REGION = option(
    "source-region",
    doc="The region of the source bucket of a copy, where it is not the destination's. --endpoint-url does not count "
    "for the source then.",
)
JSON = flag(
    "json",
    exact_only=True,
    doc="Print a JSON object in a line of its own for each object, in the place of other lines and of progress: action, "
    "source, destination, bytes, seconds, etag, checksum, error and dryrun. Errors go to stderr as well.",
)
JSON_SUMS = JSON._replace(
    doc="Print each sum as a JSON object in a line of its own: source, bytes, objects and others."
)
ONLY_SHOW_ERRORS = flag("only-show-errors", doc="Print errors and warnings alone.")
NO_PROGRESS = flag("no-progress", value=False, dest="progress", doc="Do not show how far it is.")
PROGRESS = option(
    "progress",
    choices=("plain", "bar"),
    exact_only=True,
    doc="How it is shown how far it is: in AWS CLI v2's line (plain, where nothing is said), or as a bar with rate and "
    "time left (bar). Where stdout is no terminal, a bar is plain too.",
)
PROGRESS_FREQUENCY = option(
    "progress-frequency", doc="Seconds between two looks at how far it is. 0: whenever it moves."
)
PROGRESS_MULTILINE = flag("progress-multiline", doc="Give every look at how far it is a line of its own.")
PAGE_SIZE = option("page-size", doc="How many objects one answer to a list request holds: 1000 where nothing is said.")
IGNORE_GLACIER_WARNINGS = flag(
    "ignore-glacier-warnings", doc="Leave out what lies in an archive without a word, and without exit code 2."
)
FORCE_GLACIER_TRANSFER = flag(
    "force-glacier-transfer", doc="Try to transfer what lies in an archive: it may have been restored."
)
REQUEST_PAYER = option(
    "request-payer",
    nargs="?",
    const="requester",
    choices=("requester",),
    doc="You know that you pay for the requests, as the owner of the bucket wants it.",
)
CHECKSUM_MODE = option("checksum-mode", choices=("ENABLED",), doc="Ask for checksums of downloads, and check them.")
CHECKSUM_ALGORITHM = option(
    "checksum-algorithm", choices=CHECKSUMS, doc="The algorithm of the checksum that objects written carry."
)
METADATA = option(
    "metadata", doc="Metadata for the objects written: `KEY=VALUE,KEY=VALUE`, or a JSON object. A sync gives it only to "
    "the objects that it writes.",
)  # fmt: skip
COPY_PROPS_OPTION = option(
    "copy-props",
    choices=COPY_PROPS,
    doc="What a copy from S3 to S3 takes over: nothing (none), the metadata and headers such as the content type "
    "(metadata-directive), the tags too (default), or the annotations as well (all). A copy in parts needs further "
    "requests for that.",
)
METADATA_DIRECTIVE = option(
    "metadata-directive",
    choices=("COPY", "REPLACE"),
    doc="The x-amz-metadata-directive of copies; --copy-props does not count then, and is the better choice.",
)
EXPECTED_SIZE = option(
    "expected-size",
    doc="The size in bytes of a stream that is uploaded: needed from 50 GB on, for the size of the parts.",
)
VALIDATE_SAME_S3_PATHS = flag(
    "validate-same-s3-paths",
    doc="Ask for the buckets behind access points and their aliases first, so that no object is moved onto itself and "
    "lost. AWS_CLI_S3_MV_VALIDATE_SAME_S3_PATHS=true does the same.",
)
CASE_CONFLICT = option(
    "case-conflict",
    choices=CASE_CONFLICTS,
    doc="What to do about downloads whose names differ by case alone: nothing (ignore), leave out the second (skip), "
    "tell (warn), or stop (error). See `awsmini help s3-case-insensitivity`.",
)
NO_OVERWRITE = flag("no-overwrite", doc="Transfer only what is not there at the destination.")
EXACT_TIMESTAMPS = flag(
    "exact-timestamps",
    doc="Download a file of equal size whenever the times differ, not only where the local one is newer.",
)
SIZE_ONLY = flag("size-only", doc="Take files of equal size for equal.")
DELETE = flag("delete", doc="Delete at the destination what the source does not have. What filters leave out stays.")
MAX_DELETE = option(
    "max-delete",
    exact_only=True,
    doc="With --delete: where more than this many would be deleted, delete none of them, and end with an error. 0 "
    "forbids all deletions.",
)
DELETE_AFTER = flag(
    "delete-after",
    exact_only=True,
    doc="With --delete: delete when everything has been transferred, and nothing where a transfer failed.",
)
BACKUP_DIR = option(
    "backup-dir",
    exact_only=True,
    doc="Keep what would be overwritten or deleted at the destination: it goes to this folder or `s3://bucket/prefix` "
    "first, under the same relative name. The folder must lie outside of source and destination. What cannot be kept is "
    "neither overwritten nor deleted.",
)
PRESERVE_TIMES = flag(
    "preserve-times",
    exact_only=True,
    doc="Keep the times of files: an upload writes them into the metadata as `mtime` (x-amz-meta-mtime, in the form of "
    "rclone), a download sets them again, and a sync transfers files of equal size where these times differ. Where an "
    "object has none, all is as without the option. A sync asks for the metadata of each object of equal size.",
)
CHECKSUM = flag(
    "checksum",
    exact_only=True,
    doc="Compare the content of files of equal size, not their times: by a stored checksum of the whole object, else by "
    "the ETag (in parts too), else by reading the object. Each object of equal size is asked for them.",
)
CLUSTER_OF_BUCKETS = (
    option(
        "cluster",
        exact_only=True,
        doc="Share the work out among the workers of a cluster of Dask's: `local:4` for that many processes on this "
        "machine, `tcp://host:8786` or a scheduler file for one that runs. `awsmini help cluster` says more.",
    ),
    flag(
        "send-credentials",
        exact_only=True,
        doc="With --cluster: workers use the credentials of this command, which are sent to them, and not their own.",
    ),
    option(
        "journal",
        exact_only=True,
        doc="With --cluster: keep in this file what was done, so that the same command goes on after an interruption.",
    ),
)
CLUSTER = (
    *CLUSTER_OF_BUCKETS,
    flag(
        "shared-paths",
        exact_only=True,
        doc="With --cluster: every worker sees the local folder by this very path, as on a shared file system.",
    ),
)

PLAN = option(
    "plan",
    exact_only=True,
    doc="Transfer and delete nothing: write what is to be done to this file (`-`: stdout), for `awsmini s3 apply`. What "
    "there is of it comes to stderr. Options that count for the transfers are part of the plan, keys for encryption are "
    "not. See `awsmini help s3-plans`.",
)
PLAN_FORMAT = option(
    "plan-format",
    choices=("ndjson", "s3-batch"),
    exact_only=True,
    doc="What the file of --plan is: a plan for `awsmini s3 apply` (ndjson, where nothing is said), or the manifest of a "
    "copy job of S3 Batch Operations (s3-batch), for syncs from bucket to bucket; the commands that start the job come "
    "to stderr.",
)
PLANNED = option(
    "plan", positional=True, required=True, doc="A file that `awsmini s3 sync --plan` wrote, or `-` for stdin."
)
SHARD = option(
    "shard",
    doc="Do one part of the plan only: `2/8` is the third of eight, as they are counted from 0. Each action is in one "
    "part, and the parts are of equal length, and about as many bytes. It takes AWS_BATCH_JOB_ARRAY_INDEX or "
    "JOB_COMPLETION_INDEX as they are.",
)
PLANNED_SSE_C_KEY = SSE_C_KEY._replace(doc="The key of a plan that was made with --sse-c, as `sync` took it.")
PLANNED_SOURCE_KEY = SSE_C_COPY_SOURCE_KEY._replace(
    doc="The key of a plan that was made with --sse-c-copy-source, as `sync` took it."
)

TRANSFER = (
    DRYRUN, QUIET, INCLUDE, EXCLUDE, ACL, FOLLOW_SYMLINKS, NO_FOLLOW_SYMLINKS, NO_GUESS_MIME_TYPE, SSE, SSE_C, SSE_C_KEY,
    SSE_KMS_KEY_ID, SSE_C_COPY_SOURCE, SSE_C_COPY_SOURCE_KEY, STORAGE_CLASS, GRANTS, WEBSITE_REDIRECT, CONTENT_TYPE,
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, EXPIRES, SOURCE_REGION, ONLY_SHOW_ERRORS,
    NO_PROGRESS, PROGRESS_FREQUENCY, PROGRESS_MULTILINE, PAGE_SIZE, IGNORE_GLACIER_WARNINGS, FORCE_GLACIER_TRANSFER,
    REQUEST_PAYER, CHECKSUM_MODE, CHECKSUM_ALGORITHM,
)  # fmt: skip
LITERAL = (
    "paths",
    "path",
    "plan",
    "sse_c_key",
    "sse_c_copy_source_key",
)  # a file:// in them is read elsewhere, or not at all
