-- one row: the first day e-mails were sent, the first on which an export marked opens by machines, the first mailing that
-- came as totals
select
    (
        select min(cast(sent_at as date))
        from facts.emails
        where workflow = $workflow
    ) as sent_on,
    (
        select min(cast(sent_at as date))
        from facts.emails
        where workflow = $workflow and machine_open is not null
    ) as marked_on,
    (
        select min(cast(sent_at as date))
        from facts.campaigns
        where workflow = $workflow and unique_opens is not null
    ) as totals_on
