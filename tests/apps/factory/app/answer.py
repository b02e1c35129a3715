def greeting() -> str:
    return "app.main:create_app()"
