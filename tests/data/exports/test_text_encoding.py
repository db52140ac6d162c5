"""Files that are not in UTF-8: read by what their letters make, asked where that is several things, told either way."""

from __future__ import annotations

import time
import unicodedata

import pytest

from leadline.data.exports.files.text_encoding import garbled
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import column, land_text

HEAD = "lead_id,created_at,channel\n"
CHANNELS = "select channel from facts.leads order by line"
WORDS = {
    "cp1252": ("Empfehlung über Köln", "publicité payée", "señal pequeña", "Geschäftsführung"),
    "cp1250": ("Łódź targi", "Żądanie oferty", "Veletrh Plzeň", "hirdetés, előfizetés"),
    "cp1251": ("Поиск", "Выставка", "Реклама", "вебінар"),
    "koi8_r": ("Поиск", "Выставка", "Реклама", "Рекомендация клиента"),
    "cp866": ("Поиск", "Выставка", "Реклама", "Рекомендация клиента"),
    "cp1253": ("Αναζήτηση", "Έκθεση", "Διαφήμιση", "σύσταση"),
    "cp1254": ("Reklamcılık", "Fuar görüşmesi", "İş ortağı", "Müşteri önerisi"),
    "cp1256": ("بحث", "معرض", "إعلان", "توصية"),
    "mac_roman": ("Empfehlung Zürich", "publicité payée", "señal pequeña", "Überweisung fällig"),
    "cp850": ("Empfehlung Zürich", "publicité payée", "señal pequeña", "Überweisung fällig"),
    "gb18030": ("搜索广告", "展会", "推荐", "官方网站"),
    "cp932": ("検索広告", "展示会", "紹介", "ウェブサイト"),
    "cp949": ("검색 광고", "전시회", "추천", "홈페이지"),
    "big5": ("搜尋廣告", "展覽會", "推薦", "官方網站"),
}


def text_of(*channels: str) -> str:
    return HEAD + "".join(f'L{n},2026-01-0{n},"{channel}"\n' for n, channel in enumerate(channels, start=1))


@pytest.mark.parametrize("encoding", WORDS)
def test_an_encoding_is_told_by_its_letters(emptied: Warehouse, encoding: str) -> None:
    report = land_text(emptied, text_of(*WORDS[encoding]).encode(encoding))
    assert report.state == "landed", report.message
    assert column(emptied, CHANNELS) == list(WORDS[encoding])
    assert [one.code for one in report.warnings] == ([] if encoding == "cp1252" else ["encoding"])


def test_letters_far_down_count_as_much_as_those_at_the_head(emptied: Warehouse) -> None:
    plain = "".join(f"P{n},2026-01-05,web\n" for n in range(60_000))
    far = "".join(f"X{n},2026-01-06,{word}\n" for n, word in enumerate(WORDS["cp1251"]))
    land_text(emptied, (HEAD + plain).encode() + far.encode("cp1251"))
    assert column(emptied, "select channel from facts.leads where lead_id like 'X%' order by 1") == sorted(
        WORDS["cp1251"]
    )


def test_letters_that_make_sense_in_several_encodings_are_asked_with_a_line_in_each(
    emptied: Warehouse,
) -> None:
    content = text_of("manjšem").encode("cp1250") + "L2,2026-01-05,žena\n".encode("iso8859_2")
    asked = land_text(emptied, content)
    (question,) = asked.questions
    assert (asked.state, question.code) == ("asks", "which_encoding")
    assert "--encoding cp1250" in question.option
    assert len(question.choices) > 1
    assert all(f"in {name}" in question.message for name in ("Windows-1250 (Central European)",))


def test_what_was_said_of_the_encoding_is_remembered_for_such_files_but_not_for_utf8(
    emptied: Warehouse,
) -> None:
    first = land_text(emptied, text_of("Ãœ").encode("cp1252"), encoding="cp1253")
    assert first.state == "landed"
    land_text(emptied, text_of("x", "σύσταση").replace("L2", "L7").encode("cp1253"), name="2.csv")
    land_text(emptied, text_of("x", "y", "Łódź").encode(), name="3.csv")
    assert column(emptied, "select channel from facts.leads order by lead_id")[-2:] == ["Łódź", "σύσταση"]


@pytest.mark.parametrize(
    ("name", "says"), [("klingon", "no encoding 'klingon'"), ("base64", "no encoding 'base64'")]
)
def test_an_encoding_that_does_not_exist_is_refused(emptied: Warehouse, name: str, says: str) -> None:
    report = land_text(emptied, text_of("web"), encoding=name)
    assert (report.state, report.code) == ("refused", "bad_encoding")
    assert says in report.message


def test_files_of_two_encodings_pasted_together_are_read_each_in_its_own(emptied: Warehouse) -> None:
    words = ("Łódź", "Żądanie", "Kraków", "wyjątkowa", "święto")
    utf8 = text_of(*words)
    other = "".join(f"M{n},2026-01-05,{word}\n" for n, word in enumerate(words[1:4]))
    report = land_text(emptied, utf8.encode() + other.encode("cp1250"))
    assert [one.code for one in report.warnings] == ["mixed_encodings"]
    assert column(emptied, CHANNELS) == [*words, *words[1:4]]


@pytest.mark.parametrize(
    ("meant", "wrongly"),
    [
        ("Łódź", "cp1252"),
        ("Поиск", "cp1251"),
        ("Поиск", "cp1252"),
        ("café", "mac_roman"),
        ("Größe", "cp1252"),
        ("Müşteri", "cp1254"),
    ],
)
def test_letters_that_another_program_has_read_wrongly_are_named_wherever_they_stand(
    emptied: Warehouse, meant: str, wrongly: str
) -> None:
    garbled = "".join(
        chr(byte)
        if 0x80 <= byte < 0xA0 and not _has(byte, wrongly)
        else bytes([byte]).decode(wrongly, errors="replace")
        for byte in meant.encode()
    )
    far = "".join(f"P{n},2026-01-05,web\n" for n in range(30_000)) if meant == "Größe" else ""
    report = land_text(emptied, HEAD + far + f"L1,2026-01-05,{garbled}\n")
    (warning,) = [one for one in report.warnings if one.code == "mojibake"]
    assert f"probably '{meant}'" in warning.message


def _has(byte: int, encoding: str) -> bool:
    try:
        bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def test_a_cyrillic_file_that_was_saved_as_if_it_were_western_is_named(emptied: Warehouse) -> None:
    report = land_text(emptied, text_of("Ïîèñê", "Âûñòàâêà"))
    assert "probably 'Поиск'" in next(one.message for one in report.warnings if one.code == "mojibake")


@pytest.mark.parametrize(
    "word", ["RÉALITÉ\u00a0!", "São Paulo", "L’été", "Œuvre «à part»", "Übergröße", "Ærøskøbing"]
)
def test_letters_that_are_as_they_should_be_are_not_called_garbled(emptied: Warehouse, word: str) -> None:
    assert land_text(emptied, text_of(word)).warnings == ()


@pytest.mark.timed
def test_a_cell_of_a_million_letters_is_looked_through_once() -> None:
    def seconds(letters: int) -> float:
        begun = time.perf_counter()
        assert garbled("a" * letters) is None
        return time.perf_counter() - begun

    assert seconds(1_000_000) < 40 * seconds(
        100_000
    )  # a hundred times where each letter begins a search of its own


def test_letters_with_their_accents_apart_are_the_same_words(emptied: Warehouse) -> None:
    apart = unicodedata.normalize(
        "NFD", "deal_id,créé le,étape,région\nD1,2026-01-05,gagné,Île\nD2,2026-01-05,perdu,x\n"
    )
    report = land_text(
        emptied, apart + "D3,2026-01-05,gagné,Île\n", mapping={"template": "deals", "attributes": ["région"]}
    )
    assert (report.state, report.rows.new) == ("landed", 3), report.message
    assert column(emptied, "select stage from facts.deals order by line") == ["won", "lost", "won"]
    assert len(set(column(emptied, "select attributes['région'] from facts.deals"))) == 2


def test_utf_7_is_told(emptied: Warehouse) -> None:
    report = land_text(
        emptied, HEAD + "L1,2026-01-05,M+APw-ller\nL2,2026-01-05,Gr+APwA3w-e\nL3,2026-01-05,+49-30-5\n"
    )
    (told,) = [one.message for one in report.warnings if one.code == "utf_7"]
    assert "'Grüße'" in told
    assert not land_text(
        emptied, HEAD + "L1,2026-01-05,+49-30-5\nL2,2026-01-05,A+B-Test\n", name="2.csv"
    ).warnings
