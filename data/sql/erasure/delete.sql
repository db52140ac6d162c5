-- forgets those versions, and what was noted of them
delete from landed.{folded} where {speaks};
delete from landed.{table} where {speaks};
delete from landed.superseded
where template = $template and (import_id, line) in (select (import_id, line) from erased_rows);
delete from landed.sightings
where template = $template and (
    (import_id, line) in (select (import_id, line) from erased_rows)
    or (of_import, of_line) in (select (import_id, line) from erased_rows)
);
