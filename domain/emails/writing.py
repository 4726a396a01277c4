"""Writes an email: template and values become what leaves, once, with its addresses for opens, clicks and leaving."""

from datetime import datetime

from domain.emails.composition import Envelope, Footer, compose, reply_subject, write_body
from domain.emails.model import Answered, Content, Material
from domain.emails.templates import TemplateKind, compile_template
from domain.emails.threading import thread_subject
from domain.emails.tracking import TrackingUrls


def own_message_id(send_key: str, sender_address: str) -> str:
    """The Message-ID that we give. Gmail exchanges it for one of its own; other ways of sending keep it."""
    domain = sender_address.rpartition("@")[2] or "localhost"
    return f"<{send_key.replace(':', '.')}@{domain}>"


def write(material: Material, urls: TrackingUrls, now: datetime) -> Content:
    """The email's content. Raises MissingMergeFields, TemplateProblem, InvalidField for an impossible address."""
    email, answered = material.email, _answered(material)
    unsubscribe = urls.unsubscribe(email.id)
    rendered = compile_template(material.body_template, TemplateKind.BODY).render(material.values)
    footer = Footer(material.organization_name, material.postal_address, unsubscribe, material.sender_culture)
    body = write_body(rendered, footer, material.signature)
    subject = _subject(material, answered)
    envelope = Envelope(
        send_id=email.send_key,
        message_id=own_message_id(email.send_key, material.sender_address),
        sender_name=material.sender_name,
        sender_address=material.sender_address,
        recipient_name=material.recipient_name,
        recipient_address=material.recipient_address,
        subject=subject,
        date=now,
        in_reply_to=answered.message_id if answered else None,
        references=answered.references if answered else (),
        unsubscribe_url=unsubscribe,
    )
    tracked = body.tracked_html(lambda position: urls.clicked(email.id, position), urls.opened(email.id))
    return Content(
        subject=subject,
        html=body.html,
        text=body.text,
        mime=compose(envelope, tracked, body.text),
        to_address=material.recipient_address.strip().lower(),
        from_address=material.sender_address,
        references=_references(answered),
        thread_id=answered.thread_id if answered else None,
        links=tuple((link.url, link.text) for link in body.links),
    )


def lacks_message_id(material: Material) -> bool:
    """Whether the email to be answered has left, but its real Message-ID could not be read yet."""
    answered = _answered(material)
    return answered is not None and answered.message_id is None and answered.provider_message_id is not None


def _answered(material: Material) -> Answered | None:
    """The email in whose thread this one goes. From another mailbox its thread cannot be joined: a new one begins."""
    before = material.before
    return before if material.is_reply and before and before.same_mailbox else None


def _subject(material: Material, answered: Answered | None) -> str:
    own = compile_template(material.subject_template, TemplateKind.SUBJECT).render(material.values)
    if answered:
        return reply_subject(answered.subject)
    return own or (thread_subject(material.before.subject) if material.before else "")


def _references(answered: Answered | None) -> tuple[str, ...]:
    if answered is None or answered.message_id is None:
        return ()
    return (*answered.references, answered.message_id)
