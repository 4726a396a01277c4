"""What a file is, is found out from its beginning and from what is strange in it; what is no table is refused."""

import codecs
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.tabular.glances import CsvGlance
from adapters.tabular.layouts import survey
from domain.contacts.imports.model import MOST_ROWS
from domain.contacts.imports.tables import HEAD, Seen, Table, Wanted
from domain.shared.errors import InvalidField

NAMES: Mapping[str, str] = {
    "cp1252": "Jürgen;Müller;Süd GmbH;Köln\nFrançois;Lefèvre;Société Générale;Orléans\nJosé;Peña;España;Málaga",
    "cp1250": "Łukasz;Wójcik;Kraków;Żółć\nZbigniew;Święty;Łódź;Gdańsk",
    "cp1254": "Şükrü;Yılmaz;İstanbul;Türkiye\nAğrı;Gümüşhane;Işık;Doğan",
    "mac_roman": "Jürgen;Müller;Köln;Straße\nFrançois;Lefèvre;Orléans;Garçon",
    "cp850": "Jürgen;Müller;Köln;München\nFrançois;Lefèvre;Orléans;Élan",
    "cp1251": "Иван;Петров;Москва;ООО Ромашка\nСергей;Иванов;Санкт-Петербург;Завод",
    "koi8_r": "Иван;Петров;Москва;ООО Ромашка\nСергей;Иванов;Санкт-Петербург;Завод",
    "cp1253": "Γιώργος;Παπαδόπουλος;Αθήνα;Ελλάδα",
    "shift_jis": "山田;太郎;東京都;株式会社\n鈴木;一郎;大阪府;会社",
    "gb18030": "张伟;北京市;有限公司\n王芳;上海市;科技有限公司",
    "euc_kr": "김철수;서울특별시;주식회사\n이영희;부산광역시;테스트",
}


def seen(content: bytes, window: int = 1000) -> Seen:
    glance = CsvGlance()
    for first in range(0, len(content), window):
        glance.see(content[first : first + window])
    return glance.end()


def looked_at(content: bytes | str, wanted: Wanted | None = None) -> Table:
    return survey(seen(content.encode() if isinstance(content, str) else content), wanted or Wanted(), {})


def refused(content: bytes | str) -> str:
    with pytest.raises(InvalidField) as refusal:
        looked_at(content)
    [error] = refusal.value.errors
    assert error.pointer == "/file"
    return error.code


@pytest.mark.parametrize("encoding", NAMES)
def test_encodings_are_told_by_names(encoding: str) -> None:
    content = f"Name;Vorname;Firma;Ort\n{NAMES[encoding]}\n" * 3

    assert looked_at(content.encode(encoding)).layout.encoding == encoding


@pytest.mark.parametrize(
    "content", ["Name,Ort\nAnn,Oslo\n", "Name,Ort\nJürgen,Köln\n", "\ufeffName,Ort\nŁukasz,東京\n"]
)
def test_utf_8_is_told_with_a_mark_and_without(content: str) -> None:
    table = looked_at(content)

    assert (table.layout.encoding, table.columns[0].name) == ("utf-8", "Name")


def test_one_letter_in_a_word_is_no_other_script() -> None:
    assert looked_at("Name;Ort\nAnn;Oslo\nBob;Köln\n".encode("cp1252")).layout.encoding == "cp1252"


def test_one_letter_at_the_end_of_a_long_file_decides() -> None:
    content = b"Name,Ort\n" + b"Ann,Oslo\n" * (HEAD // 4) + "Jürgen,Köln\n".encode("cp1252")

    assert looked_at(content).layout.encoding == "cp1252"


def test_of_two_encodings_the_one_of_more_rows_is_taken() -> None:
    most, few = "Jürgen,Köln\n".encode() * 20, "Jürgen,Köln\n".encode("cp1252") * 2

    assert looked_at(b"Name,Ort\n" + most + few).layout.encoding == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters_are_narrowed(encoding: str) -> None:
    content = "Name;Ort\nJürgen Müller;Köln\nAnn;Oslo\n".encode(encoding)
    glance = CsvGlance()
    kept = b"".join(glance.see(content[first : first + 7]) for first in range(0, len(content), 7) or [0])
    found = survey(glance.end(), Wanted(), {})

    assert kept.decode("utf-8-sig") == "Name;Ort\nJürgen Müller;Köln\nAnn;Oslo\n"
    assert (found.layout.encoding.startswith(encoding[:6]), found.layout.kept_in) == (True, "utf-8")
    assert [column.name for column in found.columns] == ["Name", "Ort"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_told(delimiter: str) -> None:
    rows = [["Name", "City", "Amount"], ["Lee, Ann", "Oslo", "1,5"], ["Ray; Bob", "a | b", "2,5"]]
    content = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)

    assert looked_at(content).layout.delimiter == delimiter


def test_decimal_commas_are_no_delimiters() -> None:
    assert looked_at("Name;Amount;City\nAnn;1,5;Oslo\nBob;2,5;Bergen\n").layout.delimiter == ";"


def test_a_line_that_says_the_delimiter_is_believed() -> None:
    table = looked_at("sep=|\nName|City\nAnn|Oslo\n")

    assert (table.layout.delimiter, table.layout.line, table.columns[1].name) == ("|", 3, "City")


def test_a_file_of_one_column_has_one() -> None:
    assert [column.name for column in looked_at("Email\nann@x.example\n").columns] == ["Email"]


def test_the_header_is_told_from_people() -> None:
    assert looked_at("Name,Mail\nAnn,ann@x.example\n").layout.header
    without = looked_at("Ann,ann@x.example\nBob,bob@x.example\n")

    assert (without.layout.header, without.layout.begins) == (False, 0)
    assert [column.name for column in without.columns] == ["Column 1", "Column 2"]
    assert without.columns[1].suggestion == "email"


def test_names_of_columns_are_unique_and_on_one_line() -> None:
    table = looked_at('Mail,Mail,,"Last\nname",Mail (2),=cmd\na,b,c,d,e,f\n')

    names = [column.name for column in table.columns]
    assert names == ["Mail", "Mail (2)", "Column 3", "Last name", "Mail (2) (2)", "=cmd"]


def test_empty_columns_at_the_end_are_left_out() -> None:
    assert [column.name for column in looked_at("Name;City;;;\nAnn;Oslo;;;\n").columns] == ["Name", "City"]


def test_samples_are_some_of_what_stands_there_once() -> None:
    rows = "\n".join(f"P{number % 7},Oslo" for number in range(30))

    name, city = looked_at(f"Name,City\n{rows}\n").columns
    assert (name.samples, city.samples) == (["P0", "P1", "P2", "P3", "P4"], ["Oslo"])


def test_rows_are_estimated_without_line_breaks_in_cells() -> None:
    assert looked_at('Name,Note\nAnn,"one\ntwo\nthree"\nBob,x\n').layout.rows == 2


def test_blank_lines_before_the_header_are_passed_over() -> None:
    table = looked_at("\n\nName,City\nAnn,Oslo\n")

    assert (table.columns[0].name, table.layout.line) == ("Name", 4)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n\r\n \n", "empty"),
        (b"Name,City\n", "no_rows"),
        (b"Name,City", "no_rows"),
        (b"\x00\x01\x02" * 100, "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4, "not_a_table"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + bytes(range(256)) * 4, "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "not_a_table"),
        (b"x" * (HEAD + 10), "not_a_table"),
        (b'Name,"City\n' + b"Ann,Oslo\n" * 10, "header_unreadable"),
        (",".join(f"c{number}" for number in range(2000)).encode() + b"\n1\n", "too_many_columns"),
        (b"a\n" * (MOST_ROWS + 2), "too_many_rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_somebody_may_know_better() -> None:
    content = "Ann;Lee|x\nBob;Ray|y\n".encode("cp1250")
    table = looked_at(content, Wanted(encoding="cp1250", delimiter="|", header=True))

    assert (table.layout.encoding, table.layout.delimiter, table.layout.header) == ("cp1250", "|", True)
    assert [column.name for column in table.columns] == ["Ann;Lee", "x"]


def outcome(content: bytes, window: int) -> Table | str:
    """What it is, or the code with which it is refused."""
    try:
        return survey(seen(content, window), Wanted(), {})
    except InvalidField as refusal:
        [error] = refusal.errors
        return f"{error.pointer} {error.code}"


@given(st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes_are_a_table_or_refused(content: bytes, window: int) -> None:
    found = outcome(content, window)
    if isinstance(found, str):
        assert found.startswith("/file ")
        return
    assert len({column.name for column in found.columns}) == len(found.columns) > 0
    for column in found.columns:
        column.name.encode()
        "".join(column.samples).encode()
        assert "\0" not in column.name + "".join(column.samples)
    codecs.lookup(found.layout.kept_in)


printed = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\r\t,;"')


@given(st.text(alphabet=printed, max_size=200).map(str.encode), st.integers(4, 20))
def test_it_does_not_matter_in_which_pieces_text_comes(content: bytes, window: int) -> None:
    assert outcome(content, window) == outcome(content, 1_000_000)


@given(st.text(st.sampled_from('ab",\r\n'), max_size=40), st.integers(1, 5))
def test_lines_are_counted_alike_however_the_file_comes_in(content: str, window: int) -> None:
    given_at_once = f"a{content}".encode()

    assert seen(given_at_once, window).lines == seen(given_at_once).lines
