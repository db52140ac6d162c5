"""Large exports with a known share of bad rows."""

from __future__ import annotations

import zipfile
from pathlib import Path

import duckdb

from tests.data.workbooks import write_workbook

LEADS = """
copy (
    select
        case when bad = 1 then '' else 'LEAD-' || id::varchar end as lead_id,
        case
            when bad = 2 then 'soon'
            when bad = 3 then '2199-05-05 09:00:00'
            else strftime(timestamp '2023-01-02' + to_seconds((id * 7919) % 94000000), '%Y-%m-%d %H:%M:%S')
        end as created_at,
        ['lead-routing', 'nurture', 'content-studio'][id % 3 + 1] as workflow,
        ['email', 'search', 'social', 'partner', 'events', 'direct'][(id * 31) % 6 + 1] as channel,
        ['DACH', 'Nordics', 'Iberia', 'Benelux', 'UK and Ireland'][(id * 17) % 5 + 1] as region,
        ['mid-market', 'enterprise', 'small business'][(id * 13) % 3 + 1] as segment,
        'Sales representative ' || ((id * 11) % 400)::varchar as owner,
        case
            when bad = 4 then 'n.a. yet'
            else (((id * 37) % 1000) / 10.0 + case when {first} > 0 and id % 5 = 0 then 1 else 0 end)::varchar
        end as score,
        case
            when (id * 29) % 10 = 0 then ''
            else strftime(
                timestamp '2023-01-02' + to_seconds((id * 7919) % 94000000 + (id * 53) % 86400),
                '%Y-%m-%d %H:%M:%S'
            )
        end as first_response_at
    from (
        select
            range + {first} as id,
            case when range % 1000 in (7, 207, 307, 507, 607, 907) then range // 1000 % 4 + 1 else 0 end as bad
        from range({rows})
    )
) to '{file}' (header, delimiter ',')
"""


def write_leads(file: Path, rows: int, first: int = 0) -> Path:
    """A leads export of so many rows, 0.6 % of them bad: ids missing, dates and scores unreadable, dates to come.

    One that begins at a later row than the `first` was exported later: of the leads that it shares with an export from
    the beginning, a fifth have another score, and the rest is as it was.
    """
    with duckdb.connect() as engine:
        engine.execute(LEADS.format(rows=rows, first=first, file=file))
    return file


def write_sheet(file: Path, rows: int) -> Path:
    """A workbook of so many leads with fifteen columns: texts, days and numbers."""
    head = "".join(
        f'<c r="{chr(64 + place)}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for place, name in enumerate(
            ("lead_id", "created_at", "workflow", "channel", "region", "segment", "owner", "score",
             *(f"field {n}" for n in range(7))), start=1,
        )
    )  # fmt: skip
    template = write_workbook(file.with_suffix(".template"), {"Leads": []})
    with (
        zipfile.ZipFile(template) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as sink,
    ):
        for entry in source.infolist():
            if "sheet1" not in entry.filename:
                sink.writestr(entry, source.read(entry))
        with sink.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet><sheetData><row r="1">{head}</row>'.encode())
            for number in range(2, rows + 2):
                sheet.write(_sheet_row(number))
            sheet.write(b"</sheetData></worksheet>")
    template.unlink()
    return file


def _sheet_row(number: int) -> bytes:
    texts = (
        f"L{number}", None, "lead-routing", ("email", "search", "social")[number % 3], "DACH", "mid-market",
        f"Rep {number % 400}", None, *(f"text {number % 97} {place}" for place in range(4)), None, None, None,
    )  # fmt: skip
    cells = []
    for place, text in enumerate(texts, start=1):
        where = f"{chr(64 + place)}{number}"
        if text is not None:
            cells.append(f'<c r="{where}" t="inlineStr"><is><t>{text}</t></is></c>')
        elif place == 2:
            cells.append(f'<c r="{where}" s="2"><v>{45300 + number % 700 + number % 24 / 24:.5f}</v></c>')
        else:
            cells.append(f'<c r="{where}"><v>{number * place % 1000}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'.encode()
