using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Drills;

/// <summary>
/// One user in <see cref="LinksCrashDrill"/>: makes, edits, deletes and counts links of its own, one request after the other, and
/// keeps what it was told over all restarts. So at most one of its requests is unanswered at a time.
/// </summary>
internal sealed class CrashUser(int id, CrashShared shared, Findings findings)
{
    private readonly List<KnownLink> _links = [];
    private int _made;
    private (string LongUrl, string? Alias, string? Key)? _unanswered;

    /// <summary>Its links.</summary>
    public IReadOnlyList<KnownLink> Links => _links;

    /// <summary>After a restart: what the program may have forgotten.</summary>
    public void Restarted() => _links.ForEach(link => link.Restarted());

    /// <summary>Sends requests until one is not answered: that is the kill.</summary>
    public async Task WorkAsync(LinksClient client, Random random, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var answer = await WorkOnceAsync(client, random);
            if (answer.Status == Answer.None)
                return;
            findings.Require(answer.Status < 500, "requests failed while nothing was wrong", answer.ToString());
        }
    }

    /// <summary>After a restart: finds out what became of the request that was not answered, by sending it again.</summary>
    public async Task ResolveAsync(LinksClient client)
    {
        if (_unanswered is not var (longUrl, alias, key))
            return;
        _unanswered = null;
        var answer = await client.CreateAsync(longUrl, alias, key);
        if (key is not null)
        {
            Keep(answer, longUrl, key);
            Check(await client.CreateAsync(longUrl, alias, key), answer.Code, "repeated creates made a second link");
        }
        else if (answer.IsMade)
        {
            Keep(answer, longUrl, key);
        }
        else
        {
            // It was done: nobody else wants this alias.
            var there = await client.ReadAsync(alias!);
            findings.Require(answer.Status == 409 && there.LongUrl == longUrl, "aliases are taken, and lead nowhere", $"{alias}: {there}");
            Keep(there, longUrl, key);
        }
    }

    /// <summary>After a restart: compares a link with what is known of it, and learns what became of unanswered requests.</summary>
    public async Task CheckAsync(LinksClient client, KnownLink link)
    {
        if (link.Key is not null)
            Check(await client.CreateAsync(link.FirstUrl, null, link.Key), link.Code, "repeated creates made a second link");

        var there = await client.ReadAsync(link.Code);
        if (there.Status == 404 && (link.IsDeleted || link.PerhapsDeleted))
        {
            link.IsDeleted = true;
        }
        else if (there.Status == 404)
        {
            findings.Add("acknowledged links are lost", link.Code);
        }
        else if (link.IsDeleted)
        {
            findings.Add("deleted links are back", $"{link.Code}: {there}");
        }
        else if (there.LongUrl == link.LongUrl || there.LongUrl == link.PerhapsUrl)
        {
            link.LongUrl = there.LongUrl;
        }
        else
        {
            findings.Add("links lost an acknowledged edit", $"{link.Code} should lead to {link.LongUrl}: {there}");
        }

        (link.PerhapsUrl, link.PerhapsDeleted) = (null, false);
        var followed = await client.FollowAsync(link.Code, counts: false);
        findings.Require(
            there.Status == 404 ? followed.Status == 404 : followed.LongUrl == there.LongUrl,
            "links lead elsewhere than is said of them", $"{link.Code}: {there}, followed: {followed}");
        if (there.Status == 200 && link.MostClicks > 0)
            await CountAsync(client, link);
    }

    private async Task<Answer> WorkOnceAsync(LinksClient client, Random random)
    {
        var die = random.Next(100);
        if (die < 15)
            return await MakeAsync(client, $"user-{id}-{_made}", null);
        if (die < 20)
            return await CompeteAsync(client);
        if (die < 40)
            return await MakeAsync(client, null, $"user-{id}-request-{_made}");
        if (die < 70 || _links.Count == 0 || _links[random.Next(_links.Count)] is not { IsDeleted: false } link)
            return await MakeAsync(client, null, null);
        return die switch
        {
            < 85 => await EditAsync(client, link),
            < 93 => await DeleteAsync(client, link),
            _ => await CountAsync(client, link),
        };
    }

    private async Task<Answer> MakeAsync(LinksClient client, string? alias, string? key)
    {
        var longUrl = $"https://example.org/{id}/{_made++}";
        var answer = await client.CreateAsync(longUrl, alias, key);
        if (answer.Status != Answer.None)
            Keep(answer, longUrl, key);
        else if (alias is not null || key is not null)
            _unanswered = (longUrl, alias, key);
        return answer;
    }

    // All users want the same aliases; each is somebody's.
    private async Task<Answer> CompeteAsync(LinksClient client)
    {
        var longUrl = $"https://example.org/{id}/{_made++}";
        var answer = await client.CreateAsync(longUrl, shared.WantedAlias());
        if (answer.IsMade)
            Keep(answer, longUrl, null);
        return answer;
    }

    private async Task<Answer> EditAsync(LinksClient client, KnownLink link)
    {
        var longUrl = $"https://example.org/{id}/{_made++}";
        link.PerhapsUrl = longUrl;
        var answer = await client.EditAsync(link.Code, longUrl);
        if (answer.Status == Answer.None)
            return answer;
        findings.Require(answer.Status == 200, "acknowledged links are lost", $"{link.Code}, while it was edited: {answer}");
        (link.LongUrl, link.PerhapsUrl) = (longUrl, null);
        shared.Edited();
        return answer;
    }

    private async Task<Answer> DeleteAsync(LinksClient client, KnownLink link)
    {
        link.PerhapsDeleted = true;
        var answer = await client.DeleteAsync(link.Code);
        if (answer.Status == Answer.None)
            return answer;
        findings.Require(answer.Status == 204, "acknowledged links are lost", $"{link.Code}, while it was deleted: {answer}");
        (link.IsDeleted, link.PerhapsDeleted) = (true, false);
        shared.Deleted();
        return answer;
    }

    // What was read once stays, what was answered here shows at once, and what nobody sent never comes.
    private async Task<Answer> CountAsync(LinksClient client, KnownLink link)
    {
        var least = link.LeastClicks;
        var answer = await client.StatsAsync(link.Code);
        if (answer.Status == Answer.None)
            return answer;
        findings.Require(answer.Status == 200, "acknowledged links are lost", $"{link.Code}, while it was counted: {answer}");
        findings.Require(answer.Clicks >= least, "links lost clicks", $"{link.Code}: {answer.Clicks} of {least}");
        findings.Require(answer.Clicks <= link.MostClicks, "links have more clicks than there were", $"{link.Code}: {answer.Clicks} of {link.MostClicks}");
        link.ClicksRead = answer.Clicks;
        return answer;
    }

    private void Keep(Answer answer, string longUrl, string? key)
    {
        if (!answer.IsMade)
        {
            findings.Add("creates failed while nothing was wrong", answer.ToString());
            return;
        }

        findings.Require(shared.TryHandOut(answer.Code), "codes were handed out twice", answer.Code);
        var link = new KnownLink(answer.Code, longUrl) { Key = key };
        _links.Add(link);
        shared.Made(link);
    }

    private void Check(Answer answer, string code, string kind) =>
        findings.Require(answer.IsMade && answer.Code == code, kind, $"{code}, then {answer.Code}: {answer}");
}
