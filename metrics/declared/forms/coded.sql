-- one row a code, without what came again to its coder: whether buyers were asked, what is named first and what at all, in spellings that are told apart no more
select
    code.{link} as unit_id,
    code.coder,
    code.{coded_at} as coded_at,
    split_part(coalesce({first}, ''), ';', 1) as first_named,
    case
        when coalesce(code.asked, true) and coalesce({first}, '') <> 'notasked' then 1 else 0
    end as was_asked,
    concat(';', coalesce({first}, ''), ';', coalesce({others}, ''), ';') as named
from facts.{codes} as code
where
    cast(code.{coded_at} as date) <= $through
    and code.coder not like '%(again)'
    and (code.asked is not null or code."first" is not null){codes_where}
