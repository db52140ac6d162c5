-- takes the person out of rows that were set aside and lines that are no facts; that there were such stays
update landed.quarantine
set value = null, raw = null, cells = null, message = 'What stood here was erased.'
where regexp_matches(concat_ws(chr(10), value, message, raw, array_to_string(cells, chr(10))), $pattern, 'i');
update landed.skipped set raw = null where line > 0 and regexp_matches(raw, $pattern, 'i');
update landed.imports
set
    warnings = regexp_replace(warnings, $pattern, '\1…\3', 'gi'),
    file = regexp_replace(file, $pattern, '\1…\3', 'gi')
where regexp_matches(concat_ws(chr(10), warnings, file), $pattern, 'i');
delete from landed.merges where old_id in (select id from erased_leads) or new_id in (select id from erased_leads);
delete from landed.aliases where old_id in (select id from erased_leads) or new_id in (select id from erased_leads);
