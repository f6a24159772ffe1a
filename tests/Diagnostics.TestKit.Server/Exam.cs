using System.Globalization;
using Dapper;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.TestKit.Server;

/// <summary>One person at a desk.</summary>
/// <param name="Token">Bearer token of the taker.</param>
internal sealed record Desk(Guid SessionId, string Token);

/// <summary>The state of a desk's session when the run begins.</summary>
/// <param name="TimeLeft">Remaining time of a session in progress; null leaves it scheduled.</param>
/// <param name="GraceSeconds">Seconds after the remaining time during which saves are still accepted.</param>
internal readonly record struct Sitting(Duration? TimeLeft, int GraceSeconds = 30)
{
    internal static readonly Sitting Scheduled = new(null);
    internal static readonly Sitting Started = new(Duration.FromHours(3));

    /// <summary>State, start, deadline and end of the grace, as values for an SQL row.</summary>
    internal string Times(Instant now) =>
        TimeLeft is { } left
            ? $"'in_progress', @now, {Text(now + left)}, {Text(now + left + Duration.FromSeconds(GraceSeconds))}"
            : "'scheduled', NULL, NULL, NULL";

    // Writes the time as SQLite stores it; a database server accepts this form too.
    private static string Text(Instant at) => $"'{StoredForms.Text(at)}'";
}

/// <summary>
/// A data folder with a published campaign and many sessions in progress, as they are ten minutes into an exam.
/// </summary>
internal sealed record Exam(
    string DataFolder,
    Guid CampaignId,
    Guid SiteId,
    Guid FormId,
    IReadOnlyList<Desk> Desks,
    string OperatorToken,
    IReadOnlyList<string> ExpertTokens
)
{
    /// <summary>Territory of every person whom a run creates.</summary>
    internal const string Territory = "load";

    /// <summary>
    /// How many rows go into one statement, and how many desks into one transaction. Both numbers are large enough that
    /// neither round trips nor commits matter.
    /// </summary>
    private const int Together = 500;

    /// <summary>
    /// Prepares the exam through the product's own start-up and stores. Rows of people and applications are written
    /// directly, because enrolment is not measured.
    /// </summary>
    /// <param name="settings">Settings of the service, for example another database.</param>
    internal static Task<Exam> Prepare(
        string dataFolder,
        string bankFolder,
        int desks,
        bool started = true,
        int experts = 0,
        params string[] settings
    ) => Prepare(dataFolder, bankFolder, Alike(desks, started), experts, settings);

    /// <inheritdoc cref="Prepare(string, string, int, bool, int, string[])"/>
    internal static async Task<Exam> Prepare(
        string dataFolder,
        string bankFolder,
        IReadOnlyList<Sitting> desks,
        int experts,
        params string[] settings
    )
    {
        await using var app = Build(dataFolder, bankFolder, settings);
        await Startup.Prepare(app.Services, TextWriter.Null);
        return await Populate(app.Services, dataFolder, desks, experts);
    }

    /// <param name="started">False leaves the sessions scheduled.</param>
    internal static Task<Exam> Populate(IServiceProvider services, string dataFolder, int desks, bool started = true, int experts = 0) =>
        Populate(services, dataFolder, Alike(desks, started), experts);

    internal static async Task<Exam> Populate(IServiceProvider services, string dataFolder, IReadOnlyList<Sitting> desks, int experts)
    {
        var database = services.GetRequiredService<Database>();
        var passwords = services.GetRequiredService<IPasswordHasher<AccountRow>>();
        var tokens = services.GetRequiredService<TokenIssuer>();
        var now = services.GetRequiredService<IClock>().GetCurrentInstant();
        var form = (await database.Read(FormStore.List)).First(form => form.BlueprintCode == "teacher-mathematics-5-9");
        var campaignId = Guid.CreateVersion7();
        var siteId = Guid.CreateVersion7();
        await database.Write(db => AddCampaign(db, campaignId, siteId, form.Id, desks.Count, now));
        var takers = desks
            .Select((desk, place) => new Taker(place + 1, desk, Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()))
            .ToList();
        foreach (var some in takers.Chunk(Together))
            await database.Write(db => AddTakers(db, some, campaignId, siteId, form.Id, now), Isolation.Guarded);
        // Each of these statements has a different text and runs only once, so a cache of them is of no use.
        SqlMapper.PurgeQueryCache();
        // A server in use has statistics about its tables; a newly filled server would plan as if its tables were
        // empty.
        if (database.Provider == LoadDatabase.Postgres)
            await database.Write(db => db.Execute("ANALYZE;"), Isolation.Guarded);
        var administrator = await database.Write(db =>
            Accounts.Create(
                db,
                passwords,
                now,
                $"load-{campaignId:N}",
                Accounts.NewPassword(),
                [new Grant(Role.Operator, GrantScope.All, null)],
                "load"
            )
        );
        var marking = new List<AccountRow>();
        for (var expert = 1; expert <= experts; expert++)
        {
            var made = await database.Write(db =>
                Accounts.Create(
                    db,
                    passwords,
                    now,
                    $"load-expert-{expert}-{campaignId:N}",
                    Accounts.NewPassword(),
                    [new Grant(Role.Expert, GrantScope.Campaign, campaignId.ToString("D"))],
                    "load"
                )
            );
            marking.Add(made.Value);
        }
        // Leave the thread on which the last answer arrived, because the call that makes the first token waits until
        // the signing keys are read.
        await Task.Yield();
        return new(
            dataFolder,
            campaignId,
            siteId,
            form.Id,
            takers.ConvertAll(taker => new Desk(
                taker.SessionId,
                Token(new() { Id = taker.AccountId, ParticipantId = taker.ParticipantId })
            )),
            Token(administrator.Value),
            marking.ConvertAll(Token)
        );

        string Token(AccountRow account) =>
            tokens.Issue(new TokenSubject.Account(account.Id, account.ParticipantId, Guid.CreateVersion7())).AccessToken;
    }

    /// <summary>Lets every taker sign in on the pages, as <c>load-{session}</c>.</summary>
    internal static Task SetPassword(Database database, string password)
    {
        var hash = new PasswordHasher<AccountRow>().HashPassword(new AccountRow(), password);
        return database.Write(
            db =>
                db.Execute(
                    "UPDATE access_accounts SET password_hash = @hash WHERE participant_id IS NOT NULL OR user_name LIKE 'load-expert-%'",
                    new { hash }
                ),
            Isolation.Guarded
        );
    }

    /// <summary>The name of the only expert's account.</summary>
    internal static async Task<string> ExpertName(Database database) =>
        (
            await database.Read(db =>
                db.Find<string>("SELECT user_name FROM access_accounts WHERE user_name LIKE 'load-expert-%'", new { })
            )
        )!;

    /// <summary>Lets every claim end, as if its time were over.</summary>
    internal static Task EndLeases(Database database) =>
        database.Write(
            db => db.Execute("UPDATE marking_assignments SET lease_until = claimed_at WHERE state = 'claimed'", new { }),
            Isolation.Guarded
        );

    internal static WebApplication Build(string dataFolder, string bankFolder, params string[] settings) =>
        Service.Build([
            $"--Diagnostics:Data={dataFolder}",
            $"--Diagnostics:Bank={bankFolder}",
            "--Logging:LogLevel:Default=Error",
            "--Urls=http://127.0.0.1:0",
            .. settings,
        ]);

    private static Sitting[] Alike(int desks, bool started) => [.. Enumerable.Repeat(started ? Sitting.Started : Sitting.Scheduled, desks)];

    private static async Task<int> AddCampaign(Db db, Guid campaignId, Guid siteId, Guid formId, int seats, Instant now)
    {
        await db.Execute(
            """
            INSERT INTO sites (id, code, name, address, territory, time_zone, seats)
            VALUES (@siteId, @code, 'Площадка нагрузки', 'ул. Школьная, 1', @Territory, 'Europe/Moscow', @seats)
            """,
            new
            {
                siteId,
                code = siteId.ToString("N"),
                Territory,
                seats,
            }
        );
        await db.Execute(
            """
            INSERT INTO campaigns (id, title, audience, form_id, stage, status, time_limit_minutes, applications_from, applications_to,
                                   sitting_from, sitting_to, marking_to, created_at, published_at)
            VALUES (@campaignId, 'Нагрузка', 'Учителя математики', @formId, 'entry', 'published', 180, @past, @future, @past, @future, @future, @now, @now)
            """,
            new
            {
                campaignId,
                formId,
                past = now - Duration.FromDays(1),
                future = now + Duration.FromDays(1),
                now,
            }
        );
        await db.Execute(
            """
            INSERT INTO campaign_policies (campaign_id, kind, code, version)
            SELECT @campaignId, p.kind, p.code, MAX(p.version) FROM policies AS p
            WHERE p.code = (SELECT MIN(o.code) FROM policies AS o WHERE o.kind = p.kind) GROUP BY p.kind, p.code
            """,
            new { campaignId }
        );
        return await db.Execute(
            "INSERT INTO campaign_sites (campaign_id, site_id) VALUES (@campaignId, @siteId)",
            new { campaignId, siteId }
        );
    }

    /// <summary>
    /// Inserts many rows with each statement: a round trip per statement for tens of thousands of people would take
    /// minutes. Only ids and numbers differ from row to row, and these may be part of the text.
    /// </summary>
    private static async Task<int> AddTakers(Db db, Taker[] takers, Guid campaignId, Guid siteId, Guid formId, Instant now)
    {
        await Add("participants (id, created_at)", taker => $"('{taker.ParticipantId}', @now)");
        await Add(
            "people (participant_id, surname, given_name, organisation, territory)",
            taker => $"('{taker.ParticipantId}', 'Участник {taker.Seat}', 'Тест', 'Школа № 1', '{Territory}')"
        );
        await Add(
            "consents (id, participant_id, kind, text_code, text_version, given_at)",
            taker => $"('{taker.ParticipantId}', '{taker.ParticipantId}', 'participation', 'default', 1, @now)"
        );
        await Add(
            "applications (id, campaign_id, participant_id, site_id, status, consent_id, submitted_at, decided_at, decided_by)",
            taker =>
                $"('{taker.ParticipantId}', @campaignId, '{taker.ParticipantId}', @siteId, 'approved', '{taker.ParticipantId}', @now, @now, 'load')"
        );
        await Add(
            """
            sessions (id, application_id, campaign_id, participant_id, form_id, site_id, seat, variant, draw_seed, shuffle_seed,
                      grace_seconds, created_at, state, started_at, deadline, accept_until)
            """,
            taker =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""
                    ('{taker.SessionId}', '{taker.ParticipantId}', @campaignId, '{taker.ParticipantId}', @formId, @siteId, {taker.Seat}, {1
                        + (taker.Seat - 1) % 4}, 1, {1_000_003L * taker.Seat},
                     {taker.Sitting.GraceSeconds}, @now, {taker.Sitting.Times(now)})
                    """
                )
        );
        return await Add(
            "access_accounts (id, user_name, normalized_user_name, security_stamp, participant_id, created_at)",
            taker =>
                $"('{taker.AccountId}', 'load-{taker.SessionId:N}', '{$"LOAD-{taker.SessionId:N}".ToUpperInvariant()}', 'load', '{taker.ParticipantId}', @now)"
        );

        Task<int> Add(string table, Func<Taker, string> row) =>
            db.Execute(
                $"INSERT INTO {table} VALUES\n{string.Join(",\n", takers.Select(row))}",
                new
                {
                    campaignId,
                    siteId,
                    formId,
                    now,
                }
            );
    }

    private sealed record Taker(int Seat, Sitting Sitting, Guid ParticipantId, Guid SessionId, Guid AccountId);
}
