"""The faults: one exact text of a source file each, what is put in its place, and the tests that must fail then.

A text that no longer stands in its file exactly once plants nothing: `tests/planted/test_planted.py` says so.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One wrong change. `tests` are what pytest is given; at least one of them must fail."""

    name: str
    file: str
    text: str
    planted: str
    tests: tuple[str, ...]


WORKSPACE = (
    Fault(
        "a table that is gone from the database is made again, empty",
        "data/database/upgrades.py",
        '        gone |= {f"landed.{name}" for name in held} - tables\n',
        "",
        ("tests/data/test_upgrades.py",),
    ),
    Fault(
        "of two spellings of an address the last one gives the role",
        "dashboard/service/access.py",
        "        if address in spelled:\n",
        "        if written in spelled:\n",
        ("tests/dashboard/views/test_access.py",),
    ),
    Fault(
        "a backup is checked by size alone, not by SHA-256",
        "data/workspace/backup.py",
        'if _copy(member, sink, limit=expected["bytes"]) != expected:',
        'if _copy(member, sink, limit=expected["bytes"])["bytes"] != expected["bytes"]:',
        ("tests/data/workspace/test_backup.py",),
    ),
    Fault(
        "a database is not held to the charter versions that were noted",
        "data/workspace/commit_witness.py",
        'for name in ("imports", "undone imports", "charter versions", "rows of the ledger")',
        'for name in ("imports", "undone imports", "rows of the ledger")',
        ("tests/data/workspace/test_commit_witness.py",),
    ),
    Fault(
        "the note of commits counts no charter versions",
        "data/sql/landing/committed.sql",
        "(select count(*) from agreed.charters) as charter_versions",
        "0 as charter_versions",
        ("tests/data/workspace/test_commit_witness.py",),
    ),
)

GATES = (
    Fault(
        "a gate opens when its review lapses, though a pause stands",
        "metrics/agreement/gate.py",
        "    if state.paused is not None:\n",
        "    if state.paused is not None and state.valid_until is not None and today <= state.valid_until:\n",
        ("tests/metrics/agreement/test_gate.py",),
    ),
    Fault(
        "an alert that is over closes no gate any more",
        "metrics/agreement/gate_states.py",
        "        if alert.action in STANDING\n",
        "        if alert.action in STANDING and alert.is_open\n",
        ("tests/dashboard/service/test_gates.py",),
    ),
    Fault(
        "a pause counts as a decision to go on",
        "metrics/agreement/gate_states.py",
        'LIFTING = ("continue", "adjust")',
        'LIFTING = ("continue", "adjust", "pause")',
        ("tests/dashboard/service/test_gates.py",),
    ),
    Fault(
        "a token of the wrong kind is let in",
        "dashboard/service/machine_routes.py",
        "            if held.may != may:\n",
        "            if held.may not in (may, 'gate'):\n",
        ("tests/dashboard/service/test_machine_routes.py",),
    ),
    Fault(
        "a revoked token stays in force",
        "dashboard/service/tokens.py",
        "        found.pop(name, None)\n        if entry.kind",
        "        if entry.kind",
        ("tests/dashboard/service/test_machine_routes.py",),
    ),
    Fault(
        "files of a workspace are made as the umask says",
        "data/workspace/private_files.py",
        "            _usual_mask = os.umask(0o077)\n",
        "            _usual_mask = os.umask(os.umask(0))\n",
        ("tests/data/workspace/test_private_files.py",),
    ),
)

READING = (
    Fault(
        "a link to a lead is taken for the identity of a row",
        "data/exports/recognition/weighing.py",
        "        if (question := _doubt(best[0], fits, header, name)) is not None:\n",
        "        if (question := None) is not None:\n",
        ("tests/data/exports/test_weighing.py",),
    ),
    Fault(
        "an export of the week after forgets what is known of a message",
        "data/sql/staging/fold_emails.sql",
        "    semi join readable using ({key})\n",
        "    semi join (select * from readable limit 0) as readable using ({key})\n",
        ("tests/data/exports/test_events.py",),
    ),
    Fault(
        "a file that is overwritten with as many bytes while it is read is taken",
        "data/exports/files/received_file.py",
        "if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):",
        "if before.st_size != after.st_size:",
        ("tests/data/exports/test_received_file.py",),
    ),
    Fault(
        "every 11th row of a file that is read line by line is not written",
        "data/exports/files/clean_copy.py",
        "        write([number, *cells])\n",
        "        if found.records % 11:\n            write([number, *cells])\n",
        ("tests/data/exports/test_long_files.py",),
    ),
    Fault(
        "one rate above 1 no longer shows that all rates of a file are percent",
        "data/exports/rows/typed_columns.py",
        "is_percent = is_percent or over > 0",
        "is_percent = is_percent and over > 0",
        ("tests/data/exports/test_typed_columns.py", "tests/data/exports/test_cases.py"),
    ),
    Fault(
        "bare rates are a hundred times too large or too small",
        "data/exports/rows/typed_columns.py",
        "'1' if reading.percent_is_fraction else '0.01'",
        "'0.01' if reading.percent_is_fraction else '1'",
        ("tests/data/exports/test_typed_columns.py", "tests/data/exports/test_cases.py"),
    ),
    Fault(
        "a moment without an offset is taken for UTC instead of the workspace's time zone",
        "data/sql/staging/macros.sql",
        "case when zone = 'UTC' then moment else timezone('UTC', timezone(zone, moment)) end;",
        "moment;",
        ("tests/data/exports/test_typed_columns.py", "tests/data/exports/test_cases.py"),
    ),
    Fault(
        "a text that begins with @ runs as a formula in a spreadsheet",
        "data/exports/safe_csv.py",
        '_FORMULA_STARTS = ("=", "+", "-", "@", ',
        '_FORMULA_STARTS = ("=", "+", "-", ',
        ("tests/data/exports/test_safe_csv.py",),
    ),
)

LANDING = (
    Fault(
        "every 11th row of an export is not stored",
        "data/sql/landing/insert.sql",
        "    select record from faults\n    union all\n",
        "    select record from faults\n    union all\n"
        "    select record from typed_rows where record % 11 = 10\n    union all\n",
        ("tests/data/exports/test_long_files.py",),
    ),
    Fault(
        "every 251st row of an export is not stored",
        "data/sql/landing/insert.sql",
        "    select record from faults\n    union all\n",
        "    select record from faults\n    union all\n"
        "    select record from typed_rows where record % 251 = 250\n    union all\n",
        ("tests/data/landing/test_own_cases.py",),
    ),
    Fault(
        "a line that could not be cut into cells is kept as it came",
        "data/exports/rows/staging.py",
        "    table = discreet_table(table, recognised, private)\n",
        "",
        ("tests/data/exports/test_discretion.py",),
    ),
    Fault(
        "of rows that were set aside every one is kept, however many",
        "data/sql/landing/quarantine.sql",
        "    limit $most\n",
        "    limit $most * 1000\n",
        ("tests/data/exports/test_discretion.py",),
    ),
    Fault(
        "an older export that comes later is taken for the newer word",
        "data/sql/landing/matches.sql",
        "when candidates.known_at < greatest(standing.known_at, confirmed.known_at) then 'stale'",
        "when false then 'stale'",
        ("tests/data/landing/test_landing.py", "tests/data/landing/test_laws.py"),
    ),
    Fault(
        "what was out of date when it came is not marked as replaced",
        "data/sql/landing/supersede.sql",
        "where outcome in ('updated', 'stale', 'retires')",
        "where outcome in ('updated', 'retires')",
        ("tests/data/landing/test_landing.py", "tests/data/landing/test_laws.py"),
    ),
    Fault(
        "an undo does not bring the earlier version back",
        "data/sql/landing/forget_superseded.sql",
        "where by_import = $import_id or import_id = $import_id",
        "where import_id = $import_id",
        ("tests/data/landing/test_undo.py",),
    ),
    Fault(
        "an undo leaves the lines that were skipped",
        "data/landing/undo.py",
        '_TABLES = ("sightings", "quarantine", "skipped", "answers", "merges")',
        '_TABLES = ("sightings", "quarantine", "answers", "merges")',
        ("tests/data/landing/test_undo.py",),
    ),
    Fault(
        "rows of one export that contradict each other are not quarantined",
        "data/sql/landing/quarantine.sql",
        "    where outcome = 'duplicate_id_conflict'\n",
        "    where outcome = 'no such thing'\n",
        ("tests/data/landing/test_landing.py", "tests/data/exports/test_cases.py"),
    ),
    Fault(
        "prose of a row that is set aside keeps addresses and telephone numbers",
        "data/exports/rows/discretion.py",
        '        return f"cells.masked({cell})"\n',
        "        return cell\n",
        ("tests/data/landing/test_landing.py",),
    ),
)

COUNTS = (
    Fault(
        "counts follow an import without what it replaced",
        "data/sql/counts/follow.sql",
        "    select {groups}, {taken_away}\n    from was\n",
        "    select {groups}, {taken_away}\n    from was where false\n",
        ("tests/metrics/counts/test_counts.py",),
    ),
    Fault(
        "counts follow a stale row as if it stood",
        "data/sql/counts/now_landed.sql",
        "where template = $template and import_id = $import_id\n",
        "where template = $template and import_id = $import_id and false\n",
        ("tests/metrics/counts/test_counts.py",),
    ),
)

STATISTICS = (
    Fault(
        "cohorts are known a week late",
        "metrics/statistics/maturity.py",
        "return np.add.outer(np.arange(weeks), np.arange(ages)) <= through",
        "return np.add.outer(np.arange(weeks), np.arange(ages)) < through",
        ("tests/metrics/statistics/test_maturity.py",),
    ),
    Fault(
        "segments are not shrunk towards each other",
        "metrics/statistics/maturity.py",
        "return (weight + seen) / (weight + expected), weight",
        "return np.maximum(seen, 1e-9) / np.maximum(expected, 1e-9), weight",
        ("tests/metrics/statistics/test_maturity.py",),
    ),
    Fault(
        "the limit of evidence is a fifth too low",
        "metrics/statistics/evidence.py",
        "return LIMIT + float(np.log(BUDGET / yearly_budget))",
        "return 0.8 * LIMIT + float(np.log(BUDGET / yearly_budget))",
        ("tests/metrics/statistics/test_evidence.py",),
    ),
    Fault(
        "evidence takes noisy weeks for calm ones",
        "metrics/statistics/evidence.py",
        "weight = 1.0 / (1.0 + noise)",
        "weight = np.ones_like(noise)",
        ("tests/metrics/statistics/test_evidence.py",),
    ),
    Fault(
        "a promise lets deals and appointments of a lead know nothing of each other",
        "metrics/statistics/one_flow.py",
        "both = np.clip(share * own,",
        "both = np.clip(first * own,",
        ("tests/metrics/statistics/test_one_flow.py",),
    ),
    Fault(
        "a promise that was kept stands whatever lands",
        "metrics/promises.py",
        'key = fingerprint("promise", statistics_code(), models, self.ties, self.behind, later, *told)',
        'key = fingerprint("promise", statistics_code(), later, *told)',
        ("tests/metrics/test_promises.py",),
    ),
    Fault(
        "a review that was kept stands whatever lands",
        "metrics/kept_reviews.py",
        "            warehouse.data_version(),\n            digests.head(warehouse),\n            facts,\n",
        "",
        ("tests/metrics/test_verdict_cache.py",),
    ),
    Fault(
        "a workflow that was judged is judged again by every process",
        "metrics/kept_reviews.py",
        '            text = kept_result(self._warehouse, key, "verdicts")\n',
        "            text = None\n",
        ("tests/metrics/test_verdict_cache.py",),
    ),
    Fault(
        "what is written to a file after it has landed is lost",
        "dashboard/service/inbox.py",
        "    take_back(workspace.path, folder)\n    _undo_unfinished",
        "    _undo_unfinished",
        ("tests/dashboard/cli/test_cli_inbox.py",),
    ),
    Fault(
        "a file that another look moved has its import taken back",
        "dashboard/service/inbox.py",
        "    if now is None:\n        return report, None  # another look has moved it, or a person\n",
        "",
        ("tests/dashboard/cli/test_cli_inbox.py",),
    ),
    Fault(
        "the weekly message is sent twice by two at the same time",
        "dashboard/service/weekly_delivery.py",
        '"weekly.lock"',
        'f"weekly{os.getpid()}.lock"',
        ("tests/dashboard/service/test_weekly.py",),
    ),
    Fault(
        "a promise forgets that closings are entered late",
        "metrics/statistics/many_histories.py",
        "many.alarming(counts, which[left], t - behind, len(outcomes), yearly_budget)",
        "many.alarming(counts, which[left], t, len(outcomes), yearly_budget)",
        ("tests/metrics/statistics/test_promise.py",),
    ),
    Fault(
        "a count that grew is measured by the mean of its baseline",
        "metrics/statistics/weekly_counts.py",
        "weight = np.exp(trend.slope * ",
        "weight = np.exp(0.0 * ",
        ("tests/metrics/statistics/test_weekly_counts.py",),
    ),
    Fault(
        "a count's weeks that are good or bad in a row count like any others",
        "metrics/statistics/weekly_counts.py",
        "total += 2.0 * (1.0 - k / (lags + 1.0)) * together",
        "total += 0.0 * (1.0 - k / (lags + 1.0)) * together",
        ("tests/metrics/statistics/test_weekly_counts.py",),
    ),
    Fault(
        "what was missed is told against an enlarged volume",
        "metrics/drift_costs.py",
        "return tally if volume is None else against_total(tally, volume, story.since, week)",
        "return tally",
        ("tests/metrics/test_weekly_counts.py",),
    ),
    Fault(
        "a weak segment that grows does not count against the total",
        "metrics/statistics/breakdown.py",
        "mix = (share1 - share0) * ((r0 + r1) / 2.0 - (crude0 + crude1) / 2.0)",
        "mix = (share1 - share0) * (r0 + r1) / 2.0",
        ("tests/metrics/statistics/test_breakdown.py",),
    ),
    Fault(
        "of several segments that changed only the first is named",
        "metrics/statistics/breakdown.py",
        "chosen[order[: int(passed[-1]) + 1]] = True",
        "chosen[order[: int(passed[0]) + 1]] = True",
        ("tests/metrics/statistics/test_breakdown.py",),
    ),
    Fault(
        "what is not entered yet is missed",
        "metrics/statistics/outcomes.py",
        " * self.incidence * self.share_known\n",
        " * self.incidence\n",
        ("tests/metrics/statistics/test_reporting_delay.py", "tests/metrics/test_reporting_delays.py"),
    ),
    Fault(
        "exports of new dates alone pass as a sign that nothing is late",
        "metrics/statistics/reporting_delay.py",
        " & (days[:, None] >= tells_from[1:])",
        "",
        ("tests/metrics/statistics/test_reporting_delay.py", "tests/metrics/test_reporting_delays.py"),
    ),
    Fault(
        "files that were landed together pass as successive exports",
        "metrics/reporting_delays.py",
        "landed_at - before > TOGETHER:",
        "landed_at > before:",
        ("tests/metrics/test_reporting_delays.py",),
    ),
)

RECOVERY = (
    Fault(
        "a recovery is told as soon as it is likelier than not",
        "metrics/statistics/comeback.py",
        "odds >= np.log(FLATTERED / FALSE_RECOVERIES)",
        "odds >= 0.0",
        ("tests/metrics/statistics/test_comeback.py",),
    ),
    Fault(
        "evidence goes on with the old drift after a recovery",
        "metrics/recovery.py",
        "                followed = anew(back[0].first)\n",
        "",
        ("tests/metrics/test_recovery.py",),
    ),
    Fault(
        "a value looks back no further than four weeks",
        "metrics/statistics/rule_window.py",
        "max(WINDOW_WEEKS, min(needed, most))",
        "WINDOW_WEEKS",
        ("tests/metrics/statistics/test_rule_window.py",),
    ),
    Fault(
        "a known drift explains no silence",
        "metrics/silence.py",
        "return is_less and level * silent <= LIKELY",
        "return is_less and silent <= LIKELY",
        ("tests/metrics/test_silence.py",),
    ),
)

AGREEMENT = (
    Fault(
        "a breach is told while a finding is in the way",
        "metrics/agreement/rules.py",
        'unknown = progress.state == "no_data" or progress.blocked_since is not None',
        'unknown = progress.state == "no_data"',
        ("tests/metrics/agreement/test_rules.py",),
    ),
    Fault(
        "a week on exactly the units agreed is not judged",
        "metrics/agreement/rules.py",
        "if week.units < rule.min_sample:",
        "if week.units <= rule.min_sample:",
        ("tests/metrics/agreement/test_rules.py",),
    ),
    Fault(
        "a breach begins a week late",
        "metrics/agreement/rules.py",
        '    weeks = progress.weeks + 1 if progress.state == "pending" else 1\n',
        '    weeks = progress.weeks if progress.state == "pending" else 1\n',
        ("tests/metrics/agreement/test_rules.py",),
    ),
    Fault(
        "the hash of a row of the ledger does not cover who did it",
        "metrics/agreement/entries.py",
        "            self.by,\n            self.text,\n            self.previous_hash,\n",
        "            self.text,\n            self.previous_hash,\n",
        ("tests/metrics/agreement/test_ledger_entries.py",),
    ),
    Fault(
        "a row of the ledger that was exchanged is not found",
        "metrics/agreement/verification.py",
        "elif row.sequence == expected and in_order and not follows:",
        "elif row.sequence == expected and in_order and not follows and not previous:",
        ("tests/metrics/agreement/test_ledger_entries.py",),
    ),
)

SERVICE = (
    Fault(
        "a channel's complaint shows a secret of its address",
        "dashboard/service/notify.py",
        "if len(part) >= 6:",
        "if len(part) > 60:",
        ("tests/dashboard/service/test_notify.py",),
    ),
    Fault(
        "the server answers to any host name",
        "dashboard/service/admission/guard.py",
        "if not asked.is_known_host:",
        "if not asked.host:",
        ("tests/dashboard/service/test_server.py",),
    ),
    Fault(
        "anybody may say who is signed in, not the proxy alone",
        "dashboard/service/admission/identities.py",
        "if not named or not _is_trusted(asked.peer, header):",
        "if not named:",
        ("tests/dashboard/service/admission/test_header_login.py",),
    ),
    Fault(
        "a cookie that nobody gave opens the dashboard",
        "dashboard/service/admission/visitors.py",
        "if not hmac.compare_digest(signature.encode(), self._signature(told).encode()):",
        "if not signature:",
        ("tests/dashboard/service/admission/test_without_login.py",),
    ),
    Fault(
        "the API answers to web pages",
        "dashboard/service/server.py",
        'if "origin" in request.headers:',
        'if "no-such-header" in request.headers:',
        ("tests/dashboard/service/test_server.py",),
    ),
    Fault(
        "the API takes any token",
        "dashboard/service/server.py",
        'if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):',
        'if not given.startswith("Bearer "):',
        ("tests/dashboard/service/test_server.py",),
    ),
)

SHOWN = (
    Fault(
        "an import is taken back by whoever asks",
        "dashboard/views/actions.py",
        '    access.require(page.workspace, "undo")\n    return land.undo(page.warehouse, import_id)',
        "    return land.undo(page.warehouse, import_id)",
        ("tests/dashboard/views/test_access.py",),
    ),
    Fault(
        "an address that the login does not vouch for gives a role",
        "dashboard/service/access.py",
        "not _wants_verified(workspace, claims)",
        "True",
        ("tests/dashboard/views/test_access.py",),
    ),
    Fault(
        "whoever is not named is an owner though people are named",
        "dashboard/service/access.py",
        '"reader" if people else "owner"',
        '"owner"',
        ("tests/dashboard/views/test_access.py",),
    ),
    Fault(
        "a drift is told in the words of a hold",
        "dashboard/words/codes.py",
        '                "Drifting", "◆", "red",',
        '                "Holding", "◆", "red",',
        ("tests/dashboard/words/test_verdicts.py", "tests/dashboard/test_renderings.py"),
    ),
    Fault(
        "small shares lose their decimal",
        "dashboard/words/formats.py",
        "decimals = 1 if close_to_all or 0 < size < 9.95 else 0",
        "decimals = 1 if close_to_all else 0",
        ("tests/dashboard/words/test_verdicts.py",),
    ),
    Fault(
        "markup from a file stands in the weekly pack",
        "dashboard/drawings/pack_html.py",
        "return markup.escape(_RANGE.sub(",
        "return str(_RANGE.sub(",
        ("tests/dashboard/drawings/test_pack.py",),
    ),
)

FAULTS: tuple[Fault, ...] = (
    *(*WORKSPACE, *GATES, *READING, *LANDING, *COUNTS),
    *(*STATISTICS, *RECOVERY, *AGREEMENT, *SERVICE, *SHOWN),
)
