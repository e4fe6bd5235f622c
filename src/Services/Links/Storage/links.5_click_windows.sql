-- How far the clicks of a partition of the topic links.clicks have been counted: all before `next`, in `windows` windows. A window is open from
-- `next` to `upto` while its parts are written, and none where the two are the same; `seen` is who had published what up to `next`.
create table click_windows (
    topic_partition bigint primary key,
    next bigint not null,
    upto bigint not null,
    windows bigint not null,
    seen {bytes} not null
);
