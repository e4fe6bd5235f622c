using Groundwork.Ports.Database;

namespace Groundwork.Platform.Messaging;

/// <summary>The statements on <c>outbox_event</c> and <c>outbox_sequence</c>; the migration says what their columns mean.</summary>
/// <remarks>
/// What writers touch (the sequence of their key) the relay does not, and what the relay changes no writer reads: so a relay at work makes no
/// writer's transaction try again.
/// </remarks>
internal static class OutboxSql
{
    // The row is held until the transaction ends: whoever writes events of the same key next waits for it, and gets later numbers.
    public static readonly Statement NextSequence = new("""
        insert into outbox_sequence (distribution_key, last) values ($1, $2 + $3 - 1)
        on conflict (distribution_key) do update set
            last = case when outbox_sequence.last < $2 then excluded.last else outbox_sequence.last + $3 end
        returning last
        """);

    public static readonly Statement Add = new("""
        insert into outbox_event (distribution_key, sequence, id, lane, topic, record_key, value, headers, created, state, due, attempts, replays, reason)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, 0, '')
        """);

    // An event that is not due holds back those behind it in its lane, and no others. Whatever this gives of a lane is all that waits there from
    // its first one on, as far as the page goes: the order is that of sequences, and what holds one back holds back all behind it.
    public static readonly Statement Pick = new("""
        select distribution_key, sequence, id, lane, topic, record_key, value, headers, created, attempts, replays,
            (select dead.id from outbox_event as dead
                where dead.distribution_key = e.distribution_key and dead.lane = e.lane and dead.state = 1 and dead.sequence < e.sequence
                order by dead.sequence desc limit 1)
        from outbox_event as e
        where state = 0 and due <= $1 and not exists (
            select 1 from outbox_event as before
            where before.distribution_key = e.distribution_key and before.lane = e.lane and before.sequence < e.sequence
                and before.state = 0 and before.due > $1)
        order by sequence limit $2
        """);

    public static readonly Statement NextDue = new("select min(due) from outbox_event where state = 0 and due > 0 and due > $1");

    public static readonly Statement Remove = new("delete from outbox_event where distribution_key = $1 and sequence = $2");

    // By the attempts that were there when it was read: of two who relay at the same time only one counts.
    public static readonly Statement Fail = new("""
        update outbox_event set attempts = attempts + 1, state = $4, due = $5, reason = $6
        where distribution_key = $1 and sequence = $2 and attempts = $3 and state = 0
        """);

    public static readonly Statement Count = new("""
        select count(case when state = 0 then 1 end), count(case when state = 1 then 1 end), min(case when state = 0 then created end)
        from outbox_event
        """);

    public static readonly Statement ListDead = new("""
        select distribution_key, sequence, id, topic, record_key, value, headers, created, attempts, due, reason from outbox_event
        where state = 1 and (due, distribution_key, sequence) > ($1, $2, $3)
        order by due, distribution_key, sequence limit $4
        """);

    public static readonly Statement ReplayDead = new("""
        update outbox_event set state = 0, due = 0, attempts = 0, replays = replays + 1
        where distribution_key = $1 and id = $2 and state = 1
        """);

    public static readonly Statement DropDead = new("delete from outbox_event where distribution_key = $1 and id = $2 and state = 1");

    public static readonly Statement SweepDead = new("""
        with ended as materialized (
            select distribution_key, sequence from outbox_event where state = 1 and due <= $1 order by due limit $2 {skip_locked})
        delete from outbox_event where (distribution_key, sequence) in (select distribution_key, sequence from ended)
        """);

    public static readonly Statement SweepSequences = new("""
        with still as materialized (select distribution_key from outbox_sequence where last <= $1 order by last limit $2 {skip_locked})
        delete from outbox_sequence where last <= $1 and distribution_key in (select distribution_key from still)
        """);
}
