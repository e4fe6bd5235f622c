using System.Globalization;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Server;

/// <summary>client-output-buffer-limit: for each class of clients, a hard limit, a soft one, and the soft one's seconds.</summary>
internal static class OutputLimitText
{
    public static string Format(ClientLimits limits) =>
        $"normal {Format(limits.Normal)} slave {Format(limits.Replica)} pubsub {Format(limits.PubSub)}";

    /// <summary>Reads classes with their limits; those that are not named stay.</summary>
    public static bool TryParse(string text, ref ClientLimits limits)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words.Length % 4 != 0)
            return false;
        for (var i = 0; i < words.Length; i += 4)
        {
            if (!SettingTexts.TryMemory(words[i + 1], out var hard) || !SettingTexts.TryMemory(words[i + 2], out var soft)
                || !int.TryParse(words[i + 3], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return false;
            var limit = new OutputLimit(hard, soft, seconds);
            switch (words[i].ToUpperInvariant())
            {
                case "NORMAL":
                    limits = limits with { Normal = limit };
                    break;
                case "SLAVE" or "REPLICA":
                    limits = limits with { Replica = limit };
                    break;
                case "PUBSUB":
                    limits = limits with { PubSub = limit };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static string Format(OutputLimit limit) => $"{limit.HardBytes} {limit.SoftBytes} {limit.SoftSeconds}";
}
