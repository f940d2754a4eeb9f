"""QuickSight: bundles of assets from a file."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "StartAssetBundleImportJob": Operation(arguments="awsmini.services.small.quicksight:bundle_bytes"),
    },
)
