namespace Groundwork.Links.Clicks;

/// <summary>What brings clicks into the database: those of this copy's redirects, or those of the topic.</summary>
internal interface IClickIntake
{
    /// <summary>How many clicks, of any kind, were counted since the start.</summary>
    long Counted { get; }

    /// <summary>How many clicks, of any kind, were dropped after they had been taken from the buffer.</summary>
    long Lost { get; }

    /// <summary>Why it does not count now; null where it does.</summary>
    string? Problem { get; }

    /// <summary>Writes what this copy knows of a link now, where it knows more than others.</summary>
    Task WriteNowAsync(long number, CancellationToken cancellationToken);
}
