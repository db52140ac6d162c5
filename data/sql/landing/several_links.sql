-- one row: how many rows of the file name several others in one cell that is no known identity by itself, how many of these are
-- known each by itself, and the first such cell
with several as (
    select {link} as link, string_split_regex({link}, '\s*[;,|]\s*') as parts
    from typed_rows
    where
        regexp_matches({link}, '[;,|]')
        and is_retired is not true
        and {link} not in (select {key} from landed.{standing})
),

parts as (
    select distinct unnest(parts) as part from several
)

select
    (select count(*) from several) as several,
    (select count(*) from parts where part in (select {key} from landed.{standing})) as known,
    (select min(link) from several) as shown
