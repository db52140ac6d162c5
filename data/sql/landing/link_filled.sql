-- one row: how many rows would be new, and how many of them name another one; the same of those that are known
select
    (select count(*) from typed_rows anti join matches on typed_rows.record = matches.record) as new,
    (
        select count({link})
        from typed_rows
        anti join matches on typed_rows.record = matches.record
    ) as new_naming,
    (select count(*) from landed.{standing}) as known,
    (select count({link}) from landed.{standing}) as known_naming
