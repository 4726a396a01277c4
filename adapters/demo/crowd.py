"""A crowd of sample people: as many as somebody wants to see, the same ones at every load."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import TypeVar

from adapters.demo.people import COMPANIES, FIRST_NAMES, LAST_NAMES, STATUSES, TITLES
from domain.contacts.folding import fold

T = TypeVar("T")

MORE_FIRST_NAMES = (
    "Adam", "Alice", "Amir", "Anita", "Antoine", "Astrid", "Bianca", "Bruno", "Camille", "Carlos", "Cecilia", "Chen",
    "Clara", "Cyril", "Damian", "Dana", "David", "Diego", "Dora", "Edgar", "Elena", "Elias", "Elsa", "Emil", "Erik",
    "Esther", "Eva", "Fabian", "Fatima", "Finn", "Florian", "Frida", "Gabriel", "Gina", "Gustav", "Hana", "Harald",
    "Helena", "Henrik", "Hiro", "Ida", "Igor", "Ilse", "Irina", "Isaac", "Jack", "Jana", "Jasmin", "Joel", "Johanna",
    "José", "Julia", "Karim", "Katja", "Klaus", "Lars", "Leila", "Lena", "Leo", "Lina", "Lorenzo", "Lucía", "Lukas",
    "Magnus", "Malik", "Manuel", "Mara", "Marco", "Marie", "Martin", "Max", "Mila", "Mina", "Miriam", "Mohamed",
    "Naomi", "Nils", "Nina", "Noah", "Nora", "Olga", "Oliver", "Pablo", "Paula", "Pedro", "Petra", "Philip", "Pia",
    "Rafael", "Rania", "René", "Rita", "Robert", "Roman", "Ruth", "Samuel", "Sara", "Silvia", "Simon", "Sofia",
    "Stefan", "Susan", "Tanja", "Theo", "Thomas", "Tim", "Tina", "Ulrich", "Vera", "Viktor", "Walter", "Yara", "Zara",
)  # fmt: skip
MORE_LAST_NAMES = (
    "Abe", "Ahmed", "Albrecht", "Almeida", "Alonso", "Amari", "Bakker", "Barbosa", "Barnes", "Bauer", "Beck", "Berg",
    "Bernard", "Blanc", "Bloom", "Borg", "Brandt", "Brennan", "Brooks", "Bruun", "Bücker", "Burke", "Cabrera", "Carter",
    "Castro", "Cohen", "Conti", "Cruz", "Dahl", "Dalton", "Das", "Delgado", "Dijkstra", "Dietrich", "Dufour", "Eck",
    "Ekström", "Engel", "Espinoza", "Falk", "Faure", "Ferrari", "Fiala", "Flores", "Foster", "Frank", "Fuchs", "Fujita",
    "Gallo", "Ganz", "Geiger", "Gomes", "Graf", "Greco", "Gruber", "Guerra", "Haas", "Hahn", "Hart", "Hayes", "Heller",
    "Hoffmann", "Holm", "Horvat", "Hughes", "Ivanov", "Jacobs", "Jensen", "Jung", "Kaiser", "Kato", "Keller", "Kim",
    "Klein", "Koch", "König", "Kovács", "Kramer", "Krüger", "Kumar", "Lang", "Larsen", "Lehmann", "Leroy", "Lopes",
    "Lorenz", "Lund", "Maier", "Marino", "Martins", "Mayer", "Mendes", "Meyer", "Molina", "Moreau", "Moretti", "Nagy",
    "Nakamura", "Navarro", "Neumann", "Nguyen", "Nielsen", "Nilsson", "Okafor", "Olsen", "Ortega", "Pham", "Park",
    "Pereira", "Peters", "Popov", "Quinn", "Ramos", "Reyes", "Richter", "Rivera", "Romano", "Roth", "Roux", "Ruiz",
    "Santos", "Sato", "Schäfer", "Schmidt", "Schröder", "Schulz", "Silva", "Singh", "Sommer", "Stein", "Suzuki",
    "Takeda", "Torres", "Varga", "Vidal", "Vogel", "Wagner", "Wang", "Winter", "Wolf", "Wong", "Yamada", "Zimmermann",
)  # fmt: skip
COMPANY_BEGINNINGS = (
    "Alder", "Amber", "Arrow", "Aspen", "Atlas", "Beacon", "Birch", "Blue", "Bright", "Cedar", "Clear", "Cliff",
    "Coral", "Crystal", "Delta", "Eagle", "East", "Echo", "Elm", "Ember", "Falcon", "Fern", "First", "Fjord", "Forge",
    "Garnet", "Glen", "Golden", "Granite", "Green", "Harbor", "Hazel", "High", "Iron", "Ivory", "Jade", "Juniper",
    "Lake", "Laurel", "Lunar", "Maple", "Marble", "Meadow", "Mill", "Moss", "North", "Oak", "Onyx", "Opal", "Orchid",
    "Pine", "Prairie", "Quarry", "Raven", "Ridge", "River", "Rowan", "Sage", "Silver", "Sky", "Slate", "Solar", "South",
    "Spring", "Stone", "Summit", "Terra", "Thistle", "Tidal", "Vale", "Violet", "West", "Willow", "Winter", "Zephyr",
)  # fmt: skip
COMPANY_ENDINGS = (
    "bank", "bay", "bridge", "brook", "field", "foods", "ford", "gate", "grid", "hill", "house", "labs", "land", "leaf",
    "light", "line", "logic", "marine", "mark", "mill", "motors", "path", "point", "port", "print", "rail", "rock",
    "side", "soft", "spring", "stone", "store", "tech", "tools", "trade", "ware", "wave", "way", "wind", "works",
)  # fmt: skip
COMPANY_FORMS = ("GmbH", "Inc", "Ltd", "AG", "Group", "", "", "", "", "")
AREA_CODES = tuple(code for code in range(201, 990) if code % 100 != 11)
LONG_AGO, LAST_JOINED = timedelta(days=700), timedelta(days=46)

FIRST, LAST = (*FIRST_NAMES, *MORE_FIRST_NAMES), (*LAST_NAMES, *MORE_LAST_NAMES)
PLACES = tuple((city, state or None, country, zone) for _, _, city, state, country, zone in COMPANIES)


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody to be sold to, of whom there is no more than a record."""

    first_name: str
    last_name: str
    email: str | None
    company: str
    job_title: str
    business_phone: str | None
    place: tuple[str, str | None, str, str]
    status: str
    created_at: datetime
    last_activity_at: datetime
    opted_out: bool
    bounced: bool


def crowd(numbers: range, of: int, now: datetime) -> list[Stranger]:
    """The people with these numbers, of so many who joined one after the other until some weeks ago."""
    random = Random(numbers.start)  # noqa: S311 - the same sample every time
    count = len(numbers)
    names = zip(_picked(random, FIRST, count), _picked(random, LAST, count), strict=True)
    companies, titles = _picked(random, _companies(), count), random.choices(TITLES, k=count)
    statuses = random.choices([label for label, _ in STATUSES], [weight for _, weight in STATUSES], k=count)
    span = (LONG_AGO - LAST_JOINED) / of
    found = []
    for number, (first, last), at, title, status in zip(numbers, names, companies, titles, statuses, strict=True):
        company, domain, place = at
        joined = now - LONG_AGO + span * number
        chance = random.random()
        found.append(
            Stranger(
                first_name=first,
                last_name=last,
                email=f"{_plain(first)}.{_plain(last)}{number}@{domain}" if chance < 0.95 else None,
                company=company,
                job_title=title,
                business_phone=_phone(number) if number % 5 < 3 else None,
                place=place,
                status=status,
                created_at=joined,
                last_activity_at=joined if chance < 0.5 else joined + (now - joined) * random.random(),
                opted_out=0.5 < chance < 0.51,
                bounced=0.6 < chance < 0.61,
            )
        )
    return found


def _picked(random: Random, choices: Sequence[T], count: int) -> list[T]:
    """As in life, some far more often than others."""
    return random.choices(choices, cum_weights=_popularity(len(choices)), k=count)


@lru_cache
def _popularity(count: int) -> list[float]:
    return list(accumulate(1 / (rank + 10) for rank in range(count)))


@lru_cache
def _companies() -> list[tuple[str, str, tuple[str, str | None, str, str]]]:
    """Names, domains and where they are."""
    found = []
    for number, (first, second) in enumerate((a, b) for b in COMPANY_ENDINGS for a in COMPANY_BEGINNINGS):
        name = f"{first}{second}"
        form = COMPANY_FORMS[number * 7 % len(COMPANY_FORMS)]
        found.append((f"{name} {form}".strip(), f"{name.lower()}.example", PLACES[number % len(PLACES)]))
    Random(1).shuffle(found)  # noqa: S311 - as above
    return found


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isascii() and letter.isalpha())


def _phone(number: int) -> str:
    """A number of 555, which nobody has, once each."""
    return f"+1{AREA_CODES[number // 10_000 % len(AREA_CODES)]}555{number % 10_000:04d}"
