using Groundwork.Ports.Modules;
using Groundwork.Primitives;

namespace Groundwork.Platform.Access;

/// <summary>
/// The scopes that a principal holds: names as modules declare them (<c>links:read</c>), all of a section (<c>links:*</c>),
/// or everything (<c>*</c>). Immutable.
/// </summary>
public sealed class ScopeSet
{
    private const string All = "*";

    private readonly string[] _names;

    private ScopeSet(string[] names) => _names = names;

    /// <summary>Every scope there is and will be.</summary>
    public static ScopeSet Everything { get; } = new([All]);

    /// <summary>The names, in the order in which they were given.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>A set of names that need not be known: a token may carry scopes that mean something elsewhere.</summary>
    public static ScopeSet Of(IEnumerable<string> names) => new([.. names.Distinct(StringComparer.Ordinal)]);

    /// <summary>Reads what <see cref="ToString"/> wrote, or a token's <c>scope</c>.</summary>
    public static ScopeSet Parse(string text) => Of(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>What a key may be given: every module's scopes, each section as a whole, and everything.</summary>
    public static IReadOnlyList<string> Grantable(IEnumerable<Module> modules)
    {
        var scopes = modules.SelectMany(m => m.Scopes).Select(s => s.Name).ToList();
        return [.. scopes, .. scopes.Select(s => $"{s.Split(':')[0]}:*").Distinct(StringComparer.Ordinal), All];
    }

    /// <summary>Says what is wrong with a name that is not grantable.</summary>
    public static string Unknown(string name, IReadOnlyList<string> grantable) =>
        EditDistance.Nearest(name, grantable) is { } nearest
            ? $"There is no scope '{name}'. Did you mean '{nearest}'?"
            : $"There is no scope '{name}'. There are {string.Join(", ", grantable)}.";

    /// <summary>Whether it permits what asks for <paramref name="scope"/>.</summary>
    public bool Covers(string scope)
    {
        foreach (var name in _names)
        {
            if (name == All || name == scope)
                return true;
            if (name.EndsWith(":*", StringComparison.Ordinal) && scope.AsSpan().StartsWith(name.AsSpan(0, name.Length - 1)))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', _names);
}
