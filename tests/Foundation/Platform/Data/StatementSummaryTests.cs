using Groundwork.Ports.Database;

namespace Groundwork.Platform.Tests.Data;

public sealed class StatementSummaryTests
{
    [Theory]
    [InlineData("select a from links where number = $1", "SELECT links")]
    [InlineData("insert into links (a) values ($1) on conflict do update set a = 2", "INSERT links")]
    [InlineData("  update links\n set a = 1", "UPDATE links")]
    [InlineData("delete from links where a = $1", "DELETE links")]
    [InlineData("with ended as materialized (select a from old) delete from kept where a in (select a from ended)", "DELETE kept")]
    [InlineData("select min(due) from (select due from work_item)", "SELECT work_item")]
    [InlineData("SELECT 1", "SELECT")]
    [InlineData("vacuum", "VACUUM")]
    [InlineData("", "")]
    [InlineData("select a from", "SELECT")]
    [InlineData(")((", "")]
    public void A_statement_is_summed_up_in_two_words(string sql, string summary) => Assert.Equal(summary, new Statement(sql).Summary.ToString());
}
