-- What one copy of the program tells the others, for a minute. Spread like the rows of which it tells.
create table signals (
    distribution_key text not null,
    id bigint not null,
    subject bigint not null,
    primary key (distribution_key, id)
);
