"""Sample Salesflows: what a sales team writes."""

from dataclasses import dataclass

from domain.salesflows.delays import Delay, DelayUnit


@dataclass(frozen=True, slots=True)
class SampleStep:
    """An automatic email; an empty subject replies in the thread."""

    delay: Delay
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class SampleFlow:
    """A Salesflow, how many people are in it, and over how many past days they were added."""

    name: str
    state: str
    steps: tuple[SampleStep, ...]
    people: int
    days: int


def _now() -> Delay:
    return Delay(0, DelayUnit.MINUTES)


def _business_days(amount: int) -> Delay:
    return Delay(amount, DelayUnit.BUSINESS_DAYS)


FLOWS = (
    SampleFlow(
        "New leads: first contact",
        "active",
        (
            SampleStep(
                _now(),
                "{{ contact.first_name }}, a question about {{ contact.company | default: 'your team' }}",
                "<p>Hi {{ contact.first_name | default: 'there' }},</p><p>teams like yours spend a third of the day "
                "looking for whom to call next. We give that time back: "
                '<a href="https://northwind.example/tour">a two-minute tour</a>.</p>'
                "<p>Is this something {{ contact.company | default: 'you' }} would like to look at this quarter?</p>"
                "<p>Best regards<br>{{ sender.name }}</p>",
            ),
            SampleStep(
                _business_days(2),
                "",
                "<p>Hi {{ contact.first_name | default: 'there' }},</p><p>in case my note got lost: "
                '<a href="https://northwind.example/customers">three customers</a> tell in their own words what '
                "changed for them.</p><p>{{ sender.first_name }}</p>",
            ),
            SampleStep(
                _business_days(4),
                "",
                "<p>Who at {{ contact.company | default: 'your company' }} looks after sales tools? I would be glad "
                "about a hint.</p><p>{{ sender.first_name }}</p>",
            ),
        ),
        people=96,
        days=24,
    ),
    SampleFlow(
        "Conference follow-up",
        "active",
        (
            SampleStep(
                _now(),
                "Good to meet you, {{ contact.first_name | default: 'and thank you' }}",
                "<p>Hi {{ contact.first_name | default: 'there' }},</p><p>thank you for stopping by. As promised: "
                '<a href="https://northwind.example/slides">the slides</a> and '
                '<a href="https://northwind.example/pricing">our prices</a>.</p><p>{{ sender.name }}</p>',
            ),
            SampleStep(
                _business_days(3),
                "",
                "<p>Did the slides answer your questions? I have time on Thursday afternoon.</p>"
                "<p>{{ sender.first_name }}</p>",
            ),
        ),
        people=54,
        days=12,
    ),
    SampleFlow(
        "Win back",
        "paused",
        (
            SampleStep(
                _now(),
                "What has changed since we last spoke",
                "<p>Hi {{ contact.first_name | default: 'there' }},</p><p>a lot has happened since spring: "
                '<a href="https://northwind.example/changes">what is new</a>. Worth a second look?</p>'
                "<p>{{ sender.name }}</p>",
            ),
            SampleStep(_business_days(5), "", "<p>Shall I close your file?</p><p>{{ sender.first_name }}</p>"),
        ),
        people=30,
        days=20,
    ),
    SampleFlow(
        "Renewal reminder",
        "draft",
        (
            SampleStep(
                _now(),
                "Your plan at {{ contact.company | default: 'Northwind' }} renews soon",
                "<p>Hi {{ contact.first_name | default: 'there' }},</p><p>your plan renews next month. Is there "
                "anything you would like to change?</p><p>{{ sender.name }}</p>",
            ),
        ),
        people=0,
        days=0,
    ),
)
