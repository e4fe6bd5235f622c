using System.Buffers;
using System.Text.Unicode;
using Groundwork.Platform.Http;
using Groundwork.Ports.Database;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Links.Import;

/// <summary>
/// Makes a link of every row of a body, in the order of the rows, and says what became of each.
/// </summary>
/// <remarks>
/// <para>Every row is made with dedupe, so an import that is sent again, as a whole or from where it broke off, finds what it has
/// made. A row that cannot be made is a result like others; a database that does not answer ends the import.</para>
/// <para>Memory: at most <see cref="Window"/> rows are under way at once, so that the database has a batch to work on while
/// others are read, and one record. Safe for concurrent use.</para>
/// </remarks>
internal sealed class LinkImport(Shortener shortener, LinkRules rules)
{
    /// <summary>How many rows are under way at once.</summary>
    public const int Window = 2048;

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r"u8);

    private static readonly ProblemResult NotUtf8 = Problem.InvalidRequest.Result("The row is not UTF-8.");

    private static readonly ProblemResult TooLong = Problem.InvalidRequest.Result($"The row has more than {RecordReader.MaxBytes} bytes.");

    private static readonly ProblemResult Unclosed = Problem.InvalidRequest.Result(
        $"A quote opens in this line, and none closes it within {RecordReader.MaxBytes} bytes. The lines behind it were read as rows of their own.");

    private static readonly ProblemResult Contended = Problem.Unavailable.Result("Others keep changing this link; send the row again.");

    /// <summary>Runs until the body's end.</summary>
    /// <param name="records">The rows, behind the header where there is one.</param>
    /// <param name="format">How they are written.</param>
    /// <param name="host">The host that the request came to.</param>
    /// <param name="results">Gets their results.</param>
    /// <param name="cancellationToken">Ends the import; what was begun is waited for.</param>
    public async Task RunAsync(RecordReader records, IRowFormat format, HostString host, ImportResults results, CancellationToken cancellationToken)
    {
        var rows = new Queue<Row>(Window);
        try
        {
            while (await records.ReadAsync(cancellationToken))
            {
                if (records.Fault == RecordFault.None && IsBlank(records.Record.Span))
                    continue;
                while (rows.Count == Window || (rows.TryPeek(out var first) && first.IsDone))
                    await EndAsync(rows.Dequeue(), results, cancellationToken);
                rows.Enqueue(Begin(records, format, host));
            }

            while (rows.TryDequeue(out var row))
                await EndAsync(row, results, cancellationToken);
        }
        finally
        {
            foreach (var row in rows)
            {
                if (row.Making is { } making)
                    await ((Task)making).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Whether a record holds nothing.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> record) => !record.ContainsAnyExcept(Blanks);

    // Not cancelled row by row, which would cost each a registration: whatever was begun ends soon.
    private Row Begin(RecordReader records, IRowFormat format, HostString host)
    {
        var record = records.Record.Span;
        ProblemResult? problem = records.Fault switch
        {
            RecordFault.TooLong => TooLong,
            RecordFault.UnclosedQuote => Unclosed,
            _ => Utf8.IsValid(record) ? null : NotUtf8,
        };
        return problem is null && format.TryRead(record, out var wanted, out problem) && rules.TryRead(wanted, host, out var request, out problem)
            ? new Row(records.Line, shortener.MakeAsync(request with { Dedupe = true }, CancellationToken.None), null)
            : new Row(records.Line, null, problem);
    }

    private static async ValueTask EndAsync(Row row, ImportResults results, CancellationToken cancellationToken)
    {
        var (made, problem) = (default(MakeResult), row.Problem);
        try
        {
            made = row.Making is { } making ? await making : null;
        }
        catch (DatabaseException e) when (e.Failure == DatabaseFailure.Contention)
        {
            problem = Contended;
        }

        await results.WriteAsync(row.Line, made, problem, cancellationToken);
    }

    /// <summary>A row under way.</summary>
    /// <param name="Line">Where it began.</param>
    /// <param name="Making">The making of its link; null where it was refused.</param>
    /// <param name="Problem">Why it was.</param>
    private readonly record struct Row(long Line, Task<MakeResult>? Making, ProblemResult? Problem)
    {
        public bool IsDone => Making is null or { IsCompleted: true };
    }
}
