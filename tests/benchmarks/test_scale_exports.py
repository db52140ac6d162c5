"""The exports that `make bench-scale` lands: in files of one size, of which none is empty and no two overlap."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks.scale import exports


@pytest.mark.parametrize("leads_a_file", [500, 700, 2_000])
def test_e_mails_in_several_files_are_those_of_one(
    tmp_path: Path, leads_a_file: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for folder, most in ((whole, 10_000), (cut, leads_a_file)):
        folder.mkdir()
        monkeypatch.setattr(exports, "LEADS_A_FILE", most)
        exports.write(folder, 2_000)
    files = sorted(cut.glob("first-emails*.csv"))
    assert len(files) == -(-2_000 // leads_a_file)
    counts = [duckdb.sql(f"select count(*) from read_csv('{file}')").fetchall()[0][0] for file in files]
    assert min(counts) > 0.5 * max(counts)
    ids = "select message_id from read_csv('{}/first-emails*.csv') order by all"
    assert duckdb.sql(ids.format(cut)).fetchall() == duckdb.sql(ids.format(whole)).fetchall()
    assert sum(counts) == len(duckdb.sql(ids.format(whole)).fetchall()) > 9_000
