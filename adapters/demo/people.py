"""Sample prospects: plain invented names, the same ones at every load."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

FIRST_NAMES = (
    "Ana", "Ben", "Chloé", "Daniel", "Elif", "Farah", "Grace", "Hugo", "Ines", "Jonas", "Kaito", "Laura", "Mateo",
    "Nadia", "Oscar", "Priya", "Quentin", "Rosa", "Sven", "Tomás", "Uma", "Victor", "Wanda", "Ximena", "Yusuf", "Zoë",
    "Aiko", "Björn", "Carmen", "Dmitri", "Emma", "Felix", "Greta", "Hannah", "Ivan", "Jürgen", "Kim", "Liam", "Maya",
)  # fmt: skip
LAST_NAMES = (
    "Alvarez", "Becker", "Costa", "Dubois", "Eriksson", "Fischer", "García", "Hansen", "Ito", "Jansen", "Kowalski",
    "Lindqvist", "Müller", "Novák", "O'Connor", "Petrov", "Quispe", "Rossi", "Schneider", "Tanaka", "Ueda", "Van Dijk",
    "Weber", "Xu", "Yılmaz", "Zhang", "Andersson", "Bianchi", "Chen", "Díaz", "Fernández", "Gupta", "Haddad", "Khan",
)  # fmt: skip
COMPANIES = (
    ("Fabrikam", "fabrikam.example", "Boston", "MA", "United States", "America/New_York"),
    ("Contoso", "contoso.example", "Seattle", "WA", "United States", "America/Los_Angeles"),
    ("Adventure Works", "adventure-works.example", "Denver", "CO", "United States", "America/Denver"),
    ("Tailspin Toys", "tailspin.example", "Chicago", "IL", "United States", "America/Chicago"),
    ("Litware", "litware.example", "Austin", "TX", "United States", "America/Chicago"),
    ("Proseware", "proseware.example", "London", "", "United Kingdom", "Europe/London"),
    ("Lamna Healthcare", "lamna.example", "Hamburg", "", "Germany", "Europe/Berlin"),
    ("Wingtip Air", "wingtip.example", "Paris", "", "France", "Europe/Paris"),
    ("Relecloud", "relecloud.example", "Stockholm", "", "Sweden", "Europe/Stockholm"),
    ("Trey Research", "trey.example", "Toronto", "ON", "Canada", "America/Toronto"),
    ("Fourth Coffee", "fourth-coffee.example", "Madrid", "", "Spain", "Europe/Madrid"),
    ("Alpine Ski House", "alpine-ski.example", "Zürich", "", "Switzerland", "Europe/Zurich"),
    ("Graphic Design Institute", "gdi.example", "Tokyo", "", "Japan", "Asia/Tokyo"),
    ("City Power & Light", "city-power.example", "Phoenix", "AZ", "United States", "America/Phoenix"),
    ("Coho Winery", "coho.example", "Portland", "OR", "United States", "America/Los_Angeles"),
    ("Margie's Travel", "margies.example", "Milan", "", "Italy", "Europe/Rome"),
)
TITLES = (
    "Head of Sales", "VP Marketing", "Purchasing Manager", "Chief Operating Officer", "IT Director", "Account Manager",
    "Director of Operations", "Revenue Operations Lead", "Managing Director", "Head of Procurement", "CFO", "Buyer",
    "Sales Enablement Manager", "Business Development Manager", "Regional Manager", "Customer Success Lead",
)  # fmt: skip
STATUSES = (
    ("New", 34), ("Prospecting", 22), ("Contacted", 18), ("Open", 10), ("Qualified", 7), ("Unqualified", 4),
    ("Disqualified", 3), ("Closed", 2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody to be sold to."""

    first_name: str
    last_name: str
    email: str
    company: str
    job_title: str
    business_phone: str
    city: str
    state: str
    country: str
    time_zone: str
    status: str


def sample_people(count: int, random: Random) -> Iterator[SamplePerson]:
    """`count` people with distinct addresses."""
    for number in range(count):
        first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
        company, domain, city, state, country, zone = random.choice(COMPANIES)
        yield SamplePerson(
            first_name=first,
            last_name=last,
            email=f"{_ascii(first)}.{_ascii(last)}{number or ''}@{domain}",
            company=company,
            job_title=random.choice(TITLES),
            business_phone=f"+1617555{number % 10000:04d}",
            city=city,
            state=state,
            country=country,
            time_zone=zone,
            status=random.choices([label for label, _ in STATUSES], [weight for _, weight in STATUSES])[0],
        )


PLAIN = str.maketrans("áéíóúëïöüäåñıçğş", "aeioueiouaanicgs", "' ")


def _ascii(name: str) -> str:
    return name.lower().translate(PLAIN)
