using System.Collections;
using System.Reflection;
using System.Text;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol;

/// <summary>All that a message holds, as text: two are equal when their texts are.</summary>
internal static class MessageText
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        RecordBytes records => records.IsNull ? "null" : Convert.ToHexString(records.Join().Span),
        IList list => $"[{string.Join(", ", list.Cast<object>().Select(Of))}]",
        IMessage message => Of(message),
        _ => value.ToString()!,
    };

    private static string Of(IMessage message)
    {
        var text = new StringBuilder(message.GetType().Name).Append(" {");
        foreach (var property in message.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
            text.Append(' ').Append(property.Name).Append(": ").Append(Of(property.GetValue(message)));
        return text.Append(" }").ToString();
    }
}
