-- one row a version of an appointment; times in UTC; appended, never updated
create table if not exists landed.appointments (
    appointment_id varchar not null,
    lead_id varchar,
    booked_at timestamp,
    held_at timestamp,
    status varchar,
    qualified boolean,
    workflow varchar,
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
);

-- one row a appointment: the version that no other supersedes
create or replace view landed.current_appointments as
select version.*
from landed.appointments as version
anti join (
    select import_id, line
    from landed.superseded
    where template = 'appointments'
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line;
