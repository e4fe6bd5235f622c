using Groundwork.Ports.Database;
using Groundwork.Testing;

namespace Groundwork.Sqlite.Tests;

/// <summary>A file that is no sound database is left for whoever can rescue it.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("random bytes")]
    [InlineData("a few bytes")]
    [InlineData("truncated")]
    [InlineData("schema overwritten")]
    [InlineData("pages overwritten")]
    public async Task It_is_refused_by_name_and_left_byte_for_byte(string damage)
    {
        await using (var server = Sample.Server(_folder.Path))
        {
            var database = await server.OpenAsync(Sample.Schema, Token);
            for (var i = 0; i < 100; i++)
                await database.WriteAsync(Sample.Adding(Sample.Key(i), i, new string('x', 1000)), Token);
        }

        var file = Sample.File(_folder);
        var bytes = Damage(await File.ReadAllBytesAsync(file, Token), damage);
        await File.WriteAllBytesAsync(file, bytes, Token);

        await using var again = Sample.Server(_folder.Path);
        var error = await Assert.ThrowsAsync<DatabaseException>(() => again.OpenAsync(Sample.Schema, Token));

        Assert.Equal(DatabaseFailure.Corrupt, error.Failure);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains("restore a backup", error.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file, Token));
    }

    [Fact]
    public async Task An_empty_file_is_a_start_that_did_not_get_far_and_is_begun_anew()
    {
        Directory.CreateDirectory(_folder["database"]);
        await File.WriteAllBytesAsync(Sample.File(_folder), [], Token);

        await using var server = Sample.Server(_folder.Path);
        var database = await server.OpenAsync(Sample.Schema, Token);
        Assert.Equal(1, await database.WriteAsync(Sample.Adding("a"), Token));
    }

    private static byte[] Damage(byte[] bytes, string damage)
    {
        var random = new Random(20261123);
        switch (damage)
        {
            case "random bytes":
                random.NextBytes(bytes);
                return bytes;
            case "a few bytes":
                return "hello"u8.ToArray();
            case "truncated":
                return bytes[..(bytes.Length / 2)];
            case "schema overwritten":
                random.NextBytes(bytes.AsSpan(100, 3900));
                return bytes;
            default:
                random.NextBytes(bytes.AsSpan(bytes.Length - 40_000, 30_000));
                return bytes;
        }
    }
}
