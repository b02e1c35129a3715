"""The build: every question about the project is settled first, then things change."""

from buildpack import app, log
from buildpack.app_python import provide_python
from buildpack.bindings import Bound, in_the_app, read_bound
from buildpack.bytecode import MOST, compiling_app, modules_of
from buildpack.cnb.context import BuildContext
from buildpack.cnb.launch import Launch
from buildpack.cnb.result import BuildResult
from buildpack.dependencies import read_dependencies
from buildpack.environment import provide
from buildpack.labels import labels
from buildpack.modes import settle_modes
from buildpack.procfile import Entry, read_procfile
from buildpack.settings import read_settings
from buildpack.vendored import read_vendored
from buildpack.writable import make_writable, read_writable
from layers import bytecode, venv, web
from layers.web import Launchable


def build(context: BuildContext) -> BuildResult:
    """Build the image's layers; raises FlaskpackError with the words for the user."""
    log.title(f"Flaskpack {context.buildpack_version}")
    vendored = read_vendored(context.buildpack_dir)
    bound = _read_bindings(context)
    settings = read_settings(context.platform_env, bound)
    writable = read_writable(context.app_dir, context.platform_env)
    procfile = read_procfile(context.app_dir)

    log.section("Python")
    provided = provide_python(context, vendored, settings)
    python = provided.interpreter

    settle_modes(context.app_dir)
    modules = modules_of(context.app_dir)
    known = bytecode.known_of_app(context, modules or ())
    with compiling_app(python.path, modules or (), known):
        log.section("App")
        found = app.find_for_build(context.app_dir, context.platform_env, python.minor_pair)

        log.section("Dependencies")
        dependencies = read_dependencies(
            context.app_dir,
            context.platform_env,
            python,
            imports_flask=found.imports_flask,
            arch=context.target.arch,
        )
    environment = provide(context, python, dependencies, vendored, settings)
    app.check_needs(found, environment.venv.versions)

    log.section("Launch")
    _tell_compiled(modules)
    make_writable(context.app_dir, writable)
    launchable = Launchable(
        found.module,
        found.variable,
        python.path,
        environment.worker_class,
        provided.libc,
        procfile,
    )
    web_layer = web.contribute(context, launchable, found.python_path)
    has_flask = "flask" in environment.venv.versions
    processes = web.processes(context, venv.folder(context), procfile, flask=has_flask)
    tell_procfile(procfile)
    log.line("Processes: " + ", ".join(process.type for process in processes))

    sbom = environment.venv.sbom
    return BuildResult(
        layers=(
            *(*provided.layers, *environment.venv.packages, environment.venv.layer),
            *(environment.wheels, web_layer),
            *bytecode.layers(context),
        ),
        launch=Launch(
            processes,
            labels(context.buildpack_version, python, vendored, environment.venv.versions),
        ),
        store=provided.store,
        sboms=(sbom,) if sbom else (),
    )


def _read_bindings(context: BuildContext) -> Bound:
    bound = read_bound(context.bindings)
    warnings = in_the_app(context.app_dir)
    if bound.told or warnings:
        log.section("Bindings")
    for line in bound.told:
        log.line(line)
    for warning in warnings:
        log.warning(warning)
    return bound


def _tell_compiled(modules: tuple[str, ...] | None) -> None:
    if modules is None:
        log.line(f"The app has more than {MOST} modules: they are compiled when they are imported")
    else:
        log.line(f"Bytecode for the app's modules: {len(modules)}")


def tell_procfile(entries: tuple[Entry, ...]) -> None:
    """Say which process types the app's Procfile declares, and what is wrong with them."""
    for entry in entries:
        log.line(f"Procfile:{entry.line}: {entry.type}")
        if entry.type == "web":
            log.line(
                "  in place of ours: the hook and the included configuration have no part in it"
            )
        if entry.keeps_the_shell:
            log.warning(
                f"{entry.type} has several commands, and the shell between them keeps TERM from\n"
                "the last: docker stop would wait for its kill. Write exec before that one"
                " (… && exec …)"
            )
