-- one row: how many rows set aside, and lines that are no facts, name the person
select
    (
        select count(*)
        from landed.quarantine
        where regexp_matches(concat_ws(chr(10), value, message, raw, array_to_string(cells, chr(10))), $pattern, 'i')
    )
    + (select count(*) from landed.skipped where line > 0 and regexp_matches(raw, $pattern, 'i'))
