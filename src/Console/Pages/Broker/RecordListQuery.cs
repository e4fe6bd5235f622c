using System.Globalization;
using Groundwork.Console.Shell;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.Broker;

/// <summary>Which records a page shows: what stands in its address. Immutable.</summary>
/// <param name="Topic">Of which topic.</param>
/// <param name="Partition">Of which partition.</param>
/// <param name="From">From where on, as the API has it; empty for the newest.</param>
public sealed record RecordListQuery(string Topic, int Partition = 0, string From = "")
{
    /// <summary>The place on the page that shows them.</summary>
    public string Address => QueryHelpers.AddQueryString(BrokerNames.AddressOf(Topic), new Dictionary<string, string?>
    {
        ["partition"] = Partition.ToString(CultureInfo.InvariantCulture),
        ["from"] = From,
    }.Where(p => !string.IsNullOrEmpty(p.Value))) + "#records";

    /// <summary>From an offset on.</summary>
    public RecordListQuery At(long offset) => this with { From = offset.ToString(CultureInfo.InvariantCulture) };

    /// <summary>What an address asks for; where it names no partition, of the one to which something came last.</summary>
    internal static RecordListQuery Of(ShownTopic topic, Viewer viewer) => new(
        topic.Name,
        int.TryParse(viewer.Query("partition"), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            ? partition
            : topic.Partitions?.Where(p => p.LatestTime is not null).MaxBy(p => p.LatestTime)?.Number ?? 0,
        viewer.Query("from").Trim());
}
