"""The words around the date of return in out-of-office answers, by language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AbsenceWords:
    """Patterns of what stands before the day of return (`back`) and before the last day of absence (`until`).

    `language` is that of the dates, `order` how numeric ones are written.
    """

    language: str
    back: str
    until: str
    order: str = "DMY"


ABSENCE_WORDS = (
    AbsenceWords(
        "en",
        back=r"\bback(?: in (?:the |my )?office| at (?:work|my desk)| to work)?(?: on| from| by)?"
        r"|\breturn(?:ing)?(?: to (?:the |my )?office| to work| back)?(?: on| from| by)?"
        r"|\bavailable again(?: on| from)?|\bresume(?: work)? on",
        until=r"\b(?:up )?until|\btill|\bthrough|\bthru|\bup to|\bfrom [^.!?\n]{3,30}? (?:to|-|–)",
        order="MDY",
    ),
    AbsenceWords(
        "de",
        back=r"\bab(?: dem)?|\b(?:wieder|zurück) (?:am|ab)(?: dem)?",
        until=r"\bbis(?: einschließlich)?(?: zum)?",
    ),
    AbsenceWords(
        "fr",
        back=r"\bde retour (?:le|à partir du)|\bà partir du|\bdès le|\bje reviens le",
        until=r"\bjusqu['’]?\s?(?:au|à)|\bau",
    ),
    AbsenceWords(
        "es",
        back=r"\b(?:regres\w{1,9}|vuelv\w{1,5}|de vuelta|reincorpor\w{1,9})(?: el)?|\ba partir del",
        until=r"\bhasta(?: el)?|\bal",
    ),
    AbsenceWords(
        "it",
        back=r"\b(?:rientr\w{1,5}|torn\w{1,5}|di ritorno)(?: in ufficio)?(?: il)?|\ba partire dal",
        until=r"\bfino al|\bsino al|\bal",
    ),
    AbsenceWords(
        "pt",
        back=r"\b(?:retorn\w{1,5}|regress\w{1,5}|volt\w{1,5}|de volta)(?: ao escritório)?(?: em| no dia| a| dia)?"
        r"|\ba partir de",
        until=r"\baté(?: o dia| ao dia| o| a| dia)?",
    ),
    AbsenceWords(
        "nl",
        back=r"\b(?:weer|terug)(?: aanwezig| bereikbaar| op kantoor)?(?: op| vanaf)?|\bvanaf",
        until=r"\btot(?: en met)?|\bt/m",
    ),
    AbsenceWords(
        "sv",
        back=r"\b(?:åter(?:kommer)?|tillbaka)(?: på kontoret)?(?: den)?",
        until=r"\btill(?: och med)?(?: den)?|\bt\.?o\.?m\.?",
    ),
    AbsenceWords(
        "da",  # Norwegian dates are read alike
        back=r"\b(?:tilbage|tilbake)(?: på kontoret)?(?: den)?",
        until=r"\btil(?: og med)?(?: den)?|\bt\.?o\.?m\.?",
    ),
    AbsenceWords("fi", back=r"\bpalaan(?: töihin)?|\btavoitettavissa(?: taas)?", until=r"\bsaakka|\basti"),
    AbsenceWords(
        "pl",
        back=r"\b(?:wracam|wrócę|powrót|będę (?:ponownie )?dostępn\w)(?: do biura)?(?: w dniu| dnia)?",
        until=r"\bdo(?: dnia)?(?= \d)",
    ),
    AbsenceWords("cs", back=r"\b(?:vrátím se|zpět|budu zpět)(?: dne)?", until=r"\bdo(?: dne)?(?= \d)"),
    AbsenceWords("tr", back=r"\bdöneceğim", until=r"\bkadar"),
    AbsenceWords("ru", back=r"\b(?:вернусь|буду (?:в офисе|доступ\w{1,4}))(?: с)?", until=r"\bпо|\bдо"),
)
