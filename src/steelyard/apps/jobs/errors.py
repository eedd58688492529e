"""What can go otherwise while a job runs."""


class Cancelled(Exception):  # noqa: N818  asked for, not a fault
    """The person who asked for the job no longer wants it."""


class LeaseLost(Exception):  # noqa: N818
    """Somebody else has taken the job up: this process must stop touching it."""
