using Groundwork.Ports.Database;

namespace Groundwork.Platform.Data;

/// <summary>
/// The statements on the table <c>work_item</c>. States: 0 waits, 1 is claimed, 2 is dead. <c>due</c> is when an item may be
/// claimed next, which for a claimed one is when its claim ends: so nothing has to notice that a claim has ended. For a dead
/// one it is when it was given up.
/// </summary>
/// <remarks>
/// An epoch is at least the milliseconds at which it was given, so that it also grows over the removal of an item and its
/// coming back under the same name.
/// </remarks>
internal static class WorkQueueSql
{
    public static readonly Statement Enqueue = new("""
        insert into work_item (distribution_key, queue, id, state, priority, due, epoch, attempts, enqueued, payload, reason)
        values ($1, $2, $3, 0, $4, $5, $6, 0, $6, $7, '')
        on conflict (distribution_key, queue, id) do nothing
        """);

    public static readonly Statement Put = new("""
        insert into work_item (distribution_key, queue, id, state, priority, due, epoch, attempts, enqueued, payload, reason)
        values ($1, $2, $3, 0, $4, $5, $6, 0, $6, $7, '')
        on conflict (distribution_key, queue, id) do update set
            state = 0, priority = excluded.priority, due = excluded.due, attempts = 0, enqueued = excluded.enqueued,
            payload = excluded.payload, reason = '',
            epoch = case when work_item.epoch < excluded.epoch then excluded.epoch else work_item.epoch + 1 end
        """);

    public static readonly Statement Remove = new(
        "delete from work_item where distribution_key = $1 and queue = $2 and id = $3");

    // Each priority is one range of the index, read in order until the batch is full. Materialized, because PostgreSQL may
    // otherwise run a locking subquery once per row and claim more than the batch.
    public static readonly Statement Claim = new($$"""
        with picked as materialized (
            {{Due(WorkPriority.High)}}
            union all
            {{Due(WorkPriority.Normal)}}
            union all
            {{Due(WorkPriority.Low)}}
            limit $3)
        update work_item set
            state = 1, due = $4, attempts = attempts + 1, epoch = case when epoch < $2 then $2 else epoch + 1 end
        where queue = $1 and (distribution_key, id) in (select distribution_key, id from picked)
        returning distribution_key, id, payload, priority, attempts, epoch, enqueued
        """);

    public static readonly Statement NextDue = new($"""
        select min(due) from (
            select min(due) as due from work_item where queue = $1 and state < 2 and priority = {(int)WorkPriority.High}
            union all
            select min(due) from work_item where queue = $1 and state < 2 and priority = {(int)WorkPriority.Normal}
            union all
            select min(due) from work_item where queue = $1 and state < 2 and priority = {(int)WorkPriority.Low}) as of_each
        """);

    public static readonly Statement Acknowledge = new(
        "delete from work_item where distribution_key = $1 and queue = $2 and id = $3 and epoch = $4 and state = 1");

    public static readonly Statement Retry = new("""
        update work_item set state = 0, due = $5, reason = $6
        where distribution_key = $1 and queue = $2 and id = $3 and epoch = $4 and state = 1
        """);

    public static readonly Statement Release = new("""
        update work_item set state = 0, due = $5, attempts = attempts - 1
        where distribution_key = $1 and queue = $2 and id = $3 and epoch = $4 and state = 1
        """);

    public static readonly Statement Bury = new("""
        update work_item set state = 2, due = $5, reason = $6
        where distribution_key = $1 and queue = $2 and id = $3 and epoch = $4 and state = 1
        """);

    public static readonly Statement Extend = new("""
        update work_item set due = $5
        where distribution_key = $1 and queue = $2 and id = $3 and epoch = $4 and state = 1
        """);

    public static readonly Statement Count = new("""
        select
            count(case when state < 2 and due <= $2 then 1 end),
            count(case when state = 0 and due > $2 then 1 end),
            count(case when state = 1 and due > $2 then 1 end),
            count(case when state = 2 then 1 end),
            min(case when state < 2 and due <= $2 then due end)
        from work_item where queue = $1
        """);

    public static readonly Statement ListDead = new("""
        select distribution_key, id, payload, attempts, enqueued, due, reason from work_item
        where queue = $1 and state = 2 and (due, distribution_key, id) > ($2, $3, $4)
        order by due, distribution_key, id limit $5
        """);

    public static readonly Statement ReplayDead = new("""
        update work_item set state = 0, due = $4, attempts = 0
        where distribution_key = $1 and queue = $2 and id = $3 and state = 2
        """);

    public static readonly Statement DropDead = new(
        "delete from work_item where distribution_key = $1 and queue = $2 and id = $3 and state = 2");

    public static readonly Statement SweepDead = new("""
        with ended as materialized (
            select distribution_key, id from work_item
            where queue = $1 and state = 2 and due <= $2 order by due limit $3 {skip_locked})
        delete from work_item where queue = $1 and (distribution_key, id) in (select distribution_key, id from ended)
        """);

    private static string Due(WorkPriority priority) => $$"""
        select distribution_key, id from (
            select distribution_key, id from work_item
            where queue = $1 and state < 2 and priority = {{(int)priority}} and due <= $2
            order by due limit $3 {skip_locked}) as {{priority}}
        """;
}
