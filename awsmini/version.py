"""The version of awsmini, alone in its file so that `--version` need not load anything else."""

__version__ = "0.1.0"
