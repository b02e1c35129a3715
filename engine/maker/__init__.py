"""Makes the engine's wheel: source, patches, compiler, archive; one module for each."""
