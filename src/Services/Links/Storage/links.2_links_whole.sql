-- What a link can do beyond leading somewhere. `state` is 0 live, 1 disabled, 2 deleted (a tombstone: its code is never used
-- again). `origin` says how the number was found: 0 counter, 1 snowflake, 2 hash, 3 alias; the alias itself is kept where its
-- number doesn't give it away. `purge_at` is when a sweep removes the row; null is never. `tags` are separated by commas.
alter table links add column version bigint not null default 1;
alter table links add column state bigint not null default 0;
alter table links add column origin bigint not null default 0;
alter table links add column redirect bigint not null default 302;
alter table links add column forward_query bigint not null default 0;
alter table links add column expires_at bigint;
alter table links add column purge_at bigint;
alter table links add column alias text;
alter table links add column owner text;
alter table links add column tags text;
alter table links add column title text;

-- Listings, newest first.
create index links_by_time on links (created_at, number);
create index links_by_owner on links (owner, created_at, number) where owner is not null;

-- What is due to be removed.
create index links_by_purge on links (purge_at) where purge_at is not null;

-- One row a tag of a link, spread like the link.
create table link_tags (
    number bigint not null,
    tag text not null,
    created_at bigint not null,
    primary key (tag, created_at, number)
);
