using System.Globalization;
using Groundwork.Console.Api;
using Groundwork.Console.Shell;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Pages.Broker;

/// <summary>What the forms of topics do: each is one request to the API, and an answer that tells what became of it.</summary>
internal static class TopicActions
{
    public static async Task<IResult> MakeAsync(HttpContext http, IFormCollection form)
    {
        var wish = TopicWish.Of(form);
        var answer = await SendAsync(http, BrokerApi.MakeTopic(wish.ToBody()) with { Headers = Once(form) });
        if (answer.IsDone)
            return http.GoOn(BrokerNames.AddressOf(wish.Name), Notice.Done($"{wish.Name} is made."));
        var refused = Refusal.Of(answer);
        return PageRoutes.Page<BrokerPage>("Broker", new Dictionary<string, object?> { ["Wish"] = wish, ["Refused"] = refused }, refused.Status);
    }

    public static async Task<IResult> ProduceAsync(HttpContext http, IFormCollection form)
    {
        var (topic, wish) = (Topic(http), RecordWish.Of(form));
        var answer = await SendAsync(http, BrokerApi.Produce(topic, wish.ToBody()) with { Headers = Once(form) });
        if (answer.IsDone)
        {
            var place = answer.Read<ShownPlaces>().Places[0];
            return http.GoOn(
                new RecordListQuery(topic, place.Partition).At(place.Offset).Address,
                Notice.Done(string.Create(CultureInfo.InvariantCulture, $"It is in partition {place.Partition} at offset {place.Offset}, durably.")));
        }

        var refused = Refusal.Of(answer);
        return PageRoutes.Page<TopicPage>("Topic", new Dictionary<string, object?> { ["Wish"] = wish, ["Refused"] = refused }, refused.Status);
    }

    public static async Task<IResult> AddPartitionsAsync(HttpContext http, IFormCollection form)
    {
        var topic = Topic(http);
        if (!int.TryParse(form["total"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var total))
            return http.GoOn(BrokerNames.AddressOf(topic), Notice.Failed("Nothing was changed: the form names no number of partitions."));
        var answer = await SendAsync(http, BrokerApi.AddPartitions(topic, total, form["etag"].ToString()));
        return http.GoOn(BrokerNames.AddressOf(topic), answer.Status switch
        {
            StatusCodes.Status200OK => Notice.Done($"{topic} has {total} partitions now."),
            StatusCodes.Status412PreconditionFailed => Notice.Failed("Nothing was changed: somebody changed the topic meanwhile. This is how it is now."),
            _ => Notice.Failed($"Nothing was changed. {answer.Trouble}"),
        });
    }

    public static async Task<IResult> ChangeSettingsAsync(HttpContext http, IFormCollection form)
    {
        var (topic, wish, etag) = (Topic(http), SettingsWish.Of(form), form["etag"].ToString());
        if (form["agreed"].ToString().Length == 0)
        {
            var planned = await SendAsync(http, BrokerApi.PlanSettings(topic, wish.ToBody()));
            if (!planned.IsDone)
                return Refused(Refusal.Of(planned));
            if (planned.Read<ShownSettingsPlan>() is { Records: > 0 } plan)
                return Again(StatusCodes.Status200OK, "SettingsPlan", plan);
        }

        // With the tag of what was shown: what somebody else has set since is not overwritten unseen.
        var answer = await SendAsync(http, BrokerApi.ChangeSettings(topic, wish.ToBody(), etag));
        if (answer.IsDone)
            return http.GoOn($"{BrokerNames.AddressOf(topic)}#settings", Notice.Done($"The settings of {topic} are saved, and hold from now on."));
        if (answer.Status == StatusCodes.Status412PreconditionFailed)
            return http.GoOn($"{BrokerNames.AddressOf(topic)}#settings", Notice.Failed("Nothing was changed: somebody changed the topic meanwhile. This is how it is now."));
        return Refused(Refusal.Of(answer));

        IResult Refused(Refusal refused) => Again(refused.Status, "SettingsRefused", refused);

        // What was typed stays typed for what was shown then, also if the topic is another by now.
        IResult Again(int status, string why, object what) =>
            PageRoutes.Page<TopicPage>("Topic", new Dictionary<string, object?> { ["Settings"] = wish, ["SettingsEtag"] = etag, [why] = what }, status);
    }

    public static async Task<IResult> DeleteRecordsAsync(HttpContext http, IFormCollection form)
    {
        var topic = Topic(http);
        if (!int.TryParse(form["of"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(form["before"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var before))
        {
            return http.GoOn(BrokerNames.AddressOf(topic), Notice.Failed("Nothing was deleted: the form names no records."));
        }

        // By the offset that was shown, also where a time was asked for: what has come since is not counted anew.
        var answer = await SendAsync(http, BrokerApi.DeleteRecords(topic, new DeletionWish(topic, partition).OfOffset(before)));
        return http.GoOn(BrokerNames.AddressOf(topic), answer.IsDone
            ? Notice.Done(string.Create(CultureInfo.InvariantCulture, $"The records are deleted: partition {partition} begins at offset {answer.Read<ShownStart>().StartOffset} now."))
            : Notice.Failed($"Nothing was deleted. {answer.Trouble}"));
    }

    public static async Task<IResult> DeleteAsync(HttpContext http, IFormCollection form)
    {
        var topic = Topic(http);
        var answer = await SendAsync(http, BrokerApi.DeleteTopic(topic, form["etag"].ToString()));
        return answer.IsDone
            ? http.GoOn("/_/broker", Notice.Done($"{topic} is deleted."))
            : http.GoOn(BrokerNames.AddressOf(topic), Notice.Failed($"Nothing was deleted. {answer.Trouble}"));
    }

    private static Task<ApiAnswer> SendAsync(HttpContext http, ApiRequest request) =>
        http.RequestServices.GetRequiredService<ConsoleApi>().SendAsync(new Viewer(http, ""), request);

    private static string Topic(HttpContext http) => http.Request.RouteValues["topic"]!.ToString()!;

    // By which the same form, sent twice, does it once.
    private static IReadOnlyList<KeyValuePair<string, string>> Once(IFormCollection form) =>
        form["request"].ToString() is { Length: > 0 and <= 64 } key && key.All(char.IsAsciiLetterOrDigit) ? [new("idempotency-key", key)] : [];
}
