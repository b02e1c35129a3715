"""One recipe for each layer that the buildpack contributes."""
