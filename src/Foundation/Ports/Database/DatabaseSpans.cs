using System.Diagnostics;

namespace Groundwork.Ports.Database;

/// <summary>
/// The spans of what a database does for a request or piece of work that is traced, by OpenTelemetry's semantic conventions
/// for databases. Where nothing is traced, a command pays for one look at a field. Safe for concurrent use.
/// </summary>
/// <remarks>What nobody is traced for begins no trace of its own: a look into a queue every second is not worth one.</remarks>
public static class DatabaseSpans
{
    /// <summary>How many commands of any callers shared the transaction in which this one was committed.</summary>
    public const string SharedBy = "groundwork.database.batch.size";

    private static readonly ActivitySource Source = new(DatabaseTelemetry.MeterName);

    /// <summary>Whether somebody may want a span of what is done now.</summary>
    internal static bool MayBeWanted => Source.HasListeners() && Activity.Current is not null;

    /// <summary>The span of the command that the caller sends, for an engine to add to; null where it has none.</summary>
    public static Activity? OfCaller => Source.HasListeners() && Activity.Current is { } span && span.Source == Source ? span : null;

    /// <summary>Says of a command's span with how many others it was committed; to be said before the caller learns of it.</summary>
    public static void Committed(Activity? span, int commands) => span?.SetTag(SharedBy, commands);

    /// <summary>Begins the span of one statement.</summary>
    /// <param name="system">Whose database it is: <c>sqlite</c>, <c>postgresql</c>.</param>
    /// <param name="schema">The database's name.</param>
    /// <param name="statement">What runs; its text has no values in it.</param>
    /// <param name="parent">For what, where that is not what runs on this thread.</param>
    internal static Activity? Begin(string system, string schema, Statement statement, ActivityContext parent = default)
    {
        var span = Begin(system, schema, statement.Summary.ToString(), statement.Summary.Operation, parent);
        if (span is null)
            return null;
        if (statement.Summary.Table is { } table)
            span.SetTag("db.collection.name", table);
        return span.SetTag("db.query.text", statement.Sql);
    }

    /// <summary>Begins the span of something else: a transaction, many statements.</summary>
    internal static Activity? Begin(string system, string schema, string summary, string operation, ActivityContext parent = default) =>
        Source.StartActivity(summary, ActivityKind.Client, parent)?
            .SetTag("db.system.name", system)
            .SetTag("db.namespace", schema)
            .SetTag("db.operation.name", operation)
            .SetTag("db.query.summary", summary);

    /// <summary>Says of a span how it failed.</summary>
    internal static void Failed(Activity? span, Exception error) => span?
        .SetTag("error.type", error is DatabaseException { Failure: var failure } ? failure.ToString() : error.GetType().FullName)
        .SetStatus(ActivityStatusCode.Error, error.Message);
}
