-- one row a lead that is the person: named, found by an address among its cells, or become one with such a lead
create or replace temporary table erased_leads as
with recursive found(id) as (
    select name from erased_names where $is_lead
    union
    select lead_id from landed.leads where not $is_lead and ({names})
    union
    select other.id
    from found
    join (
        select old_id as known, new_id as id from landed.merges where template = 'leads'
        union all
        select new_id, old_id from landed.merges where template = 'leads'
    ) as other on other.known = found.id
)
select distinct id from found where id is not null
