using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.People;
using Diagnostics.TestKit.Server;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit.Abstractions;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>
/// Opens every address of the service with the sign-in of an expert, and every link, file and export that the pages offer,
/// and looks for the person who wrote the answer: by name, school, address, id, and by the times at which the person began,
/// saved and finished, as text, as a number and inside ids.
/// </summary>
public sealed partial class ExpertsBytesTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly string[] Planted =
    [
        "Канарейкина",
        "Желтопёрая",
        "Певчевна",
        "canary@example.org",
        "Канареечная гимназия",
        "мастер пения",
        "kanareyka-17",
        "Канареечный переулок",
        "ППД-попугай",
    ];

    private readonly TestService service = new() { More = ServerProcess.Unlimited };

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task No_address_tells_an_expert_who_wrote_a_script_where_or_when()
    {
        var scene = await MarkingScene.Make(
            service,
            0,
            new MarkingPolicy(2, 30, Discrepancies: [new PointsApart(MarkUnit.Item, Points.From(2))])
        );
        await AddTraining(scene);
        var (ids, moments) = await Sit(scene);
        using var first = await scene.Desk();
        using var second = await scene.Desk();
        using var senior = await scene.Desk("senior");
        var script = await Claim(first);
        var reader = new Reader(service, scene, ids);
        await reader.Read(first, script, "claimed");
        reader.Has("Одинаковые ответы");
        await Mark(first, script, "done", 2);
        await reader.Read(first, script, "held");
        await first.Submit(await first.Open("/marking"), "form[action$=giving]");
        await reader.Read(first, script, "given");
        // Both scripts get marks that are far apart, so that a senior expert gets nothing but a third reading.
        await Finish(first, await Claim(first), 2);
        foreach (var _ in (int[])[1, 2])
            await Finish(second, await Claim(second), 0);
        var third = await Claim(senior);
        await reader.Read(senior, third, "third");
        reader.Has("Третья проверка");
        var flagged = await senior.Open(third);
        reader.Keep("flagged", await senior.Submit(flagged, "#pass form", ("kind", "dangerous"), ("reason", "Опасно")));
        reader.Keep("gone", await senior.Submit(flagged, "#marks", ("do", "draft")));
        await reader.Read(senior, third, "flagged");
        var training = (await second.Submit(await second.Open("/marking/items"), "form[action='/marking/training']")).Location!;
        await reader.Read(second, training.Split('?')[0], "training");
        reader.Keep("trained", await Mark(second, training, "check", 1));
        service.Clock.Advance(Duration.FromMinutes(31));
        await reader.Read(first, script, "later");

        output.WriteLine(
            $"{reader.Kept.Count} answers, {reader.Kept.Count(each => each.Shown.Status == 200)} of them 200, "
                + $"{reader.Kept.Sum(each => (long)each.Shown.Body.Length)} bytes, "
                + $"{reader.Kept.Select(each => each.Path).Distinct().Count()} addresses"
        );
        reader.Kept.Count(each => each.Shown.Status == 200).Should().BeGreaterThan(100);
        string[] canaries = [.. Planted, .. ids.SelectMany(id => new[] { id.ToString("D"), id.ToString("N") })];
        var times = moments.SelectMany(Stamps).Concat(moments.SelectMany(Times)).Distinct().ToList();
        var read = new HashSet<string>();
        foreach (var (when, path, shown) in reader.Kept)
        {
            // The answer may repeat the address that the caller used, or an id in it, but nothing else.
            var text = string.Join("\n", Texts(shown)).Replace(path, "", StringComparison.Ordinal).Replace('\u00A0', ' ');
            // All staff may read the register of sites and where a campaign takes place; the site of a script stays unknown.
            var site =
                path.StartsWith("/api/v1/sites", StringComparison.Ordinal)
                || path.StartsWith("/api/v1/campaigns", StringComparison.Ordinal);
            if (!read.Add(text))
                continue;
            var lower = text.ToLowerInvariant();
            foreach (var canary in SaysNothingOfPeople(path) ? canaries : canaries.Concat(times))
                if ((!site || !OfSite(canary)) && !path.Contains(canary, StringComparison.OrdinalIgnoreCase))
                    lower.Contains(canary.ToLowerInvariant(), StringComparison.Ordinal).Should().BeFalse($"{canary}: {path}, {when}");
            foreach (var id in IdInText().Matches(text).Where(id => !path.Contains(id.Value, StringComparison.OrdinalIgnoreCase)))
                moments.Should().NotContain(MomentOf(id.Value), $"the id {id.Value} of {path}, {when}, says when the person sat");
        }
    }

    /// <summary>Two people give the same answer; the clock stands at another minute for each thing that happens.</summary>
    private async Task<(IReadOnlyList<Guid> Ids, IReadOnlyList<Instant> Moments)> Sit(MarkingScene scene)
    {
        var moments = new List<Instant>();
        await scene.Scene.Database.Write(db =>
            db.Execute(
                "UPDATE sites SET name = 'ППД-попугай', address = 'Канареечный переулок, 17' WHERE id = @SiteId",
                new { scene.Scene.SiteId }
            )
        );
        var slot = scene.Scene.Form.OfItem(scene.Item)!.Slot;
        var ids = new List<Guid>();
        foreach (var text in (string[])["Ответ без имени", "ответ без имени."])
        {
            Tick(13);
            var person = Guid.CreateVersion7(moments[^1].ToDateTimeOffset());
            await scene.Scene.Database.Write(db =>
                PersonStore.Add(
                    db,
                    new PersonRow
                    {
                        ParticipantId = person,
                        Surname = "Канарейкина",
                        GivenName = "Желтопёрая",
                        Patronymic = "Певчевна",
                        Email = "canary@example.org",
                        Position = "мастер пения",
                        Organisation = "Канареечная гимназия",
                        Territory = "82",
                        ExternalId = $"kanareyka-17-{person:N}",
                    },
                    moments[^1]
                )
            );
            var session = await scene.Scene.Begin(person);
            Tick(3);
            await scene.Scene.Save(session, slot, new ExtendedResponse(text));
            Tick(4);
            await scene.Scene.Finish(session);
            Tick(2);
            await scene.Scene.Score();
            var row = (await scene.Scene.Find(session))!;
            ids.AddRange([person, session, row.ApplicationId]);
        }
        service.Clock.Advance(Duration.FromMinutes(9));
        return (ids, moments);

        void Tick(int minutes)
        {
            service.Clock.Advance(Duration.FromMinutes(minutes));
            moments.Add(service.Clock.GetCurrentInstant());
        }
    }

    private async Task AddTraining(MarkingScene scene) =>
        await service
            .Admin.PostAsJsonAsync(
                "/api/v1/marking/benchmarks",
                new
                {
                    campaignId = scene.Scene.Id,
                    itemCode = scene.Item,
                    purpose = "training",
                    answer = "Учебный ответ",
                    criteria = scene.Criteria.ToDictionary(criterion => criterion.Code, criterion => criterion.Maximum.ToDecimal()),
                    comment = "Причина названа прямо.",
                }
            )
            .Json(201);

    private static async Task<string> Claim(Browser desk)
    {
        var claimed = await desk.Submit(await desk.Open("/marking"), "form.actions[action='/marking/claims']");
        claimed.Location.Should().StartWith("/marking/scripts/", claimed.Main);
        return claimed.Location!;
    }

    private static async Task Finish(Browser desk, string script, int points)
    {
        await Mark(desk, script, "done", points);
        await desk.Submit(await desk.Open("/marking"), "form[action$=giving]");
    }

    private static async Task<Shown> Mark(Browser desk, string script, string act, int points)
    {
        var page = await desk.Open(script);
        var fields = page
            .Document.QuerySelectorAll(".mark-criterion")
            .Select(each =>
                ($"m-{each.GetAttribute("data-criterion")}", points.ToString(System.Globalization.CultureInfo.InvariantCulture))
            );
        return await desk.Submit(page, "#marks", [("do", act), .. fields]);
    }

    /// <summary>The moment to the minute as programs write it.</summary>
    private static string[] Stamps(Instant moment) =>
        [
            moment.ToString("uuuu-MM-dd'T'HH:mm", null),
            moment.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
        ];

    /// <summary>The time of day as a page shows it, in UTC, in Moscow and at the site.</summary>
    private static IEnumerable<string> Times(Instant moment) =>
        new[] { "UTC", "Europe/Moscow", "Asia/Kamchatka" }.Select(zone =>
            moment.InZone(DateTimeZoneProviders.Tzdb[zone]).ToString("H:mm", null)
        );

    private static bool OfSite(string canary) =>
        canary.StartsWith("ППД", StringComparison.Ordinal) || canary.StartsWith("Канареечный", StringComparison.Ordinal);

    /// <summary>Descriptions, modules and stylesheets are the same whoever sat; their examples may hold any time of day.</summary>
    private static bool SaysNothingOfPeople(string path) =>
        new[] { "/openapi/", "/swagger", "/a/" }.Any(start => path.StartsWith(start, StringComparison.Ordinal));

    /// <summary>The minute at which an id of version 7 was made.</summary>
    private static Instant MomentOf(string id)
    {
        var milliseconds = Convert.ToInt64(id.Replace("-", "", StringComparison.Ordinal)[..12], 16);
        return Instant.FromUnixTimeMilliseconds(milliseconds - (milliseconds % 60_000));
    }

    /// <summary>Address, headers and content; a file that is an archive is unpacked.</summary>
    private static IEnumerable<string> Texts(Shown shown)
    {
        yield return shown.Location ?? "";
        foreach (var (name, values) in shown.Answer.Headers.Concat(shown.Answer.Content.Headers))
            // The real clock, not that of the service.
            if (name is not ("Date" or "Last-Modified"))
                yield return $"{name}: {string.Join(", ", values)}";
        yield return shown.Html;
        if (!shown.Body.AsSpan().StartsWith("PK"u8))
            yield break;
        using var archive = new ZipArchive(new MemoryStream(shown.Body));
        foreach (var entry in archive.Entries)
        {
            using var content = new StreamReader(entry.Open(), Encoding.UTF8);
            yield return $"{entry.FullName}: {content.ReadToEnd()}";
        }
    }

    [GeneratedRegex("[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")]
    private static partial Regex IdInText();

    [GeneratedRegex(@"\{\*{0,2}(\w+)[^}]*\}")]
    private static partial Regex Parameter();

    /// <summary>Reads all that an expert's browser can ask for.</summary>
    private sealed class Reader(TestService service, MarkingScene scene, IReadOnlyList<Guid> ids)
    {
        internal List<(string When, string Path, Shown Shown)> Kept { get; } = [];

        internal void Keep(string when, Shown shown) => Kept.Add((when, shown.Answer.RequestMessage!.RequestUri!.PathAndQuery, shown));

        internal void Has(string words) =>
            Kept.Any(each => each.Shown.Main.Contains(words, StringComparison.Ordinal)).Should().BeTrue($"a page says «{words}»");

        internal async Task Read(Browser desk, string script, string when)
        {
            var waiting = new Queue<string>(Addresses(script.Split('/')[^1]));
            var met = waiting.ToHashSet();
            while (waiting.TryDequeue(out var path))
            {
                var request = new HttpRequestMessage(HttpMethod.Get, path);
                if (path.StartsWith("/api/", StringComparison.Ordinal))
                    request.Headers.Add("X-Diagnostics-Page", "1");
                var shown = await desk.Send(request);
                Kept.Add((when, path, shown));
                if (shown.Answer.Content.Headers.ContentType?.MediaType != "text/html")
                    continue;
                foreach (var element in shown.Document.QuerySelectorAll("[href], [src]"))
                {
                    var target = element.GetAttribute("href") ?? element.GetAttribute("src")!;
                    if (!Uri.TryCreate(new Uri(new Uri(service.Url), path), target, out var address))
                        continue;
                    if (address.GetLeftPart(UriPartial.Authority) == service.Url && met.Add(address.PathAndQuery))
                        waiting.Enqueue(address.PathAndQuery);
                }
            }
        }

        /// <summary>Every GET address, with an id from this story wherever one is needed.</summary>
        private IEnumerable<string> Addresses(string assignment)
        {
            var values = new Dictionary<string, string>
            {
                ["campaignId"] = scene.Scene.Id.ToString("D"),
                ["commissionId"] = scene.Commission.Id.ToString("D"),
                ["participantId"] = ids[0].ToString("D"),
                ["sessionId"] = ids[1].ToString("D"),
                ["applicationId"] = ids[2].ToString("D"),
                ["siteId"] = scene.Scene.SiteId.ToString("D"),
                ["formId"] = scene.Scene.Form.Form.Id.ToString("D"),
                ["assignmentId"] = assignment,
                ["itemCode"] = scene.Item,
                ["slot"] = scene.Scene.Form.OfItem(scene.Item)!.Slot.ToString(System.Globalization.CultureInfo.InvariantCulture),
            };
            foreach (var endpoint in service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
            {
                if (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") is not true)
                    continue;
                var path = Parameter()
                    .Replace(
                        endpoint.RoutePattern.RawText!,
                        match =>
                            values.GetValueOrDefault(match.Groups[1].Value)
                            ?? (match.Value.Contains(":guid", StringComparison.Ordinal) ? ids[1].ToString("D") : "1")
                    );
                path = path.StartsWith('/') ? path : "/" + path;
                yield return path;
                var api = path.StartsWith("/api/", StringComparison.Ordinal);
                foreach (var query in api ? (string[])[$"campaignId={scene.Scene.Id:D}"] : ["as=csv", "as=xlsx"])
                    yield return $"{path}?{query}";
            }
        }
    }
}
