using Groundwork.Ports.Database;

namespace Groundwork.Testing.Database;

/// <summary>The tables and statements that the Database port's contract suite works on.</summary>
internal static class ContractSchema
{
    /// <summary>Three tables: things with a unique key, one column of each kind, and counters.</summary>
    public static readonly DatabaseSchema Schema = new(
        "contract",
        [new("things", "key"), new("kinds", "id"), new("counters", "key")],
        [
            new("contract", 1, "things", """
                create table things (
                    id {rowid},
                    key text not null unique,
                    amount bigint not null check (amount >= 0)
                );
                create table kinds (id {rowid}, i bigint, r double precision, t text, b {bytes});
                """),
            new("contract", 2, "counters", "create table counters (key text not null primary key, n bigint not null)"),
        ]);

    public static readonly Statement Add = new("insert into things (id, key, amount) values ($1, $2, $3)");

    public static readonly Statement TryAdd = new(
        "insert into things (id, key, amount) values ($1, $2, $3) on conflict do nothing returning id");

    public static readonly Statement Raise = new("update things set amount = amount + $2 where key = $1");

    public static readonly Statement RaiseReturning = new("update things set amount = amount + $2 where key = $1 returning amount");

    public static readonly Statement Find = new("select id from things where key = $1");

    public static readonly Statement Amount = new("select amount from things where key = $1");

    public static readonly Statement Keys = new("select key from things order by key");

    public static readonly Statement AddKinds = new("insert into kinds (id, i, r, t, b) values ($1, $2, $3, $4, $5)");

    public static readonly Statement Kinds = new("select i, r, t, b from kinds where id = $1");

    public static readonly Statement AddCounter = new("insert into counters (key, n) values ($1, $2)");

    public static readonly Statement Counter = new("select n from counters where key = $1");

    public static readonly Statement SetCounter = new("update counters set n = $2 where key = $1");

    public static readonly Statement StepCounter = new("update counters set n = $2 where key = $1 and n = $2 - 1");

    public static readonly Statement Refused = new("insert into nowhere (id) values ($1)");

    public static readonly Statement RefusedRead = new("select id from nowhere where id = $1");
}
