namespace Groundwork.Broker.Protocol;

/// <summary>Every API in the table, by its number.</summary>
internal static class ApiCatalog
{
    private static readonly ApiInfo?[] ByKey = Index();

    /// <summary>All of them, in the order of their numbers.</summary>
    public static IReadOnlyList<ApiInfo> All => ApiTable.All;

    /// <summary>An API; null where the number is not in the table.</summary>
    public static ApiInfo? Find(short key) => (uint)key < (uint)ByKey.Length ? ByKey[key] : null;

    public static ApiInfo Get(ApiKey key) =>
        Find((short)key) ?? throw new ArgumentOutOfRangeException(nameof(key), key, "There is no such API in the table.");

    private static ApiInfo?[] Index()
    {
        var index = new ApiInfo?[ApiTable.All.Max(a => (short)a.Key) + 1];
        foreach (var api in ApiTable.All)
            index[(short)api.Key] = api;
        return index;
    }
}
