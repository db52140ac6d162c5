"""Why a row was not landed: every reason code with its sentence. `{column}` and `{value}` are filled in per row."""

from __future__ import annotations

QUARANTINED: dict[str, str] = {
    "missing_id": "{column} is empty, so nobody can tell which row this is; fill it in and land the row again.",
    "missing_value": "{column} is empty but needed; fill it in and land the row again.",
    "damaged_id": "{column} is '{value}': a spreadsheet has rounded it, so its last digits are lost; export it "
    "again and don't save it in a spreadsheet in between.",
    "bad_date": "{column} is '{value}', which can't be read as a date; write it as 2026-11-22 or 2026-11-22 09:15.",
    "bad_number": "{column} is '{value}', which can't be read as a number; write it as 1250.50.",
    "unknown_value": "{column} is '{value}', a word that is not known here; say what it means under 'values' in a "
    "mapping.",
    "wrong_field_count": "The line has more or fewer cells than the header; repair it in the export.",
    "bad_quote": "A quotation mark on this line is never closed; repair it in the export.",
    "cell_too_long": "A cell is longer than 100,000 characters; shorten it in the export.",
    "duplicate_id_conflict": "The same {column} stands in the file with different contents; keep the right row and "
    "land it again.",
    "future_date": "{column} is '{value}', later than the export can know of; correct it in the source.",
    "close_before_create": "{column} is '{value}', more than a day before the deal was created; correct it in the "
    "source.",
    "negative_count": "{column} is '{value}', and a count can't be negative; correct it in the source.",
    "negative_cost": "{column} is '{value}', and a cost can't be negative; correct it in the source.",
    "opens_over_delivered": "{column} is '{value}', more than were delivered; correct it in the source.",
    "rate_over_100": "{column} is '{value}', more than 100 %; correct it in the source.",
    "absurd_number": "{column} is '{value}', far more than can be meant; correct it in the source.",
    "unsent_message": "Neither this export nor an earlier one says when the message was sent; export from the day on "
    "which it was sent, or land that export first.",
    "rating_out_of_range": "{column} is '{value}', and ratings run from 1 to 5; correct it in the source.",
}

NOT_KEPT = (
    "{count} more with this reason are not kept here, because they are empty or too many; correct them in the "
    "source and export again."
)

SKIPPED: dict[str, str] = {
    "preamble": "Text above the header",
    "comment_lines": "A comment",
    "totals_row": "A total",
    "footer": "The export's footer",
    "repeated_header": "The header again",
    "exact_duplicate": "The same row again",
    "deleted_row": "Deleted in the source",
    "folded_event": "A further event of a message, which is in its row",
    "older_version": "An older version of a row of the same file",
}

UNREADABLE = {
    "id": "damaged_id",
    "time": "bad_date",
    "number": "bad_number",
    "money": "bad_number",
    "count": "bad_number",
    "percent": "bad_number",
    "boolean": "unknown_value",
    "choice": "unknown_value",
}
"""type of a column -> reason for a cell that is there but can't be read"""

KEPT: dict[str, str] = {
    "response_before_create": "{rows} answered before it was created, the first on line {line}; kept as it is.",
    "held_before_booked": "{rows} held before it was booked, the first on line {line}; kept as it is.",
    "close_before_create": "{rows} closed before it was created, by a day at most, as time zones do, the first on line "
    "{line}; kept as it is.",
    "event_before_sent": "{rows} opened, clicked or delivered before it was sent, the first on line {line}; kept as "
    "it is.",
    "clicks_over_opens": "{rows} clicked more often than opened, as happens where opens are blocked, the first on "
    "line {line}; kept as it is.",
    "rates_alone": "{rows} told by rates alone, the first on line {line}: a rate does not say how many opened or "
    "clicked, so they count in no open or click rate here; export the numbers of unique opens and unique clicks, too.",
}
"""Oddities a reader should know of although the rows are kept. `{rows}`: '1 deal was', '12 rows of deals were'."""
