"""How the emails of a user end: a template filled with the user's data, HTML of the user's own, or nothing."""

from html import escape
from typing import Protocol
from urllib.parse import quote

import phonenumbers

from domain.accounts.preferences import Signature, SignatureKind

TEMPLATES = (1, 2)
_LOOK = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.4;color:#222222"
_QUIET = "color:#666666"
_LINK = "color:#0b5cff;text-decoration:none"
_BAR = "border-left:3px solid #0b5cff;padding-left:12px"


class Signer(Protocol):
    """Whose signature it is."""

    @property
    def name(self) -> str: ...

    @property
    def email(self) -> str: ...

    @property
    def phone(self) -> str | None: ...

    @property
    def job_title(self) -> str | None: ...

    @property
    def company(self) -> str | None: ...


def signature_html(signature: Signature, signer: Signer) -> str:
    """The signature as HTML; empty for none. A template shows what is known and leaves no gaps for what is not."""
    if signature.kind is SignatureKind.TEMPLATE:
        return template_html(signature.template or TEMPLATES[0], signer)
    return signature.html or "" if signature.kind is SignatureKind.CUSTOM else ""


def template_html(template: int, signer: Signer) -> str:
    """A template with the user's data, which is text and nothing else in it."""
    return _in_lines(signer) if template == TEMPLATES[0] else _beside_a_bar(signer)


def _in_lines(signer: Signer) -> str:
    """The name, a line for each detail, the email as a link."""
    details = [escape(detail) for detail in (signer.job_title, signer.company, _phone(signer)) if detail]
    email = f'<a href="{_mailto(signer)}" style="{_LINK}">{escape(signer.email)}</a>'
    return f'<p style="{_LOOK}">{"<br>".join([f"<strong>{escape(signer.name)}</strong>", *details, email])}</p>'


def _beside_a_bar(signer: Signer) -> str:
    """The name as a link, and the details in two lines beside a coloured bar."""
    name = f'<a href="{_mailto(signer)}" style="{_LINK}"><strong>{escape(signer.name)}</strong></a>'
    role = ", ".join(escape(part) for part in (signer.job_title, signer.company) if part)
    reached = " | ".join(escape(part) for part in (_phone(signer), signer.email) if part)
    lines = [name, *([role] if role else []), f'<span style="{_QUIET}">{reached}</span>']
    return f'<p style="{_LOOK};{_BAR}">{"<br>".join(lines)}</p>'


def _mailto(signer: Signer) -> str:
    return f"mailto:{escape(quote(signer.email, safe='@'))}"


def _phone(signer: Signer) -> str | None:
    """As people write it, with the country's code: the reader may be anywhere."""
    if not signer.phone:
        return None
    try:
        number = phonenumbers.parse(signer.phone)
    except phonenumbers.NumberParseException:
        return signer.phone
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
