create table work_item (
    distribution_key text not null,
    queue text not null,
    id text not null,
    state bigint not null,
    priority bigint not null,
    due bigint not null,
    epoch bigint not null,
    attempts bigint not null,
    enqueued bigint not null,
    payload {bytes} not null,
    reason text not null,
    primary key (distribution_key, queue, id)
);
create index work_item_due on work_item (queue, priority, due) where state < 2;
create index work_item_dead on work_item (queue, due, distribution_key, id) where state = 2;
