from __future__ import annotations

import csv
import gzip
import json
import random
from pathlib import Path

import pytest

from commonlight.sources.person_numbers import IDENTITY_NUMBERS, PLATES, is_iban
from commonlight.sources.persons import find_person_columns

N = 60
RNG = random.Random(20261121)

# Column names that a publisher could use, by language, with what they hold.
NAMES = {
    "English": {
        "name": ["First name", "surname", "victim_name", "FullName", "suspect full name"],
        "birth date": ["DOB", "date of birth", "BirthDate"],
        "identity number": ["Passport no", "national insurance number", "offender_id", "SSN"],
        "phone number": ["phone", "Mobile number", "telephone_no"],
        "number plate": ["number plate", "licence_plate", "vehicle registration"],
        "e-mail address": ["email", "E-Mail", "contact_email"],
        "address of a person": ["home address", "victim address"],
        "bank account": ["IBAN", "bank account"],
    },
    "German": {
        "name": ["Vorname", "NACHNAME", "Familienname", "Name des Opfers"],
        "birth date": ["Geburtsdatum", "geb_datum", "Geburtstag"],
        "identity number": ["Personalausweisnummer", "Reisepass", "Steuer-ID"],
        "phone number": ["Telefonnummer", "Handynr", "Tel."],
        "number plate": ["Kfz-Kennzeichen", "KENNZEICHEN"],
        "e-mail address": ["E-Mail-Adresse", "Mailadresse"],
        "address of a person": ["Wohnanschrift", "Wohnadresse"],
        "bank account": ["Kontonummer"],
    },
    "French": {
        "name": ["Prénom", "nom de famille", "Nom de la victime"],
        "birth date": ["Date de naissance", "date_naissance_victime né le"],
        "identity number": ["Numéro de sécurité sociale", "permis de conduire", "Passeport"],
        "phone number": ["Téléphone", "numero de telephone"],
        "number plate": ["Immatriculation", "plaque d'immatriculation"],
        "e-mail address": ["Courriel", "adresse électronique"],
        "address of a person": ["adresse du domicile", "adresse de la victime"],
    },
    "Spanish": {
        "name": ["Apellidos", "primer_apellido", "nombre completo", "Nombre de la víctima"],
        "birth date": ["Fecha de nacimiento", "FECHA_NAC"],
        "identity number": ["DNI", "NIF", "Pasaporte", "documento de identidad"],
        "phone number": ["Teléfono", "móvil"],
        "number plate": ["Matrícula"],
        "e-mail address": ["correo electrónico"],
        "address of a person": ["domicilio particular", "dirección del denunciante"],
    },
    "Catalan": {
        "name": ["Cognoms", "nom i cognoms"],
        "birth date": ["data de naixement"],
        "identity number": ["Passaport", "document d'identitat"],
        "phone number": ["telèfon", "mòbil"],
        "number plate": ["matrícula"],
        "e-mail address": ["correu electrònic"],
    },
    "Italian": {
        "name": ["Cognome", "nome completo", "nome_vittima"],
        "birth date": ["data di nascita"],
        "identity number": ["Codice fiscale", "carta d'identità"],
        "phone number": ["Telefono", "cellulare"],
        "number plate": ["Targa"],
        "e-mail address": ["posta elettronica"],
        "address of a person": ["indirizzo di residenza"],
    },
    "Portuguese": {
        "name": ["Apelido", "sobrenome", "nome da vítima"],
        "birth date": ["data de nascimento"],
        "identity number": ["NIF", "cartão de cidadão"],
        "phone number": ["telemóvel", "telefone"],
        "number plate": ["matrícula"],
        "e-mail address": ["correio eletrónico"],
    },
    "Dutch": {
        "name": ["Voornaam", "achternaam", "naam slachtoffer"],
        "birth date": ["geboortedatum"],
        "identity number": ["BSN", "burgerservicenummer"],
        "phone number": ["telefoonnummer"],
        "number plate": ["kenteken"],
        "e-mail address": ["e-mailadres"],
        "address of a person": ["woonadres"],
    },
    "Estonian": {
        "name": ["Eesnimi", "perekonnanimi"],
        "birth date": ["sünniaeg"],
        "identity number": ["isikukood"],
        "phone number": ["telefoninumber"],
        "number plate": ["registreerimismärk"],
        "e-mail address": ["e-post"],
    },
    "Latvian": {
        "name": ["Uzvārds", "vārds uzvārds"],
        "birth date": ["dzimšanas datums"],
        "identity number": ["personas kods"],
        "phone number": ["telefona numurs"],
        "number plate": ["numura zīme"],
        "e-mail address": ["e-pasts"],
    },
    "Polish": {
        "name": ["Imię", "nazwisko", "imię i nazwisko"],
        "birth date": ["data urodzenia"],
        "identity number": ["PESEL", "numer dowodu"],
        "phone number": ["numer telefonu"],
        "number plate": ["numer rejestracyjny"],
        "address of a person": ["adres zamieszkania"],
    },
    "Swedish": {
        "name": ["Förnamn", "efternamn"],
        "birth date": ["födelsedatum"],
        "identity number": ["personnummer"],
        "phone number": ["telefonnummer", "mobilnummer"],
        "number plate": ["registreringsnummer"],
        "e-mail address": ["e-postadress"],
    },
}
BY_NAME = [
    (language, kind, name)
    for language, kinds in NAMES.items()
    for kind, names in kinds.items()
    for name in names
]

PEOPLE = {
    "English": ["James Walker", "Sarah Collins", "Emily Booth", "Michael O'Brien", "Zxq Unusual"],
    "German": ["Hans Müller", "Sabine Schröder", "Wolfgang Krüger", "Petra Groß", "Ümran Ak"],
    "French": ["Jean Dupont", "Marie-Claude Lefèvre", "Nathalie Girard", "Éloi Tremblay"],
    "Spanish": ["María García López", "José Pérez Ruiz", "Lucía Fernández", "Íker Zabala"],
    "Catalan": ["Jordi Puigdemont", "Montserrat Vila", "Pere Soler i Font", "Oriol Mas"],
    "Italian": ["Giuseppe Russo", "Francesca Ricci", "Luca Conti", "Tazio Neri"],
    "Portuguese": ["João Silva", "Catarina Sousa", "Rui Costa", "Zulmira Lopes"],
    "Dutch": ["Jan de Vries", "Sanne Bakker", "Pieter van Dijck", "Anouk Visser"],
    "Estonian": ["Kristjan Tamm", "Piret Saar", "Urmas Sepp", "Aigi Kask"],
    "Latvian": ["Jānis Bērziņš", "Kristīne Kalniņa", "Andris Ozols", "Vija Liepa"],
    "Polish": ["Krzysztof Nowak", "Małgorzata Kowalska", "Łukasz Wójcik", "Ewa Mazur"],
    "Swedish": ["Anders Johansson", "Karin Lindqvist", "Lars Öberg", "Tuva Ek"],
    "reversed": ["Müller, Hans", "Schmidt, Sabine", "Weber, Petra", "Wagner, Klaus"],
}


@pytest.mark.parametrize(("language", "kind", "name"), BY_NAME)
def test_every_column_is_found_by_its_name(language: str, kind: str, name: str) -> None:
    found = find_person_columns(["Ort", name], [["Riga", "Bern"], ["abc def", "xyz 12a"]])
    assert [(column.name, column.kind) for column in found] == [(name, kind)], language


@pytest.mark.parametrize(("language", "kind", "name"), BY_NAME)
def test_an_empty_column_is_found_by_its_name(language: str, kind: str, name: str) -> None:
    assert find_person_columns([name], [[]])[0].kind == kind, language


@pytest.mark.parametrize("language", PEOPLE)
def test_names_are_found_by_content(language: str) -> None:
    found = find_person_columns(["Column 7"], [PEOPLE[language]])
    assert [column.kind for column in found] == ["name"]


def test_first_names_alone_are_found() -> None:
    cells = ["Anna", "Peter", "Maria", "Thomas", "Julia", "Xaveria"]
    assert find_person_columns(["p1"], [cells])[0].kind == "name"


def _day(rng: random.Random) -> tuple[int, int, int]:
    return rng.randint(1940, 1999), rng.randint(1, 12), rng.randint(1, 28)


def _with_check(body: str, fits: object) -> str | None:
    for last in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        if callable(fits) and fits(body + last):
            return body + last
    return None


def _numbers(label: str, rng: random.Random) -> str:
    """A number with a right check digit, found by trying the last characters."""
    form, check = next((f, c) for name, f, c in IDENTITY_NUMBERS if name.startswith(label))
    while True:
        y, m, d = _day(rng)
        short, three = f"{y % 100:02d}", f"{rng.randrange(1000):03d}"
        letters = f"RSS{rng.choice('MRTBLC')}{rng.choice('ARO')}A"
        body = {
            "Spanish": f"{rng.randrange(10**8):08d}",
            "Italian": f"{letters}{short}H{d:02d}F{three}",
            "Estonian": f"{3 + rng.randrange(2)}{short}{m:02d}{d:02d}{three}",
            "Latvian": f"{d:02d}{m:02d}{y % 100:02d}-1{rng.randrange(1000):03d}",
            "Dutch": f"{rng.randrange(10**8):08d}",
            "Polish": f"{y % 100:02d}{m:02d}{d:02d}{rng.randrange(10**4):04d}",
            "Swedish": f"{y}{m:02d}{d:02d}-{rng.randrange(1000):03d}",
            "German": f"{rng.randint(1, 9)}{rng.randrange(10**9):09d}",
            "Finnish": f"{d:02d}{m:02d}{y % 100:02d}-{rng.randrange(2, 900):03d}",
            "Portuguese": f"2{rng.randrange(10**7):07d}",
        }[label]
        whole = _with_check(body, lambda text: bool(form.fullmatch(text)) and check(text))
        if whole is not None:
            return whole


LABELS = ["Spanish", "Italian", "Estonian", "Latvian", "Dutch", "Polish", "Swedish"]


@pytest.mark.parametrize("label", [*LABELS, "German", "Finnish", "Portuguese"])
def test_identity_numbers_are_found_by_content(label: str) -> None:
    cells = [_numbers(label, RNG) for _ in range(N)]
    assert [c.kind for c in find_person_columns(["code"], [cells])] == ["identity number"]


@pytest.mark.parametrize(
    ("label", "number"),
    [
        # Examples that the issuing offices or their published algorithms print.
        ("Spanish", "12345678Z"),
        ("Italian", "RSSMRA85T10A562S"),
        ("Estonian", "37605030299"),
        ("Dutch", "111222333"),
        ("Polish", "44051401359"),
        ("Swedish", "811218-9876"),
        ("French", "255081416802538"),
        ("Finnish", "131052-308T"),
        ("German", "86095742719"),
        ("Belgian", "85.07.30-033.28"),
    ],
)
def test_published_examples_of_check_digits(label: str, number: str) -> None:
    form, check = next((f, c) for name, f, c in IDENTITY_NUMBERS if name.startswith(label))
    assert form.fullmatch(number)
    assert check(number)


@pytest.mark.parametrize("label", LABELS)
def test_random_numbers_of_the_same_length_are_no_identity_numbers(label: str) -> None:
    digits = len(_numbers(label, RNG).replace("-", ""))
    for _ in range(20):
        cells = [str(RNG.randrange(10 ** (digits - 1), 10**digits)) for _ in range(N)]
        assert find_person_columns(["case"], [cells]) == ()


PHONES = [
    ["+44 20 7946 0958", "+44 7700 900123", "+44 161 496 0001"],
    ["030 1234567", "0171/2345678", "089-12345678"],
    ["06 12 34 56 78", "01.23.45.67.89", "07 98 76 54 32"],
    ["(312) 555-0142", "312-555-0198", "773-555-0111"],
    ["+372 5123 4567", "+371 29123456", "+34 612 345 678"],
]


@pytest.mark.parametrize("cells", PHONES)
def test_phones_are_found_by_content(cells: list[str]) -> None:
    assert [c.kind for c in find_person_columns(["k"], [cells])] == ["phone number"]


def test_phones_and_mails_in_free_text_are_found() -> None:
    quiet = ["broken lamp", "noise at night", "bicycle gone"] * 5
    phone = [*quiet, *(f"call me at +44 7700 90012{k} please" for k in range(4))]
    mail = [*quiet, "write to a.b@example.org"]
    assert [c.kind for c in find_person_columns(["t", "u"], [phone, mail])] == [
        "phone number",
        "e-mail address",
    ]


PLATE_CELLS = {
    "German": ["B-MW 1234", "M AB 12", "HH-XY 999E", "K-LM 7", "DD-QR 4567"],
    "British": ["AB12 CDE", "LK07XYZ", "YD65 FGH", "BX19 KLM", "FY58 ZRT"],
    "Spanish": ["1234 BCD", "9876 KLM", "4567FGH", "2345 RST", "3456 XYZ"],
    "French": ["AB-123-CD", "EF-456-GH", "JK-789-LM", "NP-234-QR", "ST-567-VW"],
    "Italian": ["AB 123 CD", "EF456GH", "GJ 789 KL", "FT 234 MN", "BX567VZ"],
    "Dutch": ["12-AB-CD", "GH-123-J", "1-KLM-23", "NP-45-RS", "XX-999-B"],
    "Estonian": ["123 ABC", "456 DEF", "789 GHJ", "321 KLM", "654 NPR"],
    "Swedish": ["ABC 123", "DEF 45G", "GHJ 678", "KLM 90N", "PRS 234"],
}


@pytest.mark.parametrize("country", PLATE_CELLS)
def test_plates_are_found_by_content(country: str) -> None:
    found = find_person_columns(["vehicle ref"], [PLATE_CELLS[country]])
    assert [c.kind for c in found] == ["number plate"]


def test_iban_is_checked() -> None:
    # Examples of the IBAN registry.
    good = ["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "NL91ABNA0417164300"]
    assert all(is_iban(text) for text in good)
    assert not is_iban("DE89370400440532013001")
    assert find_person_columns(["k"], [good])[0].kind == "bank account"


def test_a_column_called_name_needs_evidence() -> None:
    wards = ["Victoria", "Holme Valley South", "Otley and Yeadon", "Albert Park"]
    assert find_person_columns(["name"], [wards]) == ()
    with_birth = find_person_columns(["name", "birth date"], [["Xu Qi"], ["1980-01-02"]])
    assert [c.name for c in with_birth] == ["name", "birth date"]


def test_dates_of_birth_under_a_short_name() -> None:
    assert find_person_columns(["geb."], [["03.04.1975", "11.12.1988"]])[0].kind == "birth date"
    assert find_person_columns(["geb."], [["03.04.2024", "11.12.2023"]]) == ()


INNOCENT = {
    "Case Number": ["HZ123456", "JA234567", "JB345678", "JC456789", "JD567890"],
    "IUCR": ["0486", "051A", "0820", "143A", "2027"],
    "ID": ["10224738", "10224739", "11646166", "11645836", "11645959"],
    "Block": ["043XX S WOOD ST", "008XX N CENTRAL AVE", "035XX W BARRY AVE"],
    "Description": ["DOMESTIC BATTERY SIMPLE", "POCKET-PICKING", "AGGRAVATED: HANDGUN"],
    "street name": ["Albert Road", "George Street", "Victoria Avenue", "Charles Close"],
    "Straße": ["Karl-Marx-Allee", "Robert-Koch-Straße", "Anna-Seghers-Weg", "Rosa Luxemburg Platz"],
    "carrer": ["Carrer de Joan Maragall", "Plaça de Francesc Macià", "Ronda de Sant Pere"],
    "via": ["Via Giuseppe Verdi", "Corso Vittorio Emanuele", "Piazza San Marco"],
    "school name": ["St Peter's School", "Thomas More College", "King Edward VI School"],
    "Ward name": ["St Michaels", "Clayton-le-Woods North", "Ribble Valley North East"],
    "Mobile phone theft": ["3", "0", "12"],
    "telefon": ["Ja", "Nein", "Ja"],
    "number of victims": ["1", "2", "1"],
    "victims": ["1", "0", "4"],
    "Victim sex": ["M", "F", "M"],
    "victim age group": ["18-24", "25-44", "45-64"],
    "country of birth": ["Germany", "Latvia"],
    "births": ["1200", "1310"],
    "year of birth": ["1980", "1991"],
    "recorded": ["01.02.2020 10:30", "11.12.2019 04:05", "01-02-2020 10:30"],
    "postcode": ["LS1 4AB", "BD3 9QR", "HX1 1AA", "WF10 5TZ", "HD1 2BB"],
    "grid": ["728368.048 877125.895", "0.0012345678 12"],
    "Crime ID": ["dc49a93f22f277264513f4bd9861b273ae99a571e7909de80f343bbc2dfd62bf"],
    "timestamp": ["1577836800", "1577923200", "1578009600", "1578096000", "1578182400"],
    "LOR": ["01100101", "02200208", "12345678", "09100101", "02300419"],
    "Location Description": ["SMALL RETAIL STORE", "APARTMENT", "STREET"],
    "liczba dni": ["12", "300", "4"],
    "Name der Straße": ["Hauptstraße", "Am Markt"],
}


@pytest.mark.parametrize("name", INNOCENT)
def test_open_data_is_let_pass(name: str) -> None:
    assert find_person_columns([name], [INNOCENT[name]]) == ()


def test_reasons_hold_no_value() -> None:
    for cells in [*PHONES, *PEOPLE.values(), *PLATE_CELLS.values(), ["a.b@example.org"] * 3]:
        for column in find_person_columns(["k"], [cells]):
            assert not any(cell in column.reason for cell in cells)


def test_the_order_of_records_does_not_matter() -> None:
    cells = [*PEOPLE["Polish"], "unknown", "", None]
    shuffled = RNG.sample(cells, len(cells))
    assert find_person_columns(["k"], [cells]) == find_person_columns(["k"], [shuffled])


def test_no_real_file_is_stopped(shared_data: Path) -> None:
    looked_at = 0
    for path in sorted(shared_data.glob("*/*.csv*")):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream)
            header = next(reader)
            rows = [row for _, row in zip(range(2000), reader, strict=False)]
        columns = [[row[k] for row in rows] for k in range(len(header))]
        assert find_person_columns(header, columns) == (), path.name
        looked_at += 1
    for path in sorted(shared_data.glob("*/*.geojson")):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        facts = [feature["properties"] for feature in features]
        columns = [[str(fact[name]) for fact in facts] for name in facts[0]]
        assert find_person_columns(list(facts[0]), columns) == (), path.name
        looked_at += 1
    assert looked_at > 30


def test_plate_forms_have_labels() -> None:
    assert len({label for label, _ in PLATES}) == len(PLATES)


TIMES = [f"2024-{1 + k % 12:02d}-{1 + k % 28:02d} 10:00" for k in range(60)]


@pytest.mark.parametrize(
    "form", ["{d:02d}.{m:02d}.{y}", "{d:02d}/{m:02d}/{y}", "{y}-{m:02d}-{d:02d}"]
)
def test_birth_dates_under_a_neutral_name_are_told_by_their_spread(form):
    born = [form.format(d=1 + k % 28, m=1 + k % 12, y=1940 + k) for k in range(60)]
    (found,) = find_person_columns(["Tatzeit", "Feld 7"], [TIMES, born])
    assert (found.name, found.kind) == ("Feld 7", "birth date")


def test_dates_of_a_long_record_are_no_birth_dates():
    years = [f"{1960 + k}-05-03" for k in range(60)]
    assert find_person_columns(["occurred", "closed"], [years, years[::-1]]) == ()
    assert find_person_columns(["occurred"], [years]) == ()
    recent = [f"{2001 + k % 24}-05-03" for k in range(60)]
    assert find_person_columns(["occurred", "updated"], [recent, TIMES]) == ()


def test_estonian_phones_and_polish_plates_under_a_neutral_name():
    phones = [f"5{100 + 7 * k} {1000 + 37 * k}" for k in range(60)]
    plates = [f"{('WA', 'KR', 'PO', 'GD')[k % 4]} {10000 + 371 * k}" for k in range(60)]
    found = find_person_columns(["when", "a", "b"], [TIMES, phones, plates])
    assert [(column.name, column.kind) for column in found] == [
        ("a", "phone number"), ("b", "number plate")
    ]  # fmt: skip
    beats = [f"{('WA', 'KR', 'PO', 'GD')[k % 4]} {1000 + k % 9}" for k in range(60)]
    assert find_person_columns(["when", "beat"], [TIMES, beats]) == ()


@pytest.mark.parametrize(
    "name",
    [
        "ipaddr",
        "IP address",
        "ipaddr. IP-Adresse",
        "_submitted_by",
        "deviceid",
        "simserial",
        "username",
        "token",
        "Access code",
        "refurl. Referrer URL",
    ],
)
def test_accounts_devices_and_network_addresses(name: str) -> None:
    (found,) = find_person_columns([name], [["a1b2c3", "d4e5f6", "g7h8i9"]])
    assert found.kind == "account, device or network address"


def test_network_addresses_by_their_form() -> None:
    cells = [f"192.168.7.{k}" for k in range(20)]
    (found,) = find_person_columns(["x"], [cells])
    assert "network addresses" in found.reason
    versions = [f"1.2.{k}" for k in range(20)]
    assert find_person_columns(["version"], [versions]) == ()


def test_a_question_is_judged_by_its_answers() -> None:
    """Wording names phones and addresses; answers that repeat are none."""
    heading = "Q7. How worried are you that your mobile phone could be snatched?"
    answers = ["very worried", "fairly worried", "not worried"] * 10
    assert find_person_columns([heading], [answers]) == ()
    numbers = [f"reach me at {k:07d}" for k in range(30)]
    assert find_person_columns([heading], [numbers])
    asked = "Q8. What is your name, please, so that we can write to you?"
    assert find_person_columns([asked], [["the first", "the second", "the third"] * 10])
