"""The manifests in examples/deploy: valid for Kubernetes, with numbers that fit each other."""

from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]  # it has no types
import pytest
import yaml  # type: ignore[import-untyped]  # nor has this

DEPLOY = Path(__file__).parents[2] / "examples" / "deploy"
GRACEFUL_TIMEOUT = 30
"""The image's own, in seconds; docs/settings.md."""

TIMEOUT = 30


def documents(name: str) -> list[Any]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text()))


@pytest.mark.parametrize("version", ["1.27", kubernetes_validate.latest_version()])
def test_kubernetes_takes_them(version: str) -> None:
    made = documents("kubernetes.yaml")
    assert [each["kind"] for each in made] == ["Deployment", "Service", "PodDisruptionBudget"]
    for each in made:
        kubernetes_validate.validate(each, version, strict=True)


def test_a_pod_has_the_time_that_it_may_take() -> None:
    pod = documents("kubernetes.yaml")[0]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    _, pause = container["lifecycle"]["preStop"]["exec"]["command"]
    assert pod["terminationGracePeriodSeconds"] > int(pause) + GRACEFUL_TIMEOUT
    alive = container["livenessProbe"]
    assert alive["periodSeconds"] * alive["failureThreshold"] > TIMEOUT
    ready = container["readinessProbe"]
    # Not ready is seen before the pause is over.
    assert ready["periodSeconds"] < int(pause)


@pytest.mark.parametrize(("name", "service"), [("compose.yaml", "app"), ("stack.yaml", "app")])
def test_containers_have_the_time_that_they_may_take(name: str, service: str) -> None:
    (document,) = documents(name)
    grace = document["services"][service]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > GRACEFUL_TIMEOUT
