-- takes what stood in them from rows that were set aside and lines that are no facts; that there were such stays
update landed.quarantine
set value = null, raw = null, cells = null, message = 'What stood here has expired.'
where line > 0 and import_id in (select import_id from landed.imports where landed_at < $before);
update landed.skipped set raw = null
where line > 0 and import_id in (select import_id from landed.imports where landed_at < $before);
