using System.Buffers;
using System.Text.Json;
using Groundwork.Platform.Http;

namespace Groundwork.Links.Import;

/// <summary>Writes what became of each row: NDJSON, a line a row in the rows' order, and a summary last. Not for concurrent use.</summary>
/// <param name="spools">Where the results wait.</param>
/// <param name="spool">The file in it.</param>
/// <param name="root">What short addresses begin with.</param>
internal sealed class ImportResults(ImportSpools spools, FileStream spool, string root) : IDisposable
{
    private const int FlushBytes = 64 << 10;

    private readonly ArrayBufferWriter<byte> _buffer = new(FlushBytes + 4096);
    private readonly Utf8JsonWriter _json = new(Stream.Null);
    private long _rows;
    private long _created;
    private long _existing;
    private long _failed;

    /// <summary>Writes the next row's result.</summary>
    /// <param name="line">The line of the body on which the row began.</param>
    /// <param name="result">What became of it; null where it was refused.</param>
    /// <param name="problem">Why it was.</param>
    /// <param name="cancellationToken">Ends the wait for the disk.</param>
    public ValueTask WriteAsync(long line, MakeResult? result, ProblemResult? problem, CancellationToken cancellationToken)
    {
        Begin();
        _json.WriteNumber("row"u8, ++_rows);
        switch (result)
        {
            case MakeResult.Made made:
                _created++;
                WriteLink("created"u8, made.Link);
                break;
            case MakeResult.Existing existing:
                _existing++;
                WriteLink("existing"u8, existing.Link);
                break;
            case MakeResult.AliasTaken taken:
                WriteFailure(line, LinksProblems.Taken(taken.Alias));
                break;
            default:
                WriteFailure(line, problem!);
                break;
        }

        End();
        return _buffer.WrittenCount < FlushBytes ? ValueTask.CompletedTask : FlushAsync(cancellationToken);
    }

    /// <summary>Writes the summary, and everything that was held back.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        Begin();
        _json.WriteStartObject("summary"u8);
        _json.WriteNumber("rows"u8, _rows);
        _json.WriteNumber("created"u8, _created);
        _json.WriteNumber("existing"u8, _existing);
        _json.WriteNumber("failed"u8, _failed);
        _json.WriteEndObject();
        End();
        return FlushAsync(cancellationToken);
    }

    public void Dispose() => _json.Dispose();

    private void Begin()
    {
        _json.Reset(_buffer);
        _json.WriteStartObject();
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
    }

    private void WriteLink(ReadOnlySpan<byte> status, Link link)
    {
        _json.WriteString("status"u8, status);
        _json.WriteString("code"u8, link.Code);
        _json.WriteString("short_url"u8, root + link.Code);
    }

    private void WriteFailure(long line, ProblemResult problem)
    {
        _failed++;
        _json.WriteString("status"u8, "failed"u8);
        _json.WriteNumber("line"u8, line);
        _json.WriteStartObject("problem"u8);
        _json.WriteString("type"u8, problem.Kind.Type);
        _json.WriteString("title"u8, problem.Kind.Title);
        _json.WriteNumber("status"u8, problem.Kind.Status);
        _json.WriteString("detail"u8, problem.Detail);
        if (problem.Member is { } member)
            _json.WriteString("member"u8, member);
        _json.WriteEndObject();
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await spools.WriteAsync(spool, _buffer.WrittenMemory, cancellationToken);
        _buffer.ResetWrittenCount();
    }
}
