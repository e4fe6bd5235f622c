namespace Groundwork.Architecture.Tests;

public sealed class ReferencesTests
{
    [Fact]
    public void References_run_down_the_picture_only() => Assert.Empty(Layers.Violations(Repository.Projects));

    [Fact]
    public void The_repository_is_really_read()
    {
        Assert.Contains(Repository.Projects, p => p.Folder == "Services/Links" && p.References.Contains("Foundation/Platform"));
        Assert.Contains(Repository.Projects, p => p.Folder == "Host" && p.References.Contains("Services/Links"));
    }

    [Theory]
    [InlineData("Services/Links", "Adapters/Sqlite")]
    [InlineData("Services/Links", "Services/Payments")]
    [InlineData("Adapters/Postgres", "Foundation/Platform")]
    [InlineData("Adapters/Postgres", "Adapters/Sqlite")]
    [InlineData("Foundation/Ports", "Foundation/Platform")]
    [InlineData("Foundation/Primitives", "Foundation/Ports")]
    public void A_planted_violation_is_caught(string from, string to) =>
        Assert.Equal([$"{from} must not reference {to}"], Layers.Violations([new Project(from, [to])]));

    [Fact]
    public void A_folder_without_a_place_is_caught() =>
        Assert.Equal(["Helpers has no place in the picture"], Layers.Violations([new Project("Helpers", [])]));
}
