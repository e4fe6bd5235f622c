-- A link's number is its key, spread by number; its code is the number's permutation, so no code is stored.
create table links (
    number {rowid},
    long_url text not null,
    created_at bigint not null
);

-- Where the next block of numbers begins. It only moves forward.
create table sequences (
    name text primary key,
    next bigint not null
);

-- The key of the permutation, made at the first start and shared by all copies.
create table secrets (
    name text primary key,
    value {bytes} not null
);
