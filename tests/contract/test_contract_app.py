"""Which app is served: APP_MODULE, MODULE_NAME, VARIABLE_NAME, and what was found."""

import pytest
from support.containers import Container
from support.images import Images, Run


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, "main:app"),
        ({"MODULE_NAME": "other"}, "other:app"),
        ({"VARIABLE_NAME": "api"}, "main:api"),
        ({"MODULE_NAME": "other", "VARIABLE_NAME": "api"}, "other:api"),
        ({"APP_MODULE": "other:api"}, "other:api"),
        ({"APP_MODULE": "other:api", "MODULE_NAME": "no", "VARIABLE_NAME": "no"}, "other:api"),
        ({"APP_MODULE": "", "MODULE_NAME": "", "VARIABLE_NAME": ""}, "main:app"),
    ],
)
def test_the_app_is_named_at_launch(run: Run, env: dict[str, str], expected: str) -> None:
    container = run(env=env)
    for _ in container.twice():
        answer = container.get()
        assert answer["app"] == expected
        assert answer["env"]["APP_MODULE"] == expected
        assert answer["env"]["FLASK_APP"] == expected


def test_a_factory_in_the_retired_images_place(run: Run, images: Images) -> None:
    container = run(image=images.name("factory"))
    for _ in container.twice():
        assert container.get() == {"app": "app.main:create_app()"}


def test_an_app_named_at_launch_only(run: Run, images: Images) -> None:
    container = run(image=images.name("named"), env={"APP_MODULE": "service:handle"})
    for _ in container.twice():
        assert container.get() == {"app": "service:handle"}
        assert container.output()[0] == (
            "Checking for script in /workspace/prestart.sh\n"
            "Running script /workspace/prestart.sh\n"
            "Running prestart of named\n"
        )


def ends(container: Container, code: int, stderr: str) -> None:
    for _ in container.twice():
        assert container.wait_for_end() == code
        assert container.output()[1] == stderr


def test_nothing_found_and_nothing_named(run: Run, images: Images) -> None:
    ends(
        run(image=images.name("named")),
        1,
        "Error: no app was found when this image was built: "
        "name it with APP_MODULE=module:variable or MODULE_NAME=module\n",
    )


@pytest.mark.parametrize("bad", ["--help", ":app"])
def test_an_app_module_that_is_none(run: Run, bad: str) -> None:
    ends(
        run(env={"APP_MODULE": bad}),
        1,
        f"Error: APP_MODULE is '{bad}', allowed: module:variable (main:app) or module:factory()\n",
    )


def test_a_module_that_does_not_exist_ends_the_server(run: Run) -> None:
    container = run(env={"MODULE_NAME": "nosuch", "WEB_CONCURRENCY": "1"})
    for _ in container.twice():
        assert container.wait_for_end() == 3
        assert "ModuleNotFoundError: No module named 'nosuch'" in container.output()[1]


def test_the_app_dir_is_where_modules_are_found(run: Run) -> None:
    container = run()
    for _ in container.twice():
        answer = container.get()
        assert answer["cwd"] == "/workspace"
        assert "/workspace" in answer["path"]
        assert answer["env"]["PYTHONPATH"].split(":")[0] == "/workspace"
        assert "LD_LIBRARY_PATH" not in answer["env"]


def test_output_of_the_app_is_unbuffered(run: Run) -> None:
    container = run()
    for _ in container.twice():
        container.get()
        assert "answer.py is imported\n" in container.output()[0]
