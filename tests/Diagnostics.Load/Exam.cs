using Diagnostics.Engine.Access;
using Diagnostics.Server;
using Diagnostics.Server.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Load;

/// <summary>One person at a desk.</summary>
/// <param name="Token">Bearer token of the taker.</param>
internal sealed record Desk(Guid SessionId, string Token);

/// <summary>A data folder with a published campaign and many sessions in progress, as it is ten minutes into an exam.</summary>
internal sealed record Exam(string DataFolder, Guid CampaignId, Guid SiteId, IReadOnlyList<Desk> Desks, string OperatorToken, IReadOnlyList<string> ExpertTokens)
{
    /// <summary>
    /// Makes it through the product's own start-up and stores; rows of people and applications are written directly,
    /// because enrolling is not what is measured.
    /// </summary>
    /// <param name="settings">Of the service, e.g. another database.</param>
    internal static async Task<Exam> Prepare(string dataFolder, string bankFolder, int desks, bool started = true, int experts = 0, params string[] settings)
    {
        await using var app = Build(dataFolder, bankFolder, settings);
        await Startup.Prepare(app.Services, TextWriter.Null);
        return await Populate(app.Services, dataFolder, desks, started, experts);
    }

    /// <param name="started">False leaves the sessions scheduled.</param>
    internal static async Task<Exam> Populate(IServiceProvider services, string dataFolder, int desks, bool started = true, int experts = 0)
    {
        var database = services.GetRequiredService<Database>();
        var passwords = services.GetRequiredService<IPasswordHasher<AccountRow>>();
        await using var scope = services.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<Tokens>();
        var now = services.GetRequiredService<IClock>().GetCurrentInstant();
        var form = (await database.Read(FormStore.List)).First(form => form.BlueprintCode == "teacher-mathematics-5-9");
        var campaignId = Guid.CreateVersion7();
        var siteId = Guid.CreateVersion7();
        var accounts = await database.Write(async db =>
        {
            await AddCampaign(db, campaignId, siteId, form.Id, desks, now);
            var takers = new List<(Guid SessionId, AccountRow Account)>();
            for (var seat = 1; seat <= desks; seat++) takers.Add(await AddTaker(db, campaignId, siteId, form.Id, seat, now, started));
            return takers;
        });
        var administrator = await database.Write(db => Accounts.Create(db, passwords, now, $"load-{campaignId:N}", Accounts.NewPassword(),
            [new Grant(Role.Operator, GrantScope.All, null)], "load"));
        var marking = new List<string>();
        for (var expert = 1; expert <= experts; expert++)
        {
            var made = await database.Write(db => Accounts.Create(db, passwords, now, $"load-expert-{expert}-{campaignId:N}", Accounts.NewPassword(),
                [new Grant(Role.Expert, GrantScope.Campaign, campaignId.ToString("D"))], "load"));
            marking.Add(tokens.Issue(made.Value, now).AccessToken);
        }
        return new(dataFolder, campaignId, siteId,
            accounts.Select(taker => new Desk(taker.SessionId, tokens.Issue(taker.Account, now).AccessToken)).ToList(),
            tokens.Issue(administrator.Value, now).AccessToken, marking);
    }

    internal static WebApplication Build(string dataFolder, string bankFolder, params string[] settings) => Service.Build(
        [$"--Diagnostics:Data={dataFolder}", $"--Diagnostics:Bank={bankFolder}", "--Logging:LogLevel:Default=Error", "--Urls=http://127.0.0.1:0", .. settings]);

    private static async Task AddCampaign(Db db, Guid campaignId, Guid siteId, Guid formId, int seats, Instant now)
    {
        await db.Execute("""
            INSERT INTO sites (id, code, name, address, territory, time_zone, seats)
            VALUES (@siteId, @code, 'Площадка нагрузки', 'ул. Школьная, 1', 'load', 'Europe/Moscow', @seats)
            """, new { siteId, code = siteId.ToString("N"), seats });
        await db.Execute("""
            INSERT INTO campaigns (id, title, audience, form_id, stage, status, time_limit_minutes, applications_from, applications_to,
                                   sitting_from, sitting_to, marking_to, created_at, published_at)
            VALUES (@campaignId, 'Нагрузка', 'Учителя математики', @formId, 'entry', 'published', 180, @past, @future, @past, @future, @future, @now, @now)
            """, new { campaignId, formId, past = now - Duration.FromDays(1), future = now + Duration.FromDays(1), now });
        await db.Execute("""
            INSERT INTO campaign_policies (campaign_id, kind, code, version)
            SELECT @campaignId, kind, MIN(code), 1 FROM policies WHERE version = 1 GROUP BY kind
            """, new { campaignId });
        await db.Execute("INSERT INTO campaign_sites (campaign_id, site_id) VALUES (@campaignId, @siteId)", new { campaignId, siteId });
    }

    private static async Task<(Guid SessionId, AccountRow Account)> AddTaker(Db db, Guid campaignId, Guid siteId, Guid formId, int seat, Instant now, bool started)
    {
        var row = new
        {
            campaignId,
            siteId,
            formId,
            seat,
            now,
            participantId = Guid.CreateVersion7(),
            consentId = Guid.CreateVersion7(),
            applicationId = Guid.CreateVersion7(),
            sessionId = Guid.CreateVersion7(),
            variant = 1 + (seat - 1) % 4,
            shuffle = 1_000_003L * seat,
            state = started ? "in_progress" : "scheduled",
            startedAt = started ? now : (Instant?)null,
            deadline = started ? now + Duration.FromHours(3) : (Instant?)null,
            acceptUntil = started ? now + Duration.FromHours(3) + Duration.FromSeconds(30) : (Instant?)null,
            surname = $"Участник {seat}",
        };
        await db.Execute("INSERT INTO participants (id, created_at) VALUES (@participantId, @now)", row);
        await db.Execute("""
            INSERT INTO people (participant_id, surname, given_name, organisation, territory) VALUES (@participantId, @surname, 'Тест', 'Школа № 1', 'load')
            """, row);
        await db.Execute("""
            INSERT INTO consents (id, participant_id, kind, text_code, text_version, given_at) VALUES (@consentId, @participantId, 'participation', 'default', 1, @now)
            """, row);
        await db.Execute("""
            INSERT INTO applications (id, campaign_id, participant_id, site_id, status, consent_id, submitted_at, decided_at, decided_by)
            VALUES (@applicationId, @campaignId, @participantId, @siteId, 'approved', @consentId, @now, @now, 'load')
            """, row);
        await db.Execute("""
            INSERT INTO sessions (id, application_id, campaign_id, participant_id, form_id, site_id, seat, variant, draw_seed, shuffle_seed,
                                  grace_seconds, state, created_at, started_at, deadline, accept_until)
            VALUES (@sessionId, @applicationId, @campaignId, @participantId, @formId, @siteId, @seat, @variant, 1, @shuffle,
                    30, @state, @now, @startedAt, @deadline, @acceptUntil)
            """, row);
        var account = new AccountRow
        {
            Id = Guid.CreateVersion7(),
            UserName = $"load-{row.sessionId:N}",
            NormalizedUserName = $"LOAD-{row.sessionId:N}".ToUpperInvariant(),
            SecurityStamp = "load",
            ParticipantId = row.participantId,
            CreatedAt = now,
        };
        await AccountStore.Add(db, account);
        return (row.sessionId, account);
    }
}
