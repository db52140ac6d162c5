-- the newest note of all
select sequence, hash from landed.digests order by sequence desc limit 1
