"""One page for each service that has anything of its own, named as it is typed: a module, or a folder's `__init__.py`.

What a page refers to lies in the folder, in `small` if one file holds it, or in `shared`.

`of` finds the page by the model's name. Pages hold references alone, so a call loads the page of its own service and
nothing more, and one to a service that has none pays for a look into this table.
"""

from functools import cache
from pkgutil import resolve_name

from awsmini.services.record import Operation, Service

__all__ = ["NOTHING", "PAGES", "Operation", "Service", "differences", "of"]

# The model's name to the page.
PAGES = {
    "agenttoolkit": "awsmini.services.agent_toolkit:SERVICE",
    "apigateway": "awsmini.services.apigateway:SERVICE",
    "autoscaling": "awsmini.services.autoscaling:SERVICE",
    "cloudformation": "awsmini.services.cloudformation:SERVICE",
    "cloudfront": "awsmini.services.cloudfront:SERVICE",
    "cloudsearch": "awsmini.services.cloudsearch:SERVICE",
    "cloudsearchdomain": "awsmini.services.cloudsearchdomain:SERVICE",
    "cloudtrail": "awsmini.services.cloudtrail:SERVICE",
    "cloudwatch": "awsmini.services.cloudwatch:SERVICE",
    "codeartifact": "awsmini.services.codeartifact:SERVICE",
    "codecommit": "awsmini.services.codecommit:SERVICE",
    "codedeploy": "awsmini.services.deploy:SERVICE",
    "config": "awsmini.services.configservice:SERVICE",
    "datapipeline": "awsmini.services.datapipeline:SERVICE",
    "dlm": "awsmini.services.dlm:SERVICE",
    "docdb": "awsmini.services.docdb:SERVICE",
    "dsql": "awsmini.services.dsql:SERVICE",
    "dynamodb": "awsmini.services.dynamodb:SERVICE",
    "ec2": "awsmini.services.ec2:SERVICE",
    "ec2-instance-connect": "awsmini.services.ec2_instance_connect:SERVICE",
    "ecr": "awsmini.services.ecr:SERVICE",
    "ecr-public": "awsmini.services.ecr_public:SERVICE",
    "ecs": "awsmini.services.ecs:SERVICE",
    "eks": "awsmini.services.eks:SERVICE",
    "elb": "awsmini.services.elb:SERVICE",
    "emr": "awsmini.services.emr:SERVICE",
    "emr-containers": "awsmini.services.emr_containers:SERVICE",
    "events": "awsmini.services.events:SERVICE",
    "firehose": "awsmini.services.firehose:SERVICE",
    "gamelift": "awsmini.services.gamelift:SERVICE",
    "glacier": "awsmini.services.glacier:SERVICE",
    "iam": "awsmini.services.iam:SERVICE",
    "iot": "awsmini.services.iot:SERVICE",
    "kinesis": "awsmini.services.kinesis:SERVICE",
    "lambda": "awsmini.services.lambda_:SERVICE",
    "lambda-web": "awsmini.services.lambda_web:SERVICE",
    "lightsail": "awsmini.services.lightsail:SERVICE",
    "logs": "awsmini.services.logs:SERVICE",
    "machinelearning": "awsmini.services.machinelearning:SERVICE",
    "neptune": "awsmini.services.neptune:SERVICE",
    "quicksight": "awsmini.services.quicksight:SERVICE",
    "rds": "awsmini.services.rds:SERVICE",
    "rekognition": "awsmini.services.rekognition:SERVICE",
    "route53": "awsmini.services.route53:SERVICE",
    "s3": "awsmini.services.s3api:SERVICE",
    "s3control": "awsmini.services.s3control:SERVICE",
    "servicecatalog": "awsmini.services.servicecatalog:SERVICE",
    "ses": "awsmini.services.ses:SERVICE",
    "ssm": "awsmini.services.ssm:SERVICE",
    "sso": "awsmini.services.sso:SERVICE",
    "translate": "awsmini.services.translate:SERVICE",
    "workspaces": "awsmini.services.workspaces:SERVICE",
}
NOTHING = Service()


@cache
def of(service_name: str) -> Service:
    """What a service does differently, by its model's name."""
    reference = PAGES.get(service_name)
    if reference is None:
        return NOTHING
    page: Service = resolve_name(reference)
    return page


def differences(service_name: str, operation_name: str) -> tuple[Operation, ...]:
    """What holds for one operation: first what holds for all of its service, then its own."""
    return of(service_name).of(operation_name)
