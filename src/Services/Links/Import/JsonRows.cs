using System.Diagnostics.CodeAnalysis;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;

namespace Groundwork.Links.Import;

/// <summary>Rows as lines of JSON, each the body of a create.</summary>
internal sealed class JsonRows : IRowFormat
{
    private const string AlwaysDedupe = "The rows of an import are always made with dedupe, so that it may be sent again; leave dedupe out.";

    public bool TryRead(ReadOnlySpan<byte> record, [NotNullWhen(true)] out CreateLink? row, [NotNullWhen(false)] out ProblemResult? problem)
    {
        if (!JsonPart.TryRead(record, "The row", out row, out problem))
            return false;
        if (row.Dedupe != false)
            return true;
        row = null;
        problem = LinksProblems.Invalid("dedupe", AlwaysDedupe);
        return false;
    }
}
