"""What the page of personal data calls things, by language. What has no word of its own is told by its key."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.contacts.known_fields import LABELS
from domain.shared.culture import language_of

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """Of one language: labels of a contact's facts, of all else that is held, and the codes that stand as values."""

    language: str
    title: str
    as_of: str
    nothing: str
    yes: str
    no: str
    facts: Mapping[str, str]
    labels: Mapping[str, str]
    codes: Mapping[str, str]


def words_of(culture: str) -> Words:
    """In English where nothing is known in their language."""
    return BY_LANGUAGE.get(language_of(culture), BY_LANGUAGE[FALLBACK])


ENGLISH = Words(
    language="en",
    title="Personal data: {name}",
    as_of="As held on {when}. Times are those of {zone}.",
    nothing="Nothing.",
    yes="Yes",
    no="No",
    facts={
        **LABELS["en"],
        "owner_name": "Owner",
        "email_state": "State of the address",
        "opted_out_at": "Opted out on",
        "do_not_call_at": "Do not call since",
        "created_at": "Created",
        "updated_at": "Changed",
        "last_activity_at": "Last activity",
    },
    labels={
        "contact": "Contact",
        "merged_records": "Merged records",
        "suppressions": "Suppression list",
        "html": "HTML",
        "at": "When",
        "type": "What happened",
        "url": "Link",
        "address": "Network address",
        "user_agent": "Program",
        "sent_at": "Sent",
        "received_at": "Received",
        "created_at": "Created",
        "started_at": "Started",
        "added_at": "Added",
        "from_address": "From",
        "to_address": "To",
    },
    codes={"open": "Opened", "click": "Clicked", "no_email": "No email address", "ok": "OK"},
)

GERMAN = Words(
    language="de",
    title="Personenbezogene Daten: {name}",
    as_of="Stand: {when}. Zeiten gelten in der Zeitzone {zone}.",
    nothing="Nichts.",
    yes="Ja",
    no="Nein",
    facts={
        **LABELS["de"],
        "owner_name": "Zuständig",
        "email_state": "Zustand der E-Mail-Adresse",
        "opted_out_at": "Abgemeldet am",
        "do_not_call_at": "Nicht anrufen seit",
        "created_at": "Angelegt",
        "updated_at": "Geändert",
        "last_activity_at": "Letzte Aktivität",
        "status_id": "Status",
        "owner_id": "Zuständig",
    },
    labels={
        "contact": "Kontakt",
        "emails": "E-Mails",
        "answers": "Antworten",
        "opens_and_clicks": "Öffnungen und Klicks",
        "links": "Links",
        "activities": "Verlauf",
        "notes": "Notizen",
        "salesflows": "Salesflows",
        "lists": "Listen",
        "imports": "Importe",
        "merged_records": "Zusammengeführte Datensätze",
        "former_addresses": "Frühere Adressen",
        "suppressions": "Sperrliste",
        "sent_at": "Gesendet",
        "received_at": "Empfangen",
        "created_at": "Angelegt",
        "started_at": "Begonnen",
        "added_at": "Hinzugefügt",
        "at": "Zeitpunkt",
        "until": "Bis",
        "state": "Stand",
        "kind": "Art",
        "type": "Was geschah",
        "outcome": "Ergebnis",
        "reason": "Grund",
        "from_address": "Von",
        "to_address": "An",
        "subject": "Betreff",
        "text": "Text",
        "html": "HTML",
        "address": "Netzwerkadresse",
        "user_agent": "Programm",
        "url": "Link",
        "link_text": "Text des Links",
        "user": "Benutzer",
        "detail": "Einzelheiten",
        "name": "Name",
        "file": "Datei",
        "line": "Zeile",
        "before": "Vorher",
        "after": "Nachher",
        "from": "Von",
        "to": "Zu",
        "by": "Durch",
        "bounce": "Unzustellbar",
        "code": "Code",
        "merge_id": "Zusammenführung",
        "note_id": "Notiz",
    },
    codes={
        "none": "Keine",
        "ok": "In Ordnung",
        "bounced": "Unzustellbar",
        "hard": "Dauerhaft",
        "soft": "Vorübergehend",
        "person": "Die Person",
        "machine": "Eine Maschine",
        "ready": "Bereit",
        "drafted": "Entworfen",
        "sending": "Wird gesendet",
        "unknown": "Unklar",
        "sent": "Gesendet",
        "failed": "Gescheitert",
        "cancelled": "Abgebrochen",
        "needs_human": "Unklar, ob die E-Mail abging",
        "reply": "Antwort",
        "auto_reply": "Automatische Antwort",
        "out_of_office": "Abwesend",
        "left": "Ausgeschieden",
        "bounce": "Unzustellbar",
        "delay": "Verzögert",
        "opt_out": "Abmeldung",
        "open": "Geöffnet",
        "click": "Angeklickt",
        "contact_created": "Kontakt angelegt",
        "contact_status_changed": "Status geändert",
        "contact_deleted": "Kontakt gelöscht",
        "contact_unsubscribed": "Abgemeldet",
        "contact_opted_in": "Abmeldung zurückgenommen",
        "contact_merged": "Mit anderem Datensatz zusammengeführt",
        "contact_unmerged": "Zusammenführung rückgängig gemacht",
        "salesflow_started": "In Salesflow aufgenommen",
        "salesflow_paused": "Salesflow pausiert",
        "salesflow_resumed": "Salesflow fortgesetzt",
        "salesflow_finished": "Salesflow beendet",
        "email_sent": "E-Mail gesendet",
        "email_opened": "E-Mail geöffnet",
        "email_clicked": "Link angeklickt",
        "email_replied": "Geantwortet",
        "email_auto_replied": "Automatische Antwort",
        "email_failed": "E-Mail gescheitert",
        "note_added": "Notiz",
        "active": "Aktiv",
        "paused": "Pausiert",
        "finished": "Beendet",
        "completed": "Abgeschlossen",
        "replied": "Geantwortet",
        "opted_out": "Abgemeldet",
        "left_company": "Hat das Unternehmen verlassen",
        "suppressed": "Gesperrt",
        "no_email": "Keine E-Mail-Adresse",
        "merged": "Mit einem anderen Kontakt zusammengeführt",
        "archived": "Archiviert",
        "manual": "Von Hand",
        "needs_data": "Angaben fehlen",
        "sender_left": "Absender ist ausgeschieden",
        "created": "Angelegt",
        "updated": "Aktualisiert",
        "unchanged": "Unverändert",
        "email": "E-Mail-Adresse",
        "domain": "Domain",
        "phone": "Telefonnummer",
        "do_not_call": "Nicht anrufen",
        "erased": "Daten gelöscht",
    },
)

BY_LANGUAGE: Mapping[str, Words] = {words.language: words for words in (ENGLISH, GERMAN)}
