"""OAuth scopes: their short names, and what the consent page says of them."""

_PREFIX = "https://www.googleapis.com/auth/"
FULL_MAIL = "https://mail.google.com/"

_SIGN_IN = {"openid": "openid", "email": f"{_PREFIX}userinfo.email", "profile": f"{_PREFIX}userinfo.profile"}
_SAID = {
    FULL_MAIL: "Read, compose, send and permanently delete all your email from Gmail",
    f"{_PREFIX}gmail.modify": "Read, compose and send emails from your Gmail account",
    f"{_PREFIX}gmail.readonly": "View your email messages and settings",
    f"{_PREFIX}gmail.compose": "Manage drafts and send emails",
    f"{_PREFIX}gmail.send": "Send email on your behalf",
    f"{_PREFIX}gmail.metadata": "View your email message metadata such as labels and headers, but not the email body",
    f"{_PREFIX}gmail.labels": "See and edit your email labels",
    f"{_PREFIX}gmail.settings.basic": "See, edit, create or change your email settings and filters in Gmail",
    f"{_PREFIX}gmail.insert": "Add emails into your Gmail mailbox",
}


def expanded(scope: str) -> list[str]:
    """The scopes of a request as Google answers them: `email` and `profile` become addresses; no doubles."""
    return list(dict.fromkeys(_SIGN_IN.get(each, each) for each in scope.split()))


def known(scope: str) -> bool:
    return scope in _SAID or is_sign_in(scope)


def is_sign_in(scope: str) -> bool:
    """Scopes that a user cannot untick: they are what signing in means."""
    return scope in _SIGN_IN or scope in _SIGN_IN.values()


def said(scope: str) -> str:
    return _SAID.get(scope, scope)


def gmail(*names: str) -> frozenset[str]:
    """`gmail("send")` is the full names of gmail.send, and of the scope that allows everything."""
    return frozenset({FULL_MAIL, *(f"{_PREFIX}gmail.{name}" for name in names)})


DEFAULT = (*_SIGN_IN.values(), f"{_PREFIX}gmail.modify")
