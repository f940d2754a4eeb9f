"""Route 53: ids with a path before them."""

from awsmini.services.record import Operation, Service

SERVICE = Service(every=Operation(before_serialize="awsmini.services.small.route53:strip_ids"))
