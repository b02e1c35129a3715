"""An exception that isn't ours: a defect of the buildpack, or a machine in trouble."""

import errno

from buildpack.errors import Explanation, FlaskpackError


class InternalError(FlaskpackError):
    """Anything unforeseen, as one clear line; the details on demand."""

    def __init__(self, cause: Exception) -> None:
        if isinstance(cause, OSError) and cause.errno == errno.ENOSPC:
            explanation = Explanation(
                title="the disk is full",
                happened="The build could not write a file.",
                found=(str(cause),),
                remedies=(
                    "Free space where the builder keeps its containers and volumes: "
                    "docker system df shows what takes it.",
                ),
            )
        else:
            explanation = Explanation(
                title="the buildpack failed in a way it didn't foresee",
                happened="This is a defect of Flaskpack, or the machine is in trouble.",
                found=(f"{type(cause).__name__}: {cause}",),
                remedies=(
                    "See the details: pack build … --env BP_LOG_LEVEL=debug",
                    "Report them, with the project's file names if you can.",
                ),
            )
        super().__init__(explanation)
