using Diagnostics.Storage;
using Diagnostics.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Operations;

/// <summary>First <c>migrate</c> of the next version, then its nodes one by one: meanwhile those of this version work on its schema.</summary>
public sealed class RollingUpgradeTests
{
    /// <summary>What the next version may do to a schema, done to all of it at once, under a node that has its statements prepared.</summary>
    [PostgresFact]
    public async Task A_node_goes_on_and_another_starts_when_the_next_version_has_added_to_every_table()
    {
        var service = new TestService { Connection = await PostgresDatabases.CreateMigrated(TestService.Start) };
        await service.InitializeAsync();
        try
        {
            // The walkthrough speaks of real days.
            service.Clock.Advance(SystemClock.Instance.GetCurrentInstant() - TestService.Start);
            var database = service.Services.GetRequiredService<Database>();
            var walkthrough = HttpFile.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "walkthrough.http")));
            await Walk(run: 1);

            await database.WriteAlone(async db =>
            {
                foreach (var table in await db.Query<string>("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"))
                    await db.Execute($"ALTER TABLE {table} ADD COLUMN of_the_next_version text COLLATE \"C\" NOT NULL DEFAULT ''");
                await db.Execute("CREATE TABLE things_of_the_next_version (id uuid NOT NULL PRIMARY KEY)");
                return await db.Execute("INSERT INTO schema_migrations (name, checksum, applied_at) VALUES ('9999_next_version.sql', 'x', clock_timestamp())");
            });

            (await service.Anonymous().GetAsync("/health/ready").Json())["status"]!.GetValue<string>().Should().Be("ok");
            await Walk(run: 2);
            await Migrator.Prepare(database, service.Clock.GetCurrentInstant());

            Task Walk(int run) => walkthrough.Run(new Dictionary<string, string> { ["host"] = service.Url, ["password"] = service.AdminPassword, ["run"] = $"{run}" }, service.Clock);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }
}
