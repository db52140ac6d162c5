-- forgets what expired rows had become, or what had become them
delete from landed.merges where template = $template and (import_id, line) in (select (import_id, line) from erased_rows);
