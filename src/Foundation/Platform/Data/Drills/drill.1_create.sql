-- A row by itself. A run is one drill: several may share a PostgreSQL database.
create table singles (
    run bigint not null,
    number bigint not null,
    content text not null,
    primary key (run, number)
);

-- Two rows of one transaction: halves 0 and 1, both or neither.
create table pairs (
    run bigint not null,
    number bigint not null,
    half bigint not null,
    content text not null,
    primary key (run, number, half)
);
