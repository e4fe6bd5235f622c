namespace Groundwork.Ports.Settings;

/// <summary>A setting's value in force, and where it came from.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Value">The parsed value.</param>
/// <param name="Text">As it was written.</param>
/// <param name="Origin"><c>default</c>, or in words: the file, the environment's variable, the command line.</param>
public sealed record SettingValue(Setting Setting, object? Value, string Text, string Origin)
{
    /// <summary>The origin of a value that nobody set.</summary>
    public const string DefaultOrigin = "default";

    /// <summary>Whether somebody set it.</summary>
    public bool IsSet => Origin != DefaultOrigin;

    /// <summary>The text, or dots where it is a secret that was set.</summary>
    public string Shown => Setting.IsSecret && Text.Length > 0 ? "••••••" : Text;
}

/// <summary>All settings in force: read once, before anything is constructed. Immutable.</summary>
public sealed class SettingValues
{
    private readonly Dictionary<Setting, SettingValue> _values;

    /// <summary>Takes values as they were read.</summary>
    public SettingValues(IEnumerable<SettingValue> values) => _values = values.ToDictionary(v => v.Setting);

    /// <summary>Every setting, in the order of the modules.</summary>
    public IReadOnlyCollection<SettingValue> All => _values.Values;

    /// <summary>A setting's value; its default where it was never read (a test that sets only what it is about).</summary>
    public T Get<T>(Setting<T> setting) => _values.TryGetValue(setting, out var v) ? (T)v.Value! : setting.Default;

    /// <summary>Whether somebody set it.</summary>
    public bool IsSet(Setting setting) => _values.TryGetValue(setting, out var v) && v.IsSet;

    /// <summary>Values written by a program (a test, a drill) rather than by an operator.</summary>
    /// <exception cref="ArgumentException">A value is outside its setting's range.</exception>
    public static SettingValues Of(params ReadOnlySpan<(Setting Setting, string Text)> values)
    {
        var list = new List<SettingValue>();
        foreach (var (setting, text) in values)
        {
            if (!setting.TryParse(text, out var value, out var error))
                throw new ArgumentException($"{setting.Name} {error}.", nameof(values));
            list.Add(new SettingValue(setting, value, text, "program"));
        }

        return new SettingValues(list);
    }
}

/// <summary>Something wrong with the settings: which, what, and the way out.</summary>
/// <param name="Name">The setting's full name.</param>
/// <param name="Problem">What is wrong, as the end of a sentence that begins with the name.</param>
/// <param name="WayOut">What to do.</param>
public sealed record SettingError(string Name, string Problem, string WayOut);
