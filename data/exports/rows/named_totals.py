"""Totals and sub-totals anywhere in a file: rows named so in any language, or told apart by nothing, that are a sum.

A sub-total is the sum of the rows above it, up to the one before it or to an earlier one; a total is that of all rows.
A row that is named like one and is no sum stays, and is told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from leadline.data.database.session import Row, Session
from leadline.data.exports.landing_report import Warned
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.rows.total_rows import added_up, is_sum
from leadline.data.sql import compose, quote

MOST = 2_000
"""candidates, more of which are no totals but rows that lack something"""
TOTAL_WORDS = (
    r"(grand |sub[ -]?|net |overall )?totals?|sum|(gesamt|end|zwischen)?summen?|gesamt(ergebnis|betrag)?|insgesamt"
    r"|zusammen|(sous-)?total g[ée]n[ée]ral[e]?|sous-total|ensemble|somme|(sub)?totale?( (generale|geral|general))?"
    r"|subtotal|soma|suma|suma całkowita|razem|ogółem|łącznie"
    r"|(eind|sub)?totaal|totalt|summa|i alt|yhteensä|celkem|spolu|součet|összesen"
    r"|ukupno|skupaj|kopā|iš viso|kokku|итого|итог|всего|под ?итог|промежуточный итог|общий итог|разом|всього|підсумок"
    r"|общо|σύνολο|(genel |ara )?toplam|סה\"כ|المجموع|الإجمالي"
    r"|合計|合计|合計額|総計|总计|總計|小計|小计|합계|소계|총계|รวม|tổng( cộng)?|jumlah"
)
"""what a total is called, in small letters; what it is of may follow"""
ALL_OF_THEM = (
    r"all( the)?|alle[rs]?|tou(s|te|tes)( les)?|tod[oa]s( (los|las|os|as))?|tutt[ie]( (le|i|gli))?|wszystkie|все|всі"
    r"|всички|összes|kaikki|alla|samtliga|všechny|všetky|toate|tüm|όλ(ες|α|οι)( οι| τα)?|sv[ei]|vsi|vse|vis(i|as|os)"
    r"|kõik|semua"
    r"|tất cả|(すべて|全て)の?|全部|所有|모든|전체"
)
"""how a name begins that is of all of something: 'All campaigns', which a campaign may be called, too"""
OF_WHAT = (
    r"campaigns?|channels?|ads|ad (sets|groups)|accounts?|kampagnen|kanäle|anzeigen|konten|campagnes?|canaux|annonces"
    r"|campañas|canales|anuncios|campanhas|canais|canali|annunci|kampanie|kanały|кампании|каналы|kampanjer|キャンペーン"
)
"""of which 'all' are no name but a total"""


def named_totals(
    session: Session, recognised: Recognised
) -> tuple[list[tuple[int, int, str]], list[tuple[int, str]]]:
    """(record, line, reason) of totals anywhere among the rows; (line, word) of rows that are only named so."""
    added = added_up(recognised)
    places = [
        recognised.places[column.name]
        for column in recognised.template.columns
        if column.name in recognised.template.key
        and column.type in ("id", "text")
        and column.name in recognised.places
        and column.name not in recognised.recipes
    ]
    if not added or not places:
        return [], []
    cells = [quote(f"c{place}") for place in places]
    # the engine compiles a pattern once where it stands alone, and once a cell where it stands in a list
    tests = [f"cells.begins_with_word({cell})" for cell in cells]
    if not session.select(compose("staging/has_words.sql", is_word=" or ".join(tests))):
        return [], []
    words = " union all ".join(
        f"select rowid as record, case when {test} then cells.word(cells.known({cell})) end as word from stage"  # noqa: S608
        for cell, test in zip(cells, tests, strict=True)
    )
    sql = compose("staging/may_be_totals.sql", words=words)
    total = f"({TOTAL_WORDS})( ?[:：].*)?|({ALL_OF_THEM})( ?({OF_WHAT}))?"
    called = {"total": total, "perhaps": f"({TOTAL_WORDS}|{ALL_OF_THEM})( .*)?"}
    session.execute(sql, called)
    found = session.select("select count(*) from may_be_totals")[0][0]
    if not 0 < found <= MOST:
        return [], []
    runs = session.select(
        compose(
            "staging/runs_of_rows.sql",
            own=", ".join(f"any_value({quote(name)}) filter (is_candidate)" for name in added),
            sums=", ".join(f"sum({quote(name)}) filter (not is_candidate)" for name in added),
        )
    )
    totals, told = [], []
    for place, (record, line, is_named, word, *_) in enumerate(runs):
        if record is None:
            continue
        if _is_total(runs, place, len(added), 1 if is_named else 2):
            totals.append((record, line, "totals_row"))
        elif is_named:
            told.append((line, word))
    return totals, told


def _is_total(runs: Sequence[Row], place: int, columns: int, least: int) -> bool:
    """Whether the row that ends this run is the sum of at least so many: of its, with those before, all, the next."""
    own = runs[place][5 : 5 + columns]
    ways = [runs[first : place + 1] for first in range(place, max(-1, place - 100), -1)]
    for way in (*ways, runs, runs[place + 1 : place + 2]):
        sums = [sum(float(run[at] or 0) for run in way) for at in range(5 + columns, 5 + 2 * columns)]
        if sum(run[4] for run in way) >= least and is_sum((*own, *sums), columns):
            return True
    return False


def named_like_totals(called_so: Sequence[tuple[int, str]], dropped: Collection[int]) -> list[Warned]:
    """A warning of rows that are named like a total and were not found to be one. `dropped`: lines of those."""
    rows = [row for row in called_so if row[0] not in dropped]
    if not rows:
        return []
    line, word = rows[0]
    are = "1 row is" if len(rows) == 1 else f"{len(rows):,} rows are"
    return [
        Warned(
            "named_like_totals",
            f"{are} named like a total and no sum of rows: {word[:60]!r} on line {line}. What is counted holds "
            f"{'it' if len(rows) == 1 else 'them'}; leave totals out of the export.",
        )
    ]
