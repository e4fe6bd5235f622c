using Groundwork.Ports.Database;
using static Groundwork.Testing.Database.ContractSchema;

namespace Groundwork.Testing.Database;

/// <content>Single statements: what they return, and whose failure is whose.</content>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task A_write_returns_its_rows_or_how_many_it_changed()
    {
        var database = await OpenAsync();

        Assert.Equal(1, await database.WriteAsync(Adding(1, amount: 5), Token));
        Assert.Equal(0, await database.WriteAsync(Of(Raise, "absent", "absent", 1), Token));
        Assert.Equal([7], await database.WriteAsync(Of(RaiseReturning, Key(1), Key(1), 2), r => r.GetInt64(0), Token));
        Assert.Empty(await database.WriteAsync(Of(RaiseReturning, "absent", "absent", 2), r => r.GetInt64(0), Token));
        Assert.Equal(7, await AmountAsync(database, Key(1)));
    }

    [Fact]
    public async Task A_read_sees_every_write_acknowledged_before_it()
    {
        var database = await OpenAsync();
        await database.WriteAsync(Adding(1), Token);

        for (var i = 1; i <= 200; i++)
        {
            await database.WriteAsync(Of(Raise, Key(1), Key(1), 1), Token);
            Assert.Equal(i, await AmountAsync(database, Key(1)));
        }
    }

    [Fact]
    public async Task A_read_that_a_replica_may_serve_is_served()
    {
        var database = await OpenAsync();
        Assert.Empty(await database.ReadAsync(Of(Find, "absent", "absent"), r => r.GetInt64(0), Freshness.ReplicaWillDo, Token));
    }

    [Fact]
    public async Task A_taken_key_fails_its_own_caller_and_the_neighbours_commit()
    {
        var database = await OpenAsync();
        await database.WriteAsync(Adding(0, "taken"), Token);

        var writes = Enumerable.Range(1, 200)
            .Select(i => database.WriteAsync(Adding(i, i % 5 == 0 ? "taken" : null), Token))
            .ToList();

        for (var i = 1; i <= writes.Count; i++)
        {
            if (i % 5 == 0)
                Assert.Equal(DatabaseFailure.UniqueViolation, await FailureAsync(writes[i - 1]));
            else
                Assert.Equal(1, await writes[i - 1]);
        }

        Assert.Equal(161, (await KeysAsync(database)).Count);
    }

    [Fact]
    public async Task A_conflict_that_is_to_be_ignored_returns_nothing_to_its_own_caller()
    {
        var database = await OpenAsync();
        await database.WriteAsync(Adding(0, "taken"), Token);

        var writes = Enumerable.Range(1, 200)
            .Select(i => (Id: (long)i, Key: i % 5 == 0 ? "taken" : Key(i)))
            .Select(t => (t.Id, Rows: database.WriteAsync(Of(TryAdd, t.Key, t.Id, t.Key, 0), r => r.GetInt64(0), Token)))
            .ToList();

        foreach (var (id, rows) in writes)
            Assert.Equal(id % 5 == 0 ? [] : [id], await rows);
    }

    [Fact]
    public async Task Of_many_callers_who_want_one_key_exactly_one_gets_it()
    {
        var database = await OpenAsync();

        var writes = Enumerable.Range(1, 100).Select(i => database.WriteAsync(Adding(i, "wanted"), Token)).ToList();
        var won = 0;
        foreach (var write in writes)
        {
            try
            {
                won += await write;
            }
            catch (DatabaseException e)
            {
                Assert.Equal(DatabaseFailure.UniqueViolation, e.Failure);
            }
        }

        Assert.Equal(1, won);
    }

    [Fact]
    public async Task A_broken_rule_other_than_uniqueness_says_so()
    {
        var database = await OpenAsync();

        Assert.Equal(DatabaseFailure.ConstraintViolation, await FailureAsync(database.WriteAsync(Adding(1, amount: -1), Token)));
        Assert.Equal(DatabaseFailure.ConstraintViolation, await FailureAsync(database.WriteAsync(Of(Add, "", 1, DbValue.Null, 0), Token)));
        Assert.Empty(await KeysAsync(database));
    }

    [Fact]
    public async Task A_statement_that_the_database_refuses_fails_alone()
    {
        var database = await OpenAsync();

        var neighbour = database.WriteAsync(Adding(1), Token);
        Assert.Equal(DatabaseFailure.Other, await FailureAsync(database.WriteAsync(Of(Refused, "", 1), Token)));
        Assert.Equal(DatabaseFailure.Other, await FailureAsync(database.ReadAsync(Of(RefusedRead, "", 1), r => 0, Freshness.Latest, Token)));
        Assert.Equal(1, await neighbour);
        Assert.Equal(1, await database.WriteAsync(Adding(2), Token));
    }

    [Fact]
    public async Task Every_kind_of_value_comes_back_as_it_was_written()
    {
        var database = await OpenAsync();
        (DbValue I, DbValue R, DbValue T, DbValue B)[] rows =
        [
            (DbValue.Null, DbValue.Null, DbValue.Null, DbValue.Null),
            (0, 0.0, "", Array.Empty<byte>()),
            (long.MinValue, double.MinValue, "naïve 字 🏗 ' \" $1 \\ %", new byte[] { 0, 1, 127, 128, 255 }),
            (long.MaxValue, double.Epsilon, new string('x', 100_000), new byte[100_000]),
            (true, 1.0 / 3, "\r\n\t", new byte[] { 0 }),
        ];

        for (var id = 0; id < rows.Length; id++)
        {
            var (i, r, t, b) = rows[id];
            await database.WriteAsync(Of(AddKinds, "", id, i, r, t, b), Token);
            var back = Assert.Single(await database.ReadAsync(
                Of(Kinds, "", id),
                row => (
                    I: row.IsDBNull(0) ? DbValue.Null : row.GetInt64(0),
                    R: row.IsDBNull(1) ? DbValue.Null : row.GetDouble(1),
                    T: row.IsDBNull(2) ? DbValue.Null : row.GetString(2),
                    B: row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3)),
                Freshness.Latest,
                Token));

            Assert.Equal((i, r, t), (back.I, back.R, back.T));
            Assert.Equal(b.Kind == DbValueKind.Null ? null : b.Bytes, back.B);
        }
    }
}
