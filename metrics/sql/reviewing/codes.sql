-- one row a code of one of $conversations: what its buyer named first, '' where nothing was marked
select
    conversation_id,
    coder,
    case when asked is not null and not asked then 'not-asked' else coalesce("first", '') end as first_named
from facts.codes
where conversation_id in (select unnest($conversations))
