using System.Text;
using Groundwork.Console.Pages.Cache;

namespace Groundwork.Console.Tests.Cache;

public sealed class KeyNameTests
{
    [Theory]
    [InlineData("greeting", "/_/cache/clients/key?key=greeting", "greeting", null, "greeting")]
    [InlineData("a/b c", "/_/cache/clients/key?key=a%2Fb%20c", "a%2Fb%20c", null, "'a/b c'")]
    [InlineData("..", "/_/cache/clients/key?key=..", "Li4", "base64url", "..")]
    [InlineData("a\0b", "/_/cache/clients/key?key64=YQBi", "YQBi", "base64url", "$'a\\x00b'")]
    public void A_key_of_any_bytes_has_a_page_an_address_in_the_API_and_a_word_in_a_shell(string key, string page, string segment, string? encoding, string word)
    {
        var name = new KeyName("clients", 0, Encoding.UTF8.GetBytes(key));

        Assert.Equal(page, name.Address);
        Assert.Equal((segment, encoding), name.Segment);
        Assert.Equal(word, name.ShellWord);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE }, "ff fe")]
    [InlineData(new byte[] { 0x61, 0x0A }, "61 0a")]
    [InlineData(new byte[0], "(no bytes)")]
    [InlineData(new byte[] { 0xC3, 0xA9 }, "é")]
    public void What_is_no_line_of_text_is_read_in_hexadecimal(byte[] key, string label) =>
        Assert.Equal(label, new KeyName("clients", 0, key).Label);

    [Fact]
    public void The_argument_of_a_live_region_reads_back_as_the_same_key()
    {
        var name = new KeyName("links", 3, new byte[] { 0, 1, 0xFF });

        Assert.True(KeyName.TryRead(name.Argument!, out var read));
        Assert.Equal(name, read);
        Assert.Null(new KeyName("links", 0, new byte[KeyName.MaxLiveBytes + 1]).Argument);
    }

    [Theory]
    [InlineData("")]
    [InlineData("clients")]
    [InlineData("clients:0:")]
    [InlineData("clients:x:YQ")]
    [InlineData("clients:00:YQ")]
    [InlineData("CLIENTS:0:YQ")]
    [InlineData("clients:0:YQ=")]
    [InlineData("clients:0:YQ:more")]
    public void What_is_no_argument_names_no_region(string argument) => Assert.False(KeyName.TryRead(argument, out _));

    [Fact]
    public void Commands_of_redis_cli_name_the_port_the_database_and_the_space()
    {
        var redis = new RedisCommand(["127.0.0.1:7000"]);

        Assert.Equal("redis-cli -p 7000 -n 2 get a", redis.Show(new KeyName("clients", 2, "a"u8.ToArray()), "string"));
        Assert.Equal("redis-cli -p 7000 <<'END'\nselect links\ndel \"a\\x00\"\nEND", redis.Remove(new KeyName("links", 0, "a\0"u8.ToArray())));
        Assert.Equal("redis-cli -a \"$CACHE_PASSWORD\" hgetall h", new RedisCommand(["127.0.0.1:6379"], needsPassword: true).Show(new KeyName("clients", 0, "h"u8.ToArray()), "hash"));
        Assert.Equal("redis-cli hgetall h", new RedisCommand(["127.0.0.1:6379"]).Show(new KeyName("clients", 0, "h"u8.ToArray()), "hash"));
    }
}
