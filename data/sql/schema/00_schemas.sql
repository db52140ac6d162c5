-- landed: everything that came from exports. facts: the current version of it. agreed: what people signed.
create schema if not exists landed;
create schema if not exists facts;
create schema if not exists agreed;
