"""The one exception of the engine's build."""


class EngineError(Exception):
    """Something that stops the build; its text is one line for a person to act on."""
