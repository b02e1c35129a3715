"""Names of machines."""

MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
"""CNB_TARGET_ARCH, and what Python and wheels call the machine (PEP 600, PEP 656)."""


def machine_of(arch: str) -> str:
    """What Python calls the machine that the lifecycle calls ``arch``."""
    return MACHINES.get(arch, arch)
