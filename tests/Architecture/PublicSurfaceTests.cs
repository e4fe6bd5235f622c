using System.Reflection;
using System.Text;

namespace Groundwork.Architecture.Tests;

/// <summary>
/// What others can build on is written down, one file an assembly, so that a change of it is seen in review. To accept a
/// change: <c>GROUNDWORK_ACCEPT=1 dotnet test</c>.
/// </summary>
public sealed class PublicSurfaceTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Names => [.. Assemblies.Own.Select(a => a.GetName().Name!).Where(n => n != "groundwork")];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_public_surface_is_as_recorded(string assembly)
    {
        var file = Path.Combine(Repository.Root, "tests", "Architecture", "PublicSurface", assembly + ".txt");
        var surface = Describe(Assembly.Load(assembly));
        if (Environment.GetEnvironmentVariable("GROUNDWORK_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, surface);
        }

        Assert.Equal(File.Exists(file) ? File.ReadAllText(file) : "", surface);
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type, full: true)).Append('\n');
            var members = type.GetMembers(Declared).Where(IsVisible).Select(Describe).Distinct().Order(StringComparer.Ordinal);
            foreach (var member in members)
                text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase { IsSpecialName: true } method when method.Name.StartsWith("get_", StringComparison.Ordinal)
            || method.Name.StartsWith("set_", StringComparison.Ordinal)
            || method.Name.StartsWith("add_", StringComparison.Ordinal)
            || method.Name.StartsWith("remove_", StringComparison.Ordinal) => false,
        MethodBase method => method.IsPublic || method.IsFamily,
        FieldInfo field => (field.IsPublic || field.IsFamily) && field.Name != "value__",
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(a => a.IsPublic || a.IsFamily),
        _ => false,
    };

    private static string Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name} {{ {(property.CanRead ? "get; " : "")}{(property.CanWrite ? "set; " : "")}}}",
        FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
        _ => member.Name,
    };

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}"));

    private static string Kind(Type type) =>
        type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsAbstract && type.IsSealed ? "static class" : "class";

    private static string Name(Type type, bool full = false)
    {
        if (type.IsGenericParameter)
            return type.Name;
        var name = full ? type.FullName! : type.Name;
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        if (!type.IsGenericType || tick < 0)
            return name;
        return $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(a => Name(a)))}>";
    }
}
