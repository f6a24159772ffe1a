using System.Net.Http.Json;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Audit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Audit;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>Each test spoils its own audit trail.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private readonly TestService service = new();
    private HttpClient auditor = null!;

    /// <summary>The number of the last entry; starting the service already adds some entries.</summary>
    private long head;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        var scene = new CampaignScene(service);
        auditor = (await scene.Staff(new { role = "auditor", scope = "all" })).Client;
        for (var site = 0; site < 5; site++)
            await scene.AddSite();
        head = (await Database.Read(AuditStore.Head))!.Number;
    }

    public Task DisposeAsync() => service.DisposeAsync();

    private Database Database => service.Services.GetRequiredService<Database>();

    private AuditAnchors Anchors => service.Services.GetRequiredService<AuditAnchors>();

    [Fact]
    public async Task Decisions_follow_one_another_in_a_whole_chain()
    {
        var first = await auditor.GetAsync($"{V1}/audit?after={head - 7}&limit=4").Json();
        var rest = await auditor.GetAsync($"{V1}/audit?after={first["next"]}").Json();

        first["items"]!
            .AsArray()
            .Concat(rest["items"]!.AsArray())
            .Select(entry => entry!["action"]!.GetValue<string>())
            .Should()
            .Equal("account.made", "password.changed", "site.added", "site.added", "site.added", "site.added", "site.added");
        rest["items"]![0]!["previousHash"]!.GetValue<string>().Should().Be(first["items"]![3]!["hash"]!.GetValue<string>());
        (await auditor.GetAsync($"{V1}/audit?action=account.made").Json())["items"]!.AsArray().Should().ContainSingle();
        var verification = await auditor.GetAsync($"{V1}/audit/verification").Json();
        verification["whole"]!.GetValue<bool>().Should().BeTrue();
        verification["entries"]!.GetValue<long>().Should().Be(head);
    }

    [Fact]
    public async Task The_database_itself_refuses_to_change_or_delete_an_entry()
    {
        var change = () => Database.Write(db => db.Execute("UPDATE audit_entries SET actor = 'x' WHERE number = 2"));
        var delete = () => Database.Write(db => db.Execute("DELETE FROM audit_entries WHERE number = 2"));

        await change.Should().ThrowAsync<Exception>().WithMessage("*append-only*");
        await delete.Should().ThrowAsync<Exception>().WithMessage("*append-only*");
    }

    [Fact]
    public async Task A_trail_that_was_tampered_with_names_its_first_broken_entry()
    {
        await Tamper("UPDATE audit_entries SET actor = 'somebody else' WHERE number IN (3, 4)");

        var verification = await auditor.GetAsync($"{V1}/audit/verification").Json();

        verification["whole"]!.GetValue<bool>().Should().BeFalse();
        verification["broken"]!["number"]!.GetValue<int>().Should().Be(3);
        verification["broken"]!["fault"]!.GetValue<string>().Should().Be("content_changed");
        verification["entries"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public async Task A_trail_cut_off_at_its_end_is_known_by_the_head_outside()
    {
        await Anchors.WriteHead();
        await Tamper($"DELETE FROM audit_entries WHERE number = {head}");

        var verification = await auditor.GetAsync($"{V1}/audit/verification").Json();

        verification["broken"]!["number"]!.GetValue<long>().Should().Be(head);
        verification["broken"]!["fault"]!.GetValue<string>().Should().Be("entry_missing");
    }

    [Fact]
    public async Task A_trail_written_anew_as_a_whole_is_known_by_the_head_outside()
    {
        await Anchors.WriteHead();
        var entries = await Database.Read(db => AuditStore.List(db, null, null, null, 0, 100));
        await Tamper("DELETE FROM audit_entries");
        await Database.Write(async db =>
        {
            foreach (var entry in entries)
                await AuditStore.Append(db, entry.At, entry.Number == 2 ? "somebody else" : entry.Actor, entry.Action, entry.Subject);
            return 0;
        });

        var verification = await auditor.GetAsync($"{V1}/audit/verification").Json();

        verification["broken"]!["number"]!.GetValue<long>().Should().Be(head);
        verification["broken"]!["fault"]!.GetValue<string>().Should().Be("anchor_differs");
    }

    [Fact]
    public async Task The_head_is_written_outside_when_it_moved_and_at_shutdown()
    {
        var file = Path.Combine(service.DataFolder, "audit-head.log");
        await Anchors.WriteHead();
        await Anchors.WriteHead();
        (await File.ReadAllLinesAsync(file)).Should().ContainSingle().Which.Should().StartWith($"{head} ");

        await new CampaignScene(service).AddSite();
        await Anchors.StopAsync(CancellationToken.None);

        (await File.ReadAllLinesAsync(file)).Select(line => line.Split(' ')[0]).Should().Equal($"{head}", $"{head + 1}");
    }

    [Fact]
    public async Task A_line_torn_by_a_crash_spoils_neither_the_next_nor_the_check()
    {
        await Anchors.WriteHead();
        await File.AppendAllTextAsync(Path.Combine(service.DataFolder, "audit-head.log"), "10 0123");
        await new CampaignScene(service).AddSite();
        await Anchors.WriteHead();

        var verification = await auditor.GetAsync($"{V1}/audit/verification").Json();

        verification["whole"]!.GetValue<bool>().Should().BeTrue();
        verification["anchorsMet"]!.GetValue<int>().Should().Be(2);
        verification["anchorsUnreadable"]!.GetValue<int>().Should().Be(1);
    }

    // Does what a person with access to the database would do: switches the triggers off, changes something, and
    // switches the triggers on again.
    private Task<int> Tamper(string tampering) =>
        Database.Write(async db =>
        {
            var of = db.Dialect.Name == "sqlite" ? "" : " ON audit_entries";
            await db.Execute($"DROP TRIGGER audit_entries_keep_update{of}");
            await db.Execute($"DROP TRIGGER audit_entries_keep_delete{of}");
            return await db.Execute(tampering);
        });
}
