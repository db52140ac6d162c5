-- the columns of a row of spend, as they are compared with those of others (`cost` is what is compared, of visits their number)
    facts.local_time(spent_on)::date as first_day,
    facts.local_time(coalesce(spent_to, spent_on))::date as last_day,
    channel,
    account,
    lower(campaign) as campaign,
    currency,
    {amount}::double as cost,
    {mask} as filled
