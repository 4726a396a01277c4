"""How people call the columns of a file of people: in English, German, French, Spanish, Italian, Dutch, Portuguese."""

import re
from collections.abc import Mapping, Sequence

from domain.contacts.folding import fold

_WORDS = re.compile(r"[^\W_]+")

# By field, as headers are compared: without accents, case and signs.
SAID: Mapping[str, Sequence[str]] = {
    "first_name": (
        "first name", "firstname", "given name", "given names", "forename", "christian name", "contact first name",
        "vorname", "rufname", "vornamen", "prenom", "prenoms", "nombre de pila", "primer nombre", "nome proprio",
        "voornaam", "roepnaam", "primeiro nome", "nome de batismo",
    ),
    "last_name": (
        "last name", "lastname", "surname", "family name", "contact last name", "nachname", "familienname", "zuname",
        "nom de famille", "apellido", "apellidos", "primer apellido", "cognome", "achternaam", "familienaam",
        "sobrenome", "apelido", "ultimo nome",
    ),
    "name": (
        "full name", "fullname", "contact name", "contact", "display name", "person", "vollstandiger name",
        "ansprechpartner", "kontakt", "kontaktname", "vor und nachname", "name vorname", "nom complet", "contacto",
        "nom et prenom", "prenom et nom", "nombre completo", "nombre y apellidos", "nome completo", "nome e cognome",
        "contatto", "contactpersoon", "volledige naam", "contato",
    ),
    "salutation": (
        "salutation", "greeting", "honorific", "prefix", "name prefix", "courtesy title", "mr mrs", "anrede",
        "anredetitel", "civilite", "tratamiento", "saludo", "titolo di cortesia", "appellativo", "aanhef",
        "aanspreektitel", "tratamento", "saudacao",
    ),
    "email": (
        "email", "e mail", "mail", "email address", "e mail address", "emailaddress", "email 1", "work email",
        "business email", "primary email", "contact email", "email addresses", "e mail adresse", "mailadresse",
        "email adresse", "emailadresse", "adresse e mail", "adresse email", "adresse mail", "courriel",
        "adresse electronique", "correo", "correo electronico", "direccion de correo", "posta elettronica",
        "indirizzo email", "indirizzo e mail", "e mailadres", "emailadres", "mailadres", "endereco de email",
        "endereco de e mail", "correio eletronico",
    ),
    "company": (
        "company", "company name", "organization", "organisation", "organization name", "account", "account name",
        "employer", "business", "firm", "firma", "unternehmen", "firmenname", "organisationsname", "arbeitgeber",
        "entreprise", "societe", "nom de l entreprise", "organisme", "empresa", "compania", "nombre de la empresa",
        "organizacion", "azienda", "societa", "ditta", "ragione sociale", "bedrijf", "bedrijfsnaam", "organisatie",
        "werkgever", "companhia", "nome da empresa", "organizacao",
    ),
    "job_title": (
        "job title", "jobtitle", "position", "role", "job", "function", "occupation", "job role", "berufsbezeichnung",
        "stellenbezeichnung", "funktion", "beruf", "jobtitel", "fonction", "poste", "intitule du poste", "cargo",
        "puesto", "puesto de trabajo", "ruolo", "posizione", "qualifica", "mansione", "functie", "functietitel",
        "funcao",
    ),
    "business_phone": (
        "business phone", "phone", "telephone", "phone number", "work phone", "office phone", "direct phone", "tel",
        "telephone number", "company phone", "phone 1", "landline", "direct line", "business phone 1", "phones",
        "telefon", "telefonnummer", "rufnummer", "telefon geschaftlich", "telefon buro", "festnetz", "durchwahl",
        "geschaftstelefon", "tel nr", "numero de telephone", "telephone professionnel", "telephone bureau",
        "telephone fixe", "telefono", "numero de telefono", "telefono del trabajo", "telefono fijo",
        "telefono ufficio", "numero di telefono", "telefono fisso", "telefoon", "telefoonnummer", "telefoon werk",
        "vaste telefoon", "telefone", "numero de telefone", "telefone comercial", "telefone fixo",
    ),
    "mobile_phone": (
        "mobile phone", "mobile", "cell", "cell phone", "cellphone", "mobile number", "mobile phone number", "cellular",
        "handy", "mobiltelefon", "mobil", "handynummer", "mobilnummer", "telefon mobil", "mobile telefonnummer",
        "portable", "telephone portable", "telephone mobile", "mobile professionnel", "movil", "telefono movil",
        "celular", "telefono celular", "cellulare", "telefono cellulare", "mobiele telefoon", "mobiel",
        "mobiel nummer", "gsm", "telemovel", "telefone celular", "telefone movel",
    ),
    "street": (
        "street", "street address", "address", "address 1", "address line 1", "mailing street", "business street",
        "strasse", "anschrift", "adresse", "strasse und hausnummer", "strasse hausnummer", "strasse nr", "rue", "voie",
        "adresse postale", "calle", "direccion", "domicilio", "via", "indirizzo", "straat", "adres", "straatnaam",
        "rua", "endereco", "morada", "logradouro",
    ),
    "city": (
        "city", "town", "mailing city", "business city", "locality", "ort", "stadt", "wohnort", "gemeinde", "ville",
        "commune", "localite", "ciudad", "localidad", "poblacion", "municipio", "citta", "comune", "localita", "plaats",
        "woonplaats", "stad", "cidade",
    ),
    "state": (
        "state", "province", "region", "county", "state region", "state province", "mailing state", "business state",
        "bundesland", "kanton", "departement", "provincia", "estado", "comunidad autonoma", "regione", "provincie",
        "uf", "distrito",
    ),
    "zip": (
        "zip", "zip code", "zipcode", "postal code", "postcode", "post code", "mailing zip", "business postal code",
        "zip postal code", "plz", "postleitzahl", "code postal", "cp", "codigo postal", "cap",
        "codice postale", "codice di avviamento postale", "cep",
    ),
    "country": (
        "country", "country region", "mailing country", "business country", "country code", "nation", "land", "staat",
        "pays", "pais", "paese", "nazione", "stato",
    ),
    "time_zone": (
        "time zone", "timezone", "tz", "zeitzone", "fuseau horaire", "zona horaria", "huso horario", "fuso orario",
        "tijdzone", "fuso horario",
    ),
    "status": (
        "status", "contact status", "lead status", "lifecycle stage", "stage", "kontaktstatus", "statut",
        "statut du contact", "estado del contacto", "situacion", "stato del contatto", "contactstatus", "situacao",
    ),
    "owner": (
        "owner", "contact owner", "lead owner", "owner email", "assigned to", "sales rep", "account owner", "besitzer",
        "inhaber", "verantwortlich", "betreuer", "zustandig", "kontaktinhaber", "proprietaire", "responsable",
        "propietario", "proprietario", "responsabile", "eigenaar", "verantwoordelijke", "responsavel",
    ),
}  # fmt: skip

# The whole name, or the part of it that no other column has.
NAMES = frozenset({"name", "names", "nom", "noms", "nombre", "nombres", "nome", "nomi", "nomes", "naam", "namen"})
# An academic's or an office's.
TITLES = frozenset({"title", "titel", "titre", "titulo", "titolo"})
SALUTATIONS = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "herr", "frau", "fr", "hr", "m", "mme", "mlle", "monsieur", "madame",
    "sr", "sra", "srta", "senor", "senora", "don", "dona", "sig", "sigra", "signor", "signora", "dott", "dottssa",
    "dhr", "mevr", "mw", "heer",
})  # fmt: skip
# Words that mean the same wherever in a header they stand.
CLEAR = frozenset({"email", "vorname", "nachname", "firstname", "lastname", "surname", "plz", "courriel", "cognome"})

FIELDS: Mapping[str, str] = {said: key for key, all_said in SAID.items() for said in all_said}


def compared(header: str) -> str:
    """A header as it is compared: the words alone."""
    return " ".join(_WORDS.findall(fold(header)))
