"""Puts the answer together: how the app is imported, and the lines for the log."""

from collections.abc import Iterable

from buildpack.app_finder import words
from buildpack.app_finder.answers import Found
from buildpack.app_finder.choose import Candidate
from buildpack.app_finder.look import Look, imports_flask, root_of
from buildpack.app_finder.named import Named
from buildpack.app_finder.project import Project


def found(
    looked: Look,
    named: Named,
    project: Project,
    by_word: bool,
    before: Iterable[str],
    others: tuple[Candidate, ...] = (),
) -> Found:
    """The app of a place. ``by_word``: the user named the module, so it keeps that name."""
    root = root_of(looked, project, by_word)
    module = root.place.module
    return Found(
        module=module,
        variable=named.variable,
        import_root=root.place.root,
        framework=named.app.framework if named.app else "unknown",
        origin=named.origin,
        explain=(
            *before,
            words.app_line(module, named.variable, named.app, named.origin),
            *(words.trail_lines(named.app) if named.app else ()),
            *words.root_line(root),
            *words.other_lines(others),
        ),
        imports_flask=imports_flask(looked.evaluator.visited.values()),
        needs=named.app.needs if named.app else (),
    )
