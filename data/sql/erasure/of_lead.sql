-- a condition: the row's column holds a lead that is erased
{column} in (select id from erased_leads)
