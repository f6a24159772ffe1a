using System.CommandLine;
using System.Text.Json;
using Diagnostics.Load;
using Diagnostics.Server.Description;
using Diagnostics.Server.Http;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using NodaTime;

var provider = new Option<string>("--provider")
{
    DefaultValueFactory = _ => LoadDatabase.Sqlite,
    Description = "sqlite, or postgres: a server of the run's own, every commit flushed",
};
provider.AcceptOnlyFromAmong(LoadDatabase.Sqlite, LoadDatabase.Postgres);
var connectionString = new Option<string?>("--connection-string")
{
    Description = "of an empty PostgreSQL database to use instead; it is migrated and filled",
};

var sessions = new Option<int>("--sessions") { DefaultValueFactory = _ => 500, Description = "open sessions" };
var connections = new Option<int>("--connections") { DefaultValueFactory = _ => 128, Description = "requests in flight" };
var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 8, Description = "length of one measurement" };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "measurements; the median is reported" };
var saves = new Command("saves", "durable saves a second over HTTP, beside their ceiling and floor")
{
    provider,
    connectionString,
    sessions,
    connections,
    seconds,
    rounds,
};
saves.SetAction(
    async (parsed, _) =>
    {
        Environment.SetEnvironmentVariable(Wire.InlineCompletions, "1");
        await using var database = await Target(parsed);
        var report = await SaveBenchmark.Run(
            database,
            parsed.GetValue(sessions),
            parsed.GetValue(connections),
            parsed.GetValue(seconds),
            parsed.GetValue(rounds),
            Console.Error
        );
        Print(report);
        return report.Refused == 0 ? 0 : 1;
    }
);

var requests = new Option<int>("--requests") { DefaultValueFactory = _ => 20_000, Description = "saves to count over" };
var allocations = new Command(
    "allocations",
    "bytes and processor time of one save, with the service in this process: for comparing two builds"
)
{
    provider,
    connectionString,
    requests,
};
allocations.SetAction(
    async (parsed, _) =>
    {
        await using var database = await Target(parsed);
        var report = await Allocations.Run(database, parsed.GetValue(requests));
        Print(report);
    }
);

var minutes = new Option<int>("--minutes") { DefaultValueFactory = _ => 30, Description = "how long" };
var ofMinute = new Option<int>("--seconds")
{
    DefaultValueFactory = _ => 60,
    Description = "length of a minute; shorter only to try the command",
};
var pace = new Option<double>("--per-second") { DefaultValueFactory = _ => 1000, Description = "saves a second" };
var soak = new Command("soak", "saves at a steady pace: memory must stay where it is")
{
    provider,
    connectionString,
    sessions,
    minutes,
    ofMinute,
    pace,
};
soak.SetAction(
    async (parsed, _) =>
    {
        await using var database = await Target(parsed);
        var report = await Soak.Run(
            database,
            parsed.GetValue(sessions),
            parsed.GetValue(minutes),
            parsed.GetValue(ofMinute),
            parsed.GetValue(pace),
            Console.Error
        );
        Print(report);
        return report.Refused == 0 ? 0 : 1;
    }
);

var kills = new Option<int>("--kills") { DefaultValueFactory = _ => 30, Description = "how often" };
var nodes = new Option<int>("--nodes")
{
    DefaultValueFactory = _ => 1,
    Description = "nodes of the service, 1 to 4; more than one needs --provider postgres",
};
var seed = new Option<long>("--seed") { DefaultValueFactory = _ => 1, Description = "of the moments" };
var kill = new Command(
    "kill",
    "kill -9 of a node at random moments under starts, saves, finishes, expiries and marks: nothing acknowledged may be lost, nothing done twice, nothing stuck"
)
{
    provider,
    connectionString,
    kills,
    nodes,
    seed,
};
kill.Validators.Add(parsed =>
{
    if (parsed.GetValue(nodes) > 1 && parsed.GetValue(provider) != LoadDatabase.Postgres)
        parsed.AddError("A SQLite file has one node: use --provider postgres.");
});
kill.SetAction(
    (parsed, _) =>
        Break(
            new(FaultPlan.Kill, parsed.GetValue(kills), Math.Clamp(parsed.GetValue(nodes), 1, 4), parsed.GetValue(seed)),
            () => Target(parsed)
        )
);

var restarts = new Option<int>("--restarts") { DefaultValueFactory = _ => 10, Description = "how often" };
var restart = new Command(
    "restart",
    "the PostgreSQL server is shut down immediately and started again under the same: the service recovers by itself"
)
{
    restarts,
    nodes,
    seed,
};
restart.SetAction(
    (parsed, _) =>
        Break(
            new(FaultPlan.Restart, parsed.GetValue(restarts), Math.Clamp(parsed.GetValue(nodes), 1, 4), parsed.GetValue(seed)),
            () => LoadDatabase.Open(LoadDatabase.Postgres, null)
        )
);

var webhookKills = new Option<int>("--kills") { DefaultValueFactory = _ => 50, Description = "how often" };
var webhookKill = new Command(
    "webhooks-kill",
    "kill -9 of a node between a change of profiles and its delivery: a receiver and the sample portal end with exactly the profiles that stand"
)
{
    provider,
    connectionString,
    webhookKills,
    nodes,
    seed,
};
webhookKill.SetAction(
    async (parsed, _) =>
    {
        await using var database = await Target(parsed);
        var report = await WebhookCampaign.Run(
            parsed.GetValue(webhookKills),
            Math.Clamp(parsed.GetValue(nodes), 1, 4),
            parsed.GetValue(seed),
            database,
            withPortals: true,
            Console.Error
        );
        Print(report);
        return report.Clean ? 0 : 1;
    }
);

var webhookEvents = new Option<int>("--events") { DefaultValueFactory = _ => 10_000, Description = "to tell of" };
var webhooks = new Command("webhooks", "deliveries a second of one node to a receiver on loopback")
{
    provider,
    connectionString,
    webhookEvents,
};
webhooks.SetAction(
    async (parsed, _) =>
    {
        await using var database = await Target(parsed);
        var report = await WebhookBenchmark.Run(database, parsed.GetValue(webhookEvents));
        Print(report);
        return report.Clean ? 0 : 1;
    }
);

var takers = new Option<int>("--takers") { DefaultValueFactory = _ => 2000, Description = "people" };
var within = new Option<int>("--start-within") { DefaultValueFactory = _ => 60, Description = "seconds in which everybody starts" };
var items = new Option<int>("--items") { DefaultValueFactory = _ => 16, Description = "items that each answers" };
var thinkFrom = new Option<double>("--think-from") { DefaultValueFactory = _ => 30, Description = "seconds a quick answer takes" };
var thinkTo = new Option<double>("--think-to") { DefaultValueFactory = _ => 90, Description = "seconds a slow answer takes" };
var kept = new Option<double>("--kept")
{
    DefaultValueFactory = _ => 0.4,
    Description = "share of people whose connection lives between answers",
};
var experts = new Option<int>("--experts") { DefaultValueFactory = _ => 5, Description = "experts who mark meanwhile" };
var day = new Command(
    "exam",
    "an exam day: people start within a minute, think, answer, reconnect and finish; invigilators and experts beside them"
)
{
    provider,
    connectionString,
    takers,
    within,
    items,
    thinkFrom,
    thinkTo,
    kept,
    experts,
    seed,
};
day.SetAction(
    async (parsed, _) =>
    {
        await using var database = await Target(parsed);
        var report = await ExamDay.Run(
            new(
                parsed.GetValue(takers),
                parsed.GetValue(within),
                parsed.GetValue(items),
                parsed.GetValue(thinkFrom),
                parsed.GetValue(thinkTo),
                parsed.GetValue(kept),
                parsed.GetValue(experts),
                parsed.GetValue(seed)
            ),
            database,
            Console.Error
        );
        Print(report);
        return report.Lost == 0 && report.Errors.Count == 0 ? 0 : 1;
    }
);

var codes = new Option<int>("--codes") { DefaultValueFactory = _ => 5000, Description = "people who sign in with access codes" };
var passwords = new Option<int>("--passwords") { DefaultValueFactory = _ => 300, Description = "people who sign in with passwords" };
var come = new Option<int>("--within") { DefaultValueFactory = _ => 300, Description = "seconds in which they come" };
var savers = new Option<int>("--savers") { DefaultValueFactory = _ => 3000, Description = "people who save meanwhile" };
var saveEvery = new Option<double>("--save-every") { DefaultValueFactory = _ => 20, Description = "seconds between two saves of one" };
var attackers = new Option<int>("--attackers")
{
    DefaultValueFactory = _ => 64,
    Description = "connections that ask for whatever needs no sign-in",
};
var errorsOnly = new Option<bool>("--errors-only") { Description = "ends with 0 also when answers were slow: for a busy machine" };
var morning = new Command("morning", "the morning of an exam: thousands sign in while thousands save, without an attacker and with one")
{
    provider,
    connectionString,
    codes,
    passwords,
    come,
    savers,
    saveEvery,
    attackers,
    errorsOnly,
};
morning.SetAction(
    async (parsed, _) =>
    {
        await using var database = await Target(parsed);
        var report = await Morning.Run(
            new(
                parsed.GetValue(codes),
                parsed.GetValue(passwords),
                parsed.GetValue(come),
                parsed.GetValue(savers),
                parsed.GetValue(saveEvery),
                parsed.GetValue(attackers)
            ),
            database,
            Console.Error
        );
        Print(report);
        return report.Errorless && (report.Fast || parsed.GetValue(errorsOnly)) ? 0 : 1;
    }
);

var published = new Option<int>("--sessions") { DefaultValueFactory = _ => 2000, Description = "marked sessions of the campaign" };
var repeated = new Option<int>("--rounds")
{
    DefaultValueFactory = _ => 5,
    Description = "publications that count, each on a fresh copy; the best is reported",
};
var keep = new Option<string?>("--folder") { Description = "keeps the filled file for the next run of the same build" };
var publication = new Command(
    "publication",
    "processor time of issuing final profiles on SQLite, in this process: for comparing two builds"
)
{
    published,
    repeated,
    keep,
};
publication.SetAction(
    async (parsed, _) =>
    {
        using var own = new TemporaryFolder();
        var report = await PublicationBenchmark.Run(
            parsed.GetValue(keep) ?? own.Path,
            parsed.GetValue(published),
            parsed.GetValue(repeated),
            Console.Error
        );
        Print(report);
    }
);

var enrolled = new Option<int>("--rows") { DefaultValueFactory = _ => 50_000, Description = "rows of the table" };
var approved = new Option<int>("--approvals")
{
    DefaultValueFactory = _ => 20_000,
    Description = "places, so many are approved; 0 approves nobody",
};
var killed = new Option<int>("--kills") { DefaultValueFactory = _ => 0, Description = "how often to kill a node in each of the two jobs" };
var bulkNodes = new Option<int>("--nodes") { DefaultValueFactory = _ => 1, Description = "nodes of the service; one on sqlite" };
var bulk = new Command("bulk", "people enrolled by a table and applications approved by a rule, with nodes killed if asked")
{
    provider,
    connectionString,
    enrolled,
    approved,
    killed,
    bulkNodes,
};
bulk.SetAction(
    async (parsed, _) =>
    {
        await using var database = await Target(parsed);
        var run = new BulkRun(database, parsed.GetValue(enrolled), parsed.GetValue(approved), parsed.GetValue(killed), seed: 1);
        var report = await run.Run(parsed.GetValue(bulkNodes), Console.Error);
        Print(report);
        return report.Faults.Count == 0 ? 0 : 1;
    }
);

var people = new Option<int>("--people") { DefaultValueFactory = _ => 3000, Description = "people at browsers" };
var open = new Option<int>("--open-within") { DefaultValueFactory = _ => 60, Description = "seconds in which they open their pages" };
var last = new Option<int>("--seconds") { DefaultValueFactory = _ => 180, Description = "how long they stay on them" };
var waiting = new Option<double>("--waiting")
{
    DefaultValueFactory = _ => 0.2,
    Description = "share of those who wait for their test and look around",
};
var pages = new Command(
    "pages",
    "people on pages: they open tests with all files, save and poll as the page does, reload it; others wait in the waiting room and read"
)
{
    provider,
    connectionString,
    people,
    open,
    last,
    waiting,
    seed,
    errorsOnly,
};
pages.SetAction(
    async (parsed, _) =>
    {
        await using var database = await Target(parsed);
        var report = await Pages.Run(
            new(parsed.GetValue(people), parsed.GetValue(open), parsed.GetValue(last), parsed.GetValue(waiting), parsed.GetValue(seed)),
            database,
            Console.Error
        );
        Print(report);
        return report.Errorless && (report.Fast || parsed.GetValue(errorsOnly)) ? 0 : 1;
    }
);

var markers = new Option<int>("--experts") { DefaultValueFactory = _ => 100, Description = "experts who mark at the same time" };
var handedIn = new Option<int>("--sessions") { DefaultValueFactory = _ => 3000, Description = "sessions whose open answers wait" };
var ofRound = new Option<int>("--seconds") { DefaultValueFactory = _ => 15, Description = "length of a round" };
var pairs = new Option<int>("--rounds")
{
    DefaultValueFactory = _ => 3,
    Description = "rounds over the API, and as many over the pages, in turn",
};
var think = new Option<double>("--pause")
{
    DefaultValueFactory = _ => 5,
    Description = "seconds for an answer in the last round, in which the time to the next answer counts",
};
var marking = new Command(
    "marking",
    "experts mark one answer after another over the API and over the pages in turn, then on the pages at a steady pace"
)
{
    provider,
    connectionString,
    markers,
    handedIn,
    ofRound,
    pairs,
    think,
    seed,
    errorsOnly,
};
marking.SetAction(
    async (parsed, _) =>
    {
        await using var database = await Target(parsed);
        var report = await Marking.Run(
            new(
                parsed.GetValue(markers),
                parsed.GetValue(handedIn),
                parsed.GetValue(ofRound),
                parsed.GetValue(pairs),
                parsed.GetValue(think),
                parsed.GetValue(seed)
            ),
            database,
            Console.Error
        );
        if (report is null)
            return 1;
        Print(report);
        return report.Errorless && (report.Fast || parsed.GetValue(errorsOnly)) ? 0 : 1;
    }
);

var trailExperts = new Option<int>("--experts") { DefaultValueFactory = _ => 20, Description = "who mark at the same time" };
var trail = new Command("trail", "experts claim and mark with the audit trail and without it in turn")
{
    provider,
    connectionString,
    trailExperts,
    handedIn,
    ofRound,
    pairs,
    seed,
};
trail.SetAction(
    async (parsed, _) =>
    {
        await using var database = await Target(parsed);
        var report = await Marking.RunTrail(
            new(
                parsed.GetValue(trailExperts),
                parsed.GetValue(handedIn),
                parsed.GetValue(ofRound),
                parsed.GetValue(pairs),
                0,
                parsed.GetValue(seed)
            ),
            database,
            Console.Error
        );
        if (report is null)
            return 1;
        Print(report);
        return report.Cheap ? 0 : 1;
    }
);

var events = new Option<int>("--events") { DefaultValueFactory = _ => 50_000, Description = "to write and to read" };
var portalPeople = new Option<int>("--people") { DefaultValueFactory = _ => 1000, Description = "whom they are about" };
var pageSize = new Option<int>("--limit") { DefaultValueFactory = _ => 1000, Description = "events of a page" };
var feed = new Command("feed", "how fast a portal reads the feed of events from the first to the last")
{
    provider,
    connectionString,
    events,
    portalPeople,
    pageSize,
};
feed.SetAction(
    async (parsed, _) =>
    {
        await using var database = await Target(parsed);
        var report = await FeedBenchmark.Run(
            database,
            parsed.GetValue(events),
            parsed.GetValue(portalPeople),
            parsed.GetValue(pageSize),
            Console.Error
        );
        Print(report);
        return report.Missed == 0 ? 0 : 1;
    }
);

var regionKills = new Option<int>("--kills") { DefaultValueFactory = _ => 10, Description = "how often" };
var regionPeople = new Option<int>("--people") { DefaultValueFactory = _ => 200, Description = "people who save in each region" };
var regionPace = new Option<double>("--per-second") { DefaultValueFactory = _ => 100, Description = "saves a second in each region" };
var regionSeconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 6, Description = "from a kill to the next quiet time" };
var regionRatio = new Option<double>("--most")
{
    DefaultValueFactory = _ => 1.2,
    Description = "p99 of the other region after kills to its p99 in quiet times, at most",
};
var regionBystander = new Option<bool>("--bystander")
{
    Description = "kills a third server, which no region uses: the ratio is what a restart costs the whole machine",
};
var regions = new Command(
    "regions",
    "one service with two regions: the PostgreSQL server of one is killed and restarted, and the other region does not notice"
)
{
    regionKills,
    regionPeople,
    regionPace,
    regionSeconds,
    regionRatio,
    regionBystander,
};
regions.SetAction(
    async (parsed, _) =>
    {
        var report = await Regions.Run(
            parsed.GetValue(regionKills),
            parsed.GetValue(regionPeople),
            parsed.GetValue(regionPace),
            parsed.GetValue(regionSeconds),
            parsed.GetValue(regionBystander),
            Console.Error
        );
        Print(report);
        return report.NothingLost && report.Ratio <= parsed.GetValue(regionRatio) ? 0 : 1;
    }
);

var folder = new Argument<string>("folder");
var desks = new Argument<int>("desks");
var settings = new Argument<string[]>("settings") { Arity = ArgumentArity.ZeroOrMore };
var prepare = new Command("prepare", "fill a database and print what there is in it: a part of other commands") { folder, desks, settings };
prepare.Hidden = true;
prepare.SetAction(
    async (parsed, _) =>
        Console.WriteLine(
            JsonSerializer.Serialize(
                await Exam.Prepare(parsed.GetValue(folder)!, Repository.Bank, parsed.GetValue(desks), settings: parsed.GetValue(settings)!)
            )
        )
);

var host = new Option<string>("--host") { DefaultValueFactory = _ => "http://localhost:5080", Description = "the running service" };
var password = new Option<string>("--password") { Required = true, Description = "of the administrator" };
var walk = new Command("walk", "run openapi/walkthrough.http against a running service") { host, password };
walk.SetAction(
    async (parsed, cancel) =>
    {
        var file = HttpFile.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "walkthrough.http"), cancel));
        try
        {
            await file.Run(
                new Dictionary<string, string>
                {
                    ["host"] = parsed.GetValue(host)!,
                    ["password"] = parsed.GetValue(password)!,
                    ["run"] = $"{Environment.TickCount64}",
                },
                SystemClock.Instance,
                (request, status) => Console.WriteLine($"{status} {request.Title}")
            );
            return 0;
        }
        catch (HttpRequestException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return 1;
        }
    }
);

return await new RootCommand("Load and failure campaigns of Diagnostics, on loopback only")
{
    saves,
    allocations,
    publication,
    bulk,
    soak,
    kill,
    restart,
    day,
    morning,
    pages,
    marking,
    trail,
    webhooks,
    webhookKill,
    feed,
    regions,
    walk,
    prepare,
    new DiagramDirective(), // [diagram]: reads a command line without running it
}
    .Parse(args)
    .InvokeAsync();

Task<LoadDatabase> Target(ParseResult parsed) => LoadDatabase.Open(parsed.GetValue(provider)!, parsed.GetValue(connectionString));

static async Task<int> Break(FaultPlan plan, Func<Task<LoadDatabase>> open)
{
    await using var database = await open();
    var report = await FaultCampaign.Run(plan, database, Console.Error);
    Print(report);
    return report.Clean ? 0 : 1;
}

static void Print<T>(T report) =>
    Console.WriteLine(JsonSerializer.Serialize(report, new JsonSerializerOptions(Json.Options) { WriteIndented = true }));
