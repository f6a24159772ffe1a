using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;
using Diagnostics.UseCases.Forms;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.TestKit.Server;

/// <summary>Gives the experts of an exam something to mark.</summary>
internal static class Scripts
{
    private const int Together = 100;

    /// <summary>
    /// Ends every session with an answer to each open item, and makes the experts members of a commission, each with an
    /// order of scripts of their own. The service scores the sessions when it runs.
    /// </summary>
    /// <returns>Number of answers that experts must mark.</returns>
    internal static async Task<int> Write(Exam exam, string bankFolder, params string[] settings)
    {
        await using var app = Exam.Build(exam.DataFolder, bankFolder, settings);
        var database = app.Services.GetRequiredService<Database>();
        var form = await app.Services.GetRequiredService<FormCatalog>().Get(exam.FormId);
        var open = form.Variants.ToDictionary(
            variant => variant.Key,
            variant => variant.Value.Where(slot => slot.Item.Rubric is not null).Select(slot => slot.Slot).ToList()
        );
        var now = SystemClock.Instance.GetCurrentInstant();
        var written = 0;
        foreach (var some in exam.Desks.Index().Chunk(Together))
        {
            var rows = some.SelectMany(desk =>
                    open[1 + desk.Index % 4].Select(slot => $"('{desk.Item.SessionId}', {slot}, 1, 0, '{Answer(desk.Index, slot)}', @now)")
                )
                .ToList();
            await database.Write(
                db =>
                    db.Execute(
                        $"INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at) VALUES\n{string.Join(",\n", rows)}",
                        new { now }
                    ),
                Isolation.Guarded
            );
            written += rows.Count;
        }
        await database.Write(
            async db =>
            {
                await db.Execute(
                    "UPDATE sessions SET state = 'expired', ended_at = @now WHERE campaign_id = @CampaignId",
                    new { exam.CampaignId, now }
                );
                return await Appoint(db, exam, now);
            },
            Isolation.Guarded
        );
        return written;
    }

    internal static Task<int> Unscored(Database database, Exam exam) =>
        database.Read(db =>
            db.Value<int>("SELECT COUNT(*) FROM sessions WHERE campaign_id = @CampaignId AND scored_at IS NULL", new { exam.CampaignId })
        );

    private static async Task<int> Appoint(Db db, Exam exam, Instant now)
    {
        var commission = Guid.CreateVersion7();
        await db.Execute(
            """
            INSERT INTO commissions (id, kind, campaign_id, title, created_at, created_by)
            VALUES (@commission, 'marking', @CampaignId, 'Комиссия нагрузки', @now, 'load')
            """,
            new
            {
                commission,
                exam.CampaignId,
                now,
            }
        );
        var names = $"load-expert-%-{exam.CampaignId:N}";
        var experts = await db.Query<Guid>("SELECT id FROM access_accounts WHERE user_name LIKE @names ORDER BY id", new { names });
        foreach (var (place, expert) in experts.Index())
            await db.Execute(
                """
                INSERT INTO commission_members (id, commission_id, account_id, role, standing, blocks, shuffle_seed, appointed_at, appointed_by)
                VALUES (@id, @commission, @expert, 'member', 'main', '[]', @seed, @now, 'load')
                """,
                new
                {
                    id = Guid.CreateVersion7(),
                    commission,
                    expert,
                    seed = 1 + place * 7919,
                    now,
                }
            );
        return experts.Count;
    }

    /// <summary>Too long to be joined with equal answers.</summary>
    private static string Answer(int place, int slot)
    {
        var text = string.Concat(
            Enumerable.Repeat("Ученик заменил условие следствием: из равенства площадей ещё не следует равенство треугольников. ", 5)
        );
        return JsonSerializer.Serialize<Response>(
            new ExtendedResponse(string.Create(CultureInfo.InvariantCulture, $"Работа {place}, задание {slot}. {text}")),
            ItemJson.Options
        );
    }
}
