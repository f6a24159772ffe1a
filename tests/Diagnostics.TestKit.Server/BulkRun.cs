using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.Storage;

namespace Diagnostics.TestKit.Server;

/// <summary>How long bulk work took, and what was wrong afterwards.</summary>
/// <param name="EnrolmentSeconds">From the sending of the table to the end of the job.</param>
/// <param name="ApprovalSeconds">From the request to the end of the job.</param>
/// <param name="MegabytesAtMost">The largest resident memory seen of one node.</param>
/// <param name="Faults">What was done twice or left out; empty when nothing was.</param>
internal sealed record BulkReport(
    string Provider,
    int Nodes,
    int Rows,
    int Approvals,
    int Kills,
    double EnrolmentSeconds,
    double ApprovalSeconds,
    double MegabytesAtMost,
    IReadOnlyList<string> Faults
)
{
    public double RowsPerSecond => Math.Round(Rows / EnrolmentSeconds);

    public double? ApprovalsPerSecond => ApprovalSeconds > 0 ? Math.Round(Approvals / ApprovalSeconds) : null;
}

/// <summary>
/// Enrols people by a table and approves their applications by a rule, while nodes are killed without warning. Afterwards the
/// database says whether anything was done twice or left out.
/// </summary>
internal sealed class BulkRun(LoadDatabase database, int rows, int approvals, int kills, int seed)
{
    private const int SeatsOfSite = 1000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Random random = new(seed);
    private double megabytes;
    private int killed;

    internal async Task<BulkReport> Run(int count, TextWriter progress)
    {
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, desks: 1, settings: database.Settings);
        using var nodes = await Nodes.Start(database, count);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", exam.OperatorToken);
        var (campaign, sites) = await AddCampaign(nodes, client, exam.FormId);

        var table = new ByteArrayContent(Encoding.UTF8.GetBytes(Table(sites)));
        table.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        var enrolled = await Time(
            nodes,
            client,
            $"people/enrolments?campaignId={campaign}&consentCode=participation&consentVersion=2&dataProcessingVersion=1",
            table,
            killsInAll: kills
        );
        await progress.WriteLineAsync($"{rows} rows are done after {enrolled.Seconds:0.0} s and {killed} kills");
        (JsonNode Job, double Seconds)? approved =
            approvals == 0
                ? null
                : await Time(
                    nodes,
                    client,
                    $"campaigns/{campaign}/applications/approvals/by-rule",
                    JsonContent.Create(new { }),
                    killsInAll: 2 * kills
                );
        nodes.Stop();
        var faults = await Faults(campaign, enrolled.Job, approved?.Job);
        return new(
            Provider: database.Provider,
            Nodes: count,
            Rows: rows,
            Approvals: approvals,
            Kills: killed,
            EnrolmentSeconds: Math.Round(enrolled.Seconds, 1),
            ApprovalSeconds: Math.Round(approved?.Seconds ?? 0, 1),
            MegabytesAtMost: Math.Round(megabytes),
            Faults: faults
        );
    }

    /// <summary>A campaign with places for exactly as many people as are to be approved.</summary>
    private async Task<(Guid Campaign, IReadOnlyList<string> Sites)> AddCampaign(Nodes nodes, HttpClient client, Guid formId)
    {
        var (ids, codes) = (new List<Guid>(), new List<string>());
        for (var left = Math.Max(1, approvals); left > 0; left -= SeatsOfSite)
        {
            var code = string.Create(CultureInfo.InvariantCulture, $"bulk-{codes.Count + 1}");
            var site = new
            {
                code,
                name = "Школа",
                address = "ул. Школьная, 1",
                territory = Exam.Territory,
                timeZone = "Europe/Moscow",
                seats = Math.Min(SeatsOfSite, left),
            };
            ids.Add((await Post(nodes, client, "sites", JsonContent.Create(site)))["id"]!.GetValue<Guid>());
            codes.Add(code);
        }
        var now = DateTimeOffset.UtcNow;
        var body = new
        {
            title = "Массовая запись",
            audience = "учителя",
            formId,
            stage = "entry",
            siteIds = ids,
            windows = new
            {
                applicationsFrom = now.AddDays(-1),
                applicationsTo = now.AddDays(7),
                sittingFrom = now.AddDays(1),
                sittingTo = now.AddDays(9),
                markingTo = now.AddDays(20),
            },
        };
        var campaign = (await Post(nodes, client, "campaigns", JsonContent.Create(body)))["id"]!.GetValue<Guid>();
        await Post(nodes, client, $"campaigns/{campaign}/publication", JsonContent.Create(new { }));
        return (campaign, codes);
    }

    /// <summary>Every site has more applications than seats, unless all are to be approved.</summary>
    private string Table(IReadOnlyList<string> sites)
    {
        var csv = new StringBuilder("Фамилия;Имя;Отчество;Электронная почта;Должность;Организация;Территория;Номер;Площадка\n");
        for (var row = 0; row < rows; row++)
            csv.Append(
                CultureInfo.InvariantCulture,
                $"Магомедова;Патимат;Ахмедовна;p{row}@example.org;учитель;МБОУ СОШ № {row % 1000 + 1};{Exam.Territory};bulk-{row};{sites[row % sites.Count]}\n"
            );
        return csv.ToString();
    }

    /// <summary>Asks for a job and waits for its end; until so many kills in all have been reached, nodes are killed.</summary>
    private async Task<(JsonNode Job, double Seconds)> Time(Nodes nodes, HttpClient client, string path, HttpContent body, int killsInAll)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var id = (await Post(nodes, client, path, body))["id"]!.GetValue<Guid>();
        var next = NextKill(watch.Elapsed);
        while (watch.Elapsed < Longest)
        {
            if (killed < killsInAll && watch.Elapsed >= next)
            {
                var node = random.Next(nodes.Count);
                nodes.Kill(node);
                killed++;
                await nodes.Start(node);
                next = NextKill(watch.Elapsed);
            }
            megabytes = Math.Max(megabytes, nodes.ResidentMegabytes());
            if (await Find(nodes, client, id) is { } job && job["endedAt"] is not null)
                return (job, watch.Elapsed.TotalSeconds);
            await Task.Delay(Look);
        }
        throw new TimeoutException($"The job {id} is not over after {Longest}.");
    }

    private TimeSpan NextKill(TimeSpan now) => now + TimeSpan.FromMilliseconds(random.Next(50, 1000));

    private async Task<JsonNode?> Find(Nodes nodes, HttpClient client, Guid id)
    {
        try
        {
            using var answer = await client.GetAsync(Address(nodes, $"jobs/{id}"));
            return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync()) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<JsonNode> Post(Nodes nodes, HttpClient client, string path, HttpContent body)
    {
        using var answer = await client.PostAsync(Address(nodes, path), body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{path}: {text}");
    }

    private static string Address(Nodes nodes, string path) =>
        string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{nodes.Ports[0]}/api/v1/{path}");

    private async Task<IReadOnlyList<string>> Faults(Guid campaign, JsonNode enrolled, JsonNode? approved)
    {
        var faults = new List<string>();
        Expect("rows that the enrolment reports done", enrolled["result"]!["done"]!.GetValue<int>(), rows);
        Expect("faults of the enrolment", enrolled["result"]!["faults"]!.GetValue<int>(), 0);
        if (approved is not null)
        {
            Expect("applications that the approval reports done", approved["result"]!["done"]!.GetValue<int>(), approvals);
            Expect("applications reported without a place", approved["result"]!["faults"]!.GetValue<int>(), rows - approvals);
        }
        await using var connected = database.Connect();
        await Count("people", "SELECT COUNT(DISTINCT external_id) FROM people WHERE external_id LIKE 'bulk-%'", rows);
        await Count("pseudonyms, with that of the exam's only taker", "SELECT COUNT(*) FROM participants", rows + 1);
        await Count("applications", "SELECT COUNT(*) FROM applications WHERE campaign_id = @campaign", rows);
        await Count("sessions", "SELECT COUNT(*) FROM sessions WHERE campaign_id = @campaign", approvals);
        await Count("kept parts", "SELECT COUNT(*) FROM job_parts", 0);
        await Count("entries of the trail", "SELECT COUNT(*) FROM audit_entries WHERE action = 'person.enrolled'", rows);
        await Count("lines of the reports", "SELECT COUNT(*) FROM job_lines", approved is null ? rows : 2 * rows);
        return faults;

        async Task Count(string what, string sql, int expected) =>
            Expect(what, await connected.Read(db => db.Value<int>(sql, new { campaign })), expected);

        void Expect(string what, int found, int expected)
        {
            if (found != expected)
                faults.Add($"{what}: {found} instead of {expected}");
        }
    }
}
