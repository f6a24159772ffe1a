using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diagnostics.Engine;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Load;

/// <summary>The experts of a run.</summary>
/// <param name="Sessions">Sessions whose open answers are to be marked.</param>
/// <param name="Seconds">Length of a round.</param>
/// <param name="Rounds">Pairs of rounds without pauses, one over the API and one over the pages.</param>
/// <param name="Pause">Seconds from an answer to its marks in the last round, on the pages.</param>
internal sealed record MarkingPlan(int Experts, int Sessions, int Seconds, int Rounds, double Pause, long Seed);

/// <param name="MarksPerSecond">Marks given in each round.</param>
/// <param name="Next">From sending the marks to the next answer on the screen, in milliseconds.</param>
internal sealed record MarkingRate(IReadOnlyList<double> MarksPerSecond, Rate Next, double MillisecondsOfProcessor);

/// <param name="Share">Marks per second over the pages by those over the API, of the medians; must be at least
/// 0.8.</param>
/// <param name="AtPace">A round in which experts read: the 95th percentile of <see cref="MarkingRate.Next"/> must be
/// below 300 ms.</param>
internal sealed record MarkingReport(
    MarkingPlan Plan,
    string Provider,
    int Scripts,
    MarkingRate Api,
    MarkingRate Pages,
    double Share,
    MarkingRate AtPace,
    IReadOnlyDictionary<string, int> Errors
)
{
    internal bool Errorless => Errors.Count == 0;

    internal bool Fast => Share >= 0.8 && AtPace.Next.P95 < 300;
}

/// <summary>
/// Experts who mark one answer after another, over the API and over the pages in turn. On the pages they do what a
/// browser does for each answer: it shows the page, saves the draft, sends the form and follows to the next page. Over
/// the API the same draft is saved, held and followed by the next claim.
/// </summary>
internal static partial class Marking
{
    private const string Comment = "Причина названа, задание приведёт ученика к ошибке.";

    /// <returns>Null when the answers do not suffice for every round.</returns>
    internal static async Task<MarkingReport?> Run(MarkingPlan plan, LoadDatabase database, TextWriter progress)
    {
        await progress.WriteLineAsync($"preparing {plan.Sessions} sessions and {plan.Experts} experts");
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, plan.Sessions, true, plan.Experts, database.Settings);
        var scripts = await Scripts.Write(exam, Repository.Bank, database.Settings);
        using var server = await ServerProcess.Start(exam.DataFolder, Repository.Bank, [.. ServerProcess.Unlimited, .. database.Settings]);
        await using (var door = database.Connect())
            await server.Until("every session is scored", async () => await Scripts.Unscored(door, exam) == 0);
        var (warm, each, paced) = Shares(plan, scripts);
        await progress.WriteLineAsync($"{scripts} answers wait; an expert marks at most {each} in a round without pauses");
        if (each == 0)
        {
            await progress.WriteLineAsync(
                "Too few answers for every round: take more --sessions, or fewer --experts, --seconds or --rounds."
            );
            return null;
        }
        var measures = new Measures();
        var experts = exam
            .ExpertTokens.Select(
                (token, place) =>
                    new Expert(
                        token,
                        exam.CampaignId,
                        server.Port,
                        measures,
                        SeededRandom.For(plan.Seed, place.ToString(CultureInfo.InvariantCulture))
                    )
            )
            .ToList();
        // The first requests of a node are slow, because it compiles the code that they need.
        await Round("warm-up", experts, TimeSpan.FromSeconds(plan.Seconds), warm, expert => expert.MarkOverApi());
        await Round("warm-up", experts, TimeSpan.FromSeconds(plan.Seconds), warm, expert => expert.MarkOnPage(0));
        var (api, pages) = (new Rounds(), new Rounds());
        for (var round = 1; round <= plan.Rounds; round++)
        {
            api.Add(await Measured("api", each, expert => expert.MarkOverApi()));
            pages.Add(await Measured("page", each, expert => expert.MarkOnPage(0)));
        }
        var pace = new Rounds();
        pace.Add(await Measured("pace", paced, expert => expert.MarkOnPage(plan.Pause)));
        foreach (var expert in experts)
            expert.Dispose();
        return new(
            plan,
            database.Provider,
            scripts,
            api.Report(measures.Rate("api", plan.Seconds * plan.Rounds)),
            pages.Report(measures.Rate("page", plan.Seconds * plan.Rounds)),
            pages.Median / api.Median,
            pace.Report(measures.Rate("pace", plan.Seconds)),
            measures.Errors
        );

        async Task<(double, double)> Measured(string kind, int most, Func<Expert, Task> mark)
        {
            var (before, count) = (server.ProcessorTime(), measures.Count(kind));
            var watch = Stopwatch.StartNew();
            await Round(kind, experts, TimeSpan.FromSeconds(plan.Seconds), most, mark);
            var given = measures.Count(kind) - count;
            var rate = given / watch.Elapsed.TotalSeconds;
            await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{kind}: {rate:F1} marks a second"));
            return (rate, (server.ProcessorTime() - before).TotalMilliseconds / Math.Max(1, given));
        }
    }

    /// <summary>
    /// How many answers an expert may mark at most in each warm-up, in each round without pauses and in the last one, so
    /// that no round uses up those of the next.
    /// </summary>
    private static (int WarmUp, int Round, int Paced) Shares(MarkingPlan plan, int scripts)
    {
        // A pause is half as long at least, and every expert marks one answer more than fits.
        var paced = (int)Math.Ceiling(plan.Seconds / (Math.Max(plan.Pause, 0.1) / 2)) + 1;
        var left = (scripts / plan.Experts) - paced;
        var warm = Math.Clamp(left / 8, 1, 10);
        return (warm, Math.Max(0, (left - (2 * warm)) / (2 * plan.Rounds)), paced);
    }

    private static Task Round(string kind, IReadOnlyList<Expert> experts, TimeSpan length, int most, Func<Expert, Task> mark)
    {
        var watch = Stopwatch.StartNew();
        return Task.WhenAll(
            experts.Select(async expert =>
            {
                expert.Kind = kind;
                for (var marked = 0; marked < most && watch.Elapsed < length && !expert.IsDone; marked++)
                    await mark(expert);
            })
        );
    }

    private sealed class Rounds
    {
        private readonly List<(double PerSecond, double Milliseconds)> all = [];

        internal double Median => all.Select(round => round.PerSecond).Order().ElementAt(all.Count / 2);

        internal void Add((double, double) round) => all.Add(round);

        internal MarkingRate Report(Rate next) =>
            new(all.ConvertAll(round => Math.Round(round.PerSecond, 1)), next, Math.Round(all.Average(round => round.Milliseconds), 2));
    }

    [GeneratedRegex("name=\"([a-z-]+)\" (?:id=\"[a-z-]+\" )?value=\"([^\"]*)\"")]
    private static partial Regex Hidden();

    [GeneratedRegex("<form method=\"post\" action=\"(/marking/scripts/[0-9a-f-]+)\" id=\"marks\".*?(?=<fieldset)", RegexOptions.Singleline)]
    private static partial Regex MarksForm();

    [GeneratedRegex("name=\"(m-[^\"]+)\" value=\"([0-9.]+)\"")]
    private static partial Regex Levels();

    private sealed class Expert : IDisposable
    {
        private readonly HttpClient api;
        private readonly HttpClient browser;
        private readonly Guid campaign;
        private readonly Measures measures;
        private readonly SeededRandom random;
        private JsonNode? script;
        private string? page;
        private string? html;

        internal Expert(string token, Guid campaign, int port, Measures measures, SeededRandom random)
        {
            (this.campaign, this.measures, this.random) = (campaign, measures, random);
            var address = new Uri($"http://localhost:{port}");
            api = new(new SocketsHttpHandler { UseCookies = false, AutomaticDecompression = DecompressionMethods.All })
            {
                BaseAddress = address,
            };
            api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var cookies = new CookieContainer();
            cookies.Add(address, new Cookie("diagnostics", token));
            browser = new(
                new SocketsHttpHandler
                {
                    CookieContainer = cookies,
                    AllowAutoRedirect = false,
                    AutomaticDecompression = DecompressionMethods.All,
                }
            )
            {
                BaseAddress = address,
            };
            browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
            browser.DefaultRequestHeaders.Add("X-Diagnostics-Page", "1");
            browser.DefaultRequestHeaders.Add("Accept", "text/html,application/json;q=0.9");
        }

        internal string Kind { get; set; } = "";

        /// <summary>Whether no answer is left for this expert.</summary>
        internal bool IsDone { get; private set; }

        internal async Task MarkOverApi()
        {
            script ??= page is null ? await Claim() : await Get(page.Split('/')[^1]);
            (page, html) = (null, null);
            if (script is null)
                return;
            var path = $"/api/v1/marking/assignments/{script["assignmentId"]}";
            var criteria = new JsonObject();
            foreach (var criterion in script["rubric"]!["criteria"]!.AsArray())
                criteria[criterion!["code"]!.GetValue<string>()] = criterion["levels"]!
                    .AsArray()
                    .Max(level => level!["points"]!.GetValue<decimal>());
            var revision = script["draft"]?["revision"]?.GetValue<int>() ?? 0;
            script = null;
            await Put(api, path, criteria, revision);
            var began = Stopwatch.GetTimestamp();
            using var held = await Post(
                $"{path}/hold",
                new JsonObject
                {
                    ["criteria"] = criteria.DeepClone(),
                    ["comment"] = Comment,
                    ["revision"] = revision + 1,
                }
            );
            if (Check(held, "hold"))
                script = await Claim();
            if (script is not null)
                measures.Took(Kind, Stopwatch.GetElapsedTime(began));
        }

        internal async Task MarkOnPage(double pause)
        {
            page ??= (script ?? await Claim()) is { } claimed ? $"/marking/scripts/{claimed["assignmentId"]}" : null;
            script = null;
            if (page is null)
                return;
            html ??= await Show(page);
            var (fields, marks) = Filled(html);
            if (!fields.TryGetValue("revision", out var typed))
            {
                measures.Failed($"{Kind}: a page without the form");
                (page, html) = (null, null);
                return;
            }
            if (pause > 0)
                await Task.Delay(TimeSpan.FromSeconds(pause * (0.5 + random.NextDouble())));
            var revision = int.Parse(typed, CultureInfo.InvariantCulture);
            await Put(browser, $"/api/v1/marking/assignments/{page.Split('/')[^1]}", marks, revision);
            fields["revision"] = (revision + 1).ToString(CultureInfo.InvariantCulture);
            fields["comment"] = Comment;
            fields["do"] = "next";
            var began = Stopwatch.GetTimestamp();
            using var answer = await browser.PostAsync(page, new FormUrlEncodedContent(fields));
            (page, html) = (answer.StatusCode is HttpStatusCode.SeeOther ? answer.Headers.Location!.OriginalString : null, null);
            if (page is null)
                measures.Failed($"{Kind}: form {(int)answer.StatusCode}");
            else if (!page.StartsWith("/marking/scripts/", StringComparison.Ordinal))
                (page, IsDone) = (null, true);
            else
            {
                html = await Show(page);
                measures.Took(Kind, Stopwatch.GetElapsedTime(began));
            }
        }

        /// <summary>The fields of the form with the highest points for every criterion, and the same marks for a draft.</summary>
        private static (Dictionary<string, string> Fields, JsonObject Marks) Filled(string html)
        {
            var (fields, marks) = (new Dictionary<string, string>(), new JsonObject());
            foreach (Match field in Hidden().Matches(MarksForm().Match(html).Value))
                fields[field.Groups[1].Value] = WebUtility.HtmlDecode(field.Groups[2].Value);
            // Levels come in the order of their points: the last one is the highest.
            foreach (Match level in Levels().Matches(html))
            {
                fields[level.Groups[1].Value] = level.Groups[2].Value;
                marks[level.Groups[1].Value[2..]] = decimal.Parse(level.Groups[2].Value, CultureInfo.InvariantCulture);
            }
            return (fields, marks);
        }

        public void Dispose()
        {
            api.Dispose();
            browser.Dispose();
        }

        private async Task<JsonNode?> Claim()
        {
            using var claimed = await Post("/api/v1/marking/claims", new JsonObject { ["campaignId"] = campaign });
            IsDone = claimed.StatusCode is HttpStatusCode.NoContent;
            return IsDone || !Check(claimed, "claim") ? null : JsonNode.Parse(await claimed.Content.ReadAsStringAsync());
        }

        /// <summary>With a key, as the forms of the pages have one: what is repeated is done once.</summary>
        private async Task<HttpResponseMessage> Post(string path, JsonObject body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
            return await api.SendAsync(request);
        }

        private async Task<JsonNode?> Get(string id)
        {
            using var answer = await api.GetAsync($"/api/v1/marking/assignments/{id}");
            return Check(answer, "script") ? JsonNode.Parse(await answer.Content.ReadAsStringAsync()) : null;
        }

        private async Task<string> Show(string path)
        {
            using var answer = await browser.GetAsync(path);
            Check(answer, "script page");
            return await answer.Content.ReadAsStringAsync();
        }

        private async Task Put(HttpClient client, string path, JsonObject criteria, int revision)
        {
            using var saved = await client.PutAsJsonAsync(
                $"{path}/draft",
                new JsonObject
                {
                    ["criteria"] = criteria.DeepClone(),
                    ["comment"] = Comment,
                    ["revision"] = revision,
                }
            );
            Check(saved, "draft");
        }

        private bool Check(HttpResponseMessage answer, string what)
        {
            if (!answer.IsSuccessStatusCode)
                measures.Failed($"{Kind}: {what} {(int)answer.StatusCode}");
            return answer.IsSuccessStatusCode;
        }
    }
}
