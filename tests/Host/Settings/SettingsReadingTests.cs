using CsCheck;
using Groundwork.Platform.Http;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Database;
using Groundwork.Testing;

namespace Groundwork.Host.Tests.Settings;

public sealed class SettingsReadingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_command_line_is_stronger_than_the_environment_and_that_than_the_file()
    {
        var file = File("""{ "Http": { "Listen": "127.0.0.1:1", "BodyLimit": "2MiB", "StopTimeout": "1s" } }""");

        var read = Read(
            ["--Http:Listen=127.0.0.1:3", "--Config", file],
            ("GROUNDWORK_HTTP__LISTEN", "127.0.0.1:2"), ("groundwork_Http__BodyLimit", "3MiB"));

        Assert.Empty(read.Errors);
        Assert.Equal(3, read.Values.Get(HttpOptions.Listen).Port);
        Assert.Equal(3 << 20, read.Values.Get(HttpOptions.BodyLimit));
        Assert.Equal(TimeSpan.FromSeconds(1), read.Values.Get(HttpOptions.StopTimeout));
        Assert.Equal("groundwork.json", read.Values.All.Single(v => v.Setting == HttpOptions.StopTimeout).Origin);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_with_the_way_out()
    {
        var file = File("""
            {
              // comments are fine
              "Http": { "Listen": "nowhere", "lisTen": "127.0.0.1:1", "Bodylimt": "1MiB" },
              "Modules": ["Links"],
            }
            """);

        var read = Read(["--Config=" + file, "--Links:CodeBlock=-1", "--Nonsense:Setting=1", "--Http:Listen:0=x"], ("GROUNDWORK_HTTP_STOPTIMEOUT", "1s"));

        Assert.Equal(
            [
                ("Http:lisTen", "Keep one of the two."),
                ("Modules", "Write it as one string, with commas between its items."),
                ("Http:Listen", "Leave it out for its default, 127.0.0.1:8080."),
                ("Http:Bodylimt", "Did you mean Http:BodyLimit?"),
                ("HTTP_STOPTIMEOUT", "Did you mean Http:StopTimeout?"),
                ("Links:CodeBlock", "Leave it out for its default, 1000."),
                ("Nonsense:Setting", "See `groundwork settings` for those that are."),
                ("Http:Listen", "Write it as one string, with commas between its items."),
            ],
            read.Errors.Select(e => (e.Name, e.WayOut)));
        Assert.Contains("also as Http:Listen", read.Errors[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_of_a_module_that_is_not_there_yet_is_accepted_and_said_to_be_unused()
    {
        var read = Read(["--Objects:Listen=127.0.0.1:9000"]);

        Assert.Empty(read.Errors);
        Assert.Equal("Objects:Listen", Assert.Single(read.Unused).Name);
    }

    [Fact]
    public void A_module_that_is_misspelt_is_named_with_the_nearest()
    {
        Assert.Equal("Did you mean Links?", Assert.Single(Read(["--Modules=Lniks"]).Errors).WayOut);
        Assert.Equal(["Links"], SettingsReader.Running(ModuleCatalog.Create(), Read(["--Modules=links"]).Values).Where(m => !m.IsFoundation).Select(m => m.Name));
    }

    [Fact]
    public void Two_variables_that_contradict_each_other_are_an_error_and_a_service_of_kubernetes_is_none()
    {
        var read = Read(
            [], ("GROUNDWORK_DATA", "/a"), ("groundwork_data", "/b"),
            ("GROUNDWORK_SERVICE_HOST", "10.0.0.1"), ("GROUNDWORK_PORT", "tcp://10.0.0.1:8080"), ("GROUNDWORK_PORT_8080_TCP_ADDR", "10.0.0.1"));

        Assert.Contains("GROUNDWORK_DATA and by groundwork_data", Assert.Single(read.Errors).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "is not one JSON object")]
    [InlineData("{ \"Data\": hunter2 }", "is not JSON at line 1, byte 11")]
    [InlineData("", "is empty, or not a regular file")]
    public void A_file_that_is_not_settings_is_said_to_be_so_without_its_text(string text, string problem)
    {
        var error = Assert.Single(Read(["--Config=" + File(text)]).Errors);

        Assert.Equal("Config", error.Name);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_named_must_be_there_and_one_that_was_not_need_not()
    {
        Assert.Contains("is not there", Assert.Single(Read(["--Config=" + _folder["absent.json"]]).Errors).Problem, StringComparison.Ordinal);
        Assert.Equal("Config", Assert.Single(Read(["--Config="]).Errors).Name);
    }

    [Fact]
    public void A_secret_is_never_shown()
    {
        const string Secret = "hunter2";
        foreach (var name in new[] { "Database:Connection", "Database:Conection", "Cache:Password", "Database:Connection:0" })
        {
            var read = Read([$"--{name}={Secret}"], ($"GROUNDWORK_{name.Replace(":", "__", StringComparison.Ordinal)}", Secret + "!"));
            var shown = string.Join('\n', [
                .. read.Errors.Select(e => e.ToString()),
                .. read.Values.All.Where(v => v.IsSet).Select(v => v.Shown),
                .. read.Unused.Select(u => u.Name + u.Origin)]);
            Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
        }

        Assert.True(DatabaseSettings.Connection.IsSecret);
    }

    [Fact]
    public void Settings_are_told_from_a_commands_own_words()
    {
        var (settings, words) = SettingArguments.Split(
            ["keys", "--Http:Listen", "127.0.0.1:1", "create", "--data=x", "--scope", "links:write", "--Links:CodeBlock", "--json", "--", "--Data=name"]);

        Assert.Equal([new("Http:Listen", "127.0.0.1:1"), new("data", "x"), new("Links:CodeBlock", "")], settings);
        Assert.Equal(["keys", "create", "--scope", "links:write", "--json", "--", "--Data=name"], words);
    }

    [Fact]
    public void Whatever_stands_in_the_file_the_environment_or_on_the_command_line_is_read_or_refused()
    {
        var fragment = Gen.OneOf(
            Choice.Of("{", "}", "[", "]", ":", ",", "\"", "\\u0000", "\\ud800", "null", "true", "1e999", "//", "\uFEFF", "Http", "Data", "Modules", "\n"),
            Gen.String[0, 4]);
        var text = fragment.Array[0, 12].Select(string.Concat);
        var name = Gen.OneOf(Choice.Of([.. SettingsReader.Catalog(ModuleCatalog.Create()).Select(s => s.Name)]), text);
        var path = _folder["groundwork.json"];

        Gen.Select(text, name, text).Sample(
            (file, setting, value) =>
            {
                System.IO.File.WriteAllText(path, file);
                var (settings, _) = SettingArguments.Split([$"--Config={path}", $"--{setting}={value}", value]);
                var read = SettingsReader.Read(
                    ModuleCatalog.Create(),
                    SettingsSources.Read(settings, new Dictionary<string, string> { [$"GROUNDWORK_{setting}"] = value }));
                return read.Errors.All(e => e.WayOut.Length > 0);
            },
            iter: 500, threads: 1);
    }

    private static SettingsResult Read(string[] arguments, params (string Name, string Value)[] environment) => SettingsReader.Read(
        ModuleCatalog.Create(),
        SettingsSources.Read(SettingArguments.Split(arguments).Settings, environment.ToDictionary(e => e.Name, e => e.Value)));

    private string File(string text)
    {
        System.IO.File.WriteAllText(_folder["groundwork.json"], text);
        return _folder["groundwork.json"];
    }
}
