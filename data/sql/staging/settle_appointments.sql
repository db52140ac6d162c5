-- one row an appointment of the export: where it says only what did not take place, the rest is held once its time has
-- come, and booked before
select
    * replace (
        case when status = 'expected' then case when held_at < $limit then 'held' else 'booked' end else status end
            as status
    )
from typed
