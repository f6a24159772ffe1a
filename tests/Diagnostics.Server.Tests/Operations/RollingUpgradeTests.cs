using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Sessions;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Operations;

/// <summary>
/// The <c>migrate</c> command of the next version runs first, then its nodes start one by one. Until the last new node
/// has started, nodes of this version work on the new schema.
/// </summary>
public sealed class RollingUpgradeTests
{
    /// <summary>
    /// Makes all permitted schema changes of a next version together, while a node with prepared statements runs.
    /// </summary>
    [PostgresFact]
    public async Task A_node_goes_on_and_another_starts_when_the_next_version_has_added_to_every_table()
    {
        var service = new TestService { Connection = await PostgresDatabases.CreateMigrated(TestService.Start) };
        await service.InitializeAsync();
        try
        {
            // The walkthrough uses real dates, so the clock shows the real time.
            service.Clock.Advance(SystemClock.Instance.GetCurrentInstant() - TestService.Start);
            var database = service.Services.GetRequiredService<Database>();
            var walkthrough = HttpFile.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "walkthrough.http")));
            var scene = await SessionScene.At(service, desks: 2);
            await Sit(desk: 0);

            await database.ChangeSchema(async db =>
            {
                foreach (
                    var table in await db.Query<string>(
                        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                    )
                )
                    await db.Execute($"ALTER TABLE {table} ADD COLUMN of_the_next_version text COLLATE \"C\" NOT NULL DEFAULT ''");
                await db.Execute("CREATE TABLE things_of_the_next_version (id uuid NOT NULL PRIMARY KEY)");
                return await db.Execute(
                    "INSERT INTO schema_migrations (name, checksum, applied_at) VALUES ('9999_next_version.sql', 'x', clock_timestamp())"
                );
            });

            (await service.Anonymous().GetAsync("/health/ready").Json())["status"]!.GetValue<string>().Should().Be("ok");
            await Sit(desk: 1);
            await walkthrough.Run(
                new Dictionary<string, string> { ["host"] = service.Url, ["password"] = service.AdminPassword },
                service.Clock
            );
            await Migrator.Prepare(database, service.Clock.GetCurrentInstant());

            async Task Sit(int desk)
            {
                // A statement is prepared at its second use, so each person saves several times.
                for (var revision = 0; revision < 3; revision++)
                    await scene.Save(SessionScene.Text, SessionScene.Write(revision, $"{revision}"), desk).Json();
                await scene.Finish(new() { ["2"] = 3 }, desk).Json();
            }
        }
        finally
        {
            await service.DisposeAsync();
        }
    }
}
