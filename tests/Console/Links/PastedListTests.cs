using Groundwork.Console.Pages.Links;

namespace Groundwork.Console.Tests.Links;

public sealed class PastedListTests
{
    [Fact]
    public void A_URL_on_each_line_becomes_CSV_with_one_column()
    {
        var (csv, rows) = PastedList.Read("https://example.org/a,b\r\n\r\n  https://example.org/\"c\"  \nhttps://example.org/d");

        Assert.Equal("long_url\n\"https://example.org/a,b\"\n\"https://example.org/\"\"c\"\"\"\n\"https://example.org/d\"\n", csv);
        Assert.Equal(["https://example.org/a,b", "https://example.org/\"c\"", "https://example.org/d"], rows);
    }

    [Theory]
    [InlineData("long_url\nhttps://example.org/")]
    [InlineData("title,long_url\nx,https://example.org/")]
    [InlineData("\"title\", \"long_url\"\r\nx,https://example.org/")]
    [InlineData("\uFEFFlong_url\nhttps://example.org/")]
    [InlineData("\n\nlong_url\n\nhttps://example.org/\n")]
    public void CSV_goes_as_it_is(string text)
    {
        var (csv, rows) = PastedList.Read(text);

        Assert.Equal(text, csv);
        Assert.Single(rows);
    }

    [Fact]
    public void A_quoted_line_end_does_not_end_a_row()
    {
        var (_, rows) = PastedList.Read("long_url,title\nhttps://example.org/1,\"two\nlines, \"\"quoted\"\"\"\nhttps://example.org/2,one\n");

        Assert.Equal(["https://example.org/1,\"two\nlines, \"\"quoted\"\"\"", "https://example.org/2,one"], rows);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\n ")]
    [InlineData("long_url\n\n")]
    public void Where_there_is_nothing_there_are_no_rows(string text) => Assert.Empty(PastedList.Read(text).Rows);

    [Fact]
    public void A_file_for_a_spreadsheet_has_no_formula_in_it()
    {
        var csv = new ImportReport([new(1, "=1+1", "failed", null, null, "long_url is \"relative\".")], 0, 0, 1).ToCsv();

        Assert.Equal("row,status,short_url,code,why,pasted\n1,\"failed\",,,\"long_url is \"\"relative\"\".\",\"'=1+1\"\n", csv);
    }
}
