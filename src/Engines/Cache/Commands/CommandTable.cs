using System.Collections.Frozen;
using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>All commands, found by name in any case.</summary>
internal sealed class CommandTable
{
    private const int LongestName = 64;

    private readonly FrozenDictionary<string, Command> _commands;
    private readonly FrozenDictionary<string, Command>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public CommandTable(IEnumerable<Command> commands)
    {
        _commands = commands.ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);
        foreach (var command in _commands.Values)
        {
            command.Number = Count++;
            command.Word = command.Subcommands.Count == 0 ? Encoding.ASCII.GetBytes(command.Name) : null;
            foreach (var subcommand in command.Subcommands)
                subcommand.Number = Count++;
        }

        _lookup = _commands.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>All of them, without subcommands.</summary>
    public IEnumerable<Command> All => _commands.Values;

    /// <summary>How many there are, with subcommands.</summary>
    public int Count { get; }

    /// <summary>All that can be run: a command's subcommands in its place.</summary>
    public IEnumerable<Command> Runnable =>
        All.SelectMany(c => c.Subcommands.Count == 0 ? [c] : c.Subcommands).OrderBy(c => c.Name, StringComparer.Ordinal);

    /// <summary>The command that arguments ask for; null where there is none.</summary>
    /// <param name="arguments">The name first.</param>
    /// <param name="last">What their client asked for before, which is what it mostly asks for again.</param>
    public Command? Find(Arguments arguments, Command? last) =>
        last?.Word is { } word && Ascii.EqualsIgnoreCase(arguments[0], word) ? last : Find(arguments);

    /// <summary>The command that arguments ask for; null where there is none.</summary>
    public Command? Find(Arguments arguments)
    {
        var command = Find(arguments[0]);
        if (command is null || command.Subcommands.Count == 0 || arguments.Count < 2)
            return command;
        foreach (var subcommand in command.Subcommands)
        {
            if (Ascii.EqualsIgnoreCase(arguments[1], subcommand.Name.AsSpan(command.Name.Length + 1)))
                return subcommand;
        }

        return null;
    }

    /// <summary>The command of a name, in any case; null where there is none.</summary>
    public Command? Find(ReadOnlySpan<byte> name)
    {
        Span<char> lower = stackalloc char[LongestName];
        if (name.Length > LongestName || Ascii.ToLower(name, lower, out var length) != System.Buffers.OperationStatus.Done)
            return null;
        return _lookup.TryGetValue(lower[..length], out var command) ? command : null;
    }

    /// <summary>The command of a name, a subcommand's as <c>client|list</c>; null where there is none.</summary>
    public Command? FindFull(ReadOnlySpan<byte> name)
    {
        var bar = name.IndexOf((byte)'|');
        if (bar < 0)
            return Find(name);
        foreach (var subcommand in Find(name[..bar])?.Subcommands ?? [])
        {
            if (Ascii.EqualsIgnoreCase(name, subcommand.Name))
                return subcommand;
        }

        return null;
    }

    /// <summary>The error for arguments that ask for no command, as clients know it.</summary>
    public string DescribeUnknown(Arguments arguments)
    {
        if (Find(arguments[0]) is { } command)
            return $"ERR unknown subcommand '{Printable(arguments[1])}'. Try {command.Name.ToUpperInvariant()} HELP.";
        var text = new StringBuilder($"ERR unknown command '{Printable(arguments[0])}', with args beginning with: ");
        for (var i = 1; i < arguments.Count && text.Length < 256; i++)
            text.Append('\'').Append(Printable(arguments[i])).Append("' ");
        return text.ToString();
    }

    private static string Printable(ReadOnlySpan<byte> text) =>
        Encoding.Latin1.GetString(text[..Math.Min(text.Length, 128)]).Replace('\r', ' ').Replace('\n', ' ');
}
