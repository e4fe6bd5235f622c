-- Which events have taken effect, a row each: written in the transaction of the effect, under its distribution key.
create table inbox (
    distribution_key text not null,
    consumer text not null,
    event_id text not null,
    received bigint not null,
    primary key (distribution_key, consumer, event_id)
);
create index inbox_received on inbox (consumer, received);
