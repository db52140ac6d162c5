-- the hash of one note
select hash from landed.digests where sequence = $sequence
