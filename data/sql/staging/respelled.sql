-- one row: how many cells of a column of identities are kept in another form than they are written in, and two of them
select
    count(*) as cells,
    min(written) as written,
    arg_min(form, written) as form,
    max(written) as other,
    arg_max(form, written) as other_form
from (
    select cells.unpadded({cell}) as written, cells.one_form(cells.known({cell})) as form
    from stage
    where cells.may_have_forms({cell}) or not cells.is_tidy({cell})
)
where form <> written
