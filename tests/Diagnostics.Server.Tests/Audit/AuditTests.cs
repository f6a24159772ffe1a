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
        var first = await auditor.GetAsync($"{V1}/audit?after={head - 10}&limit=4").Json();
        var rest = await auditor.GetAsync($"{V1}/audit?after={first["next"]}").Json();

        // Between them the new member of staff signs in, chooses a password and signs in with it.
        first["items"]!
            .AsArray()
            .Concat(rest["items"]!.AsArray())
            .Select(entry => entry!["action"]!.GetValue<string>())
            .Where(action => action != "sign-in.begun")
            .Should()
            .EndWith(["account.made", "password.changed", "site.added", "site.added", "site.added", "site.added", "site.added"]);
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
    public async Task An_entry_taken_out_of_the_middle_is_missed_at_its_number()
    {
        await Tamper("DELETE FROM audit_entries WHERE number = 3");

        (await Broken()).Should().Be((3L, "number_missing"));
    }

    [Fact]
    public async Task Two_entries_that_changed_places_are_found_at_the_first()
    {
        await Tamper(
            "UPDATE audit_entries SET number = -3 WHERE number = 3",
            "UPDATE audit_entries SET number = 3 WHERE number = 4",
            "UPDATE audit_entries SET number = 4 WHERE number = -3"
        );

        (await Broken()).Should().Be((3L, "not_linked"));
    }

    [Fact]
    public async Task An_old_copy_put_back_and_written_on_is_known_by_the_head_outside()
    {
        var scene = new CampaignScene(service);
        await scene.AddSite();
        await Anchors.WriteHead();
        await Tamper($"DELETE FROM audit_entries WHERE number > {head}");
        await scene.AddSite();

        (await Broken()).Should().Be((head + 1, "anchor_differs"));
    }

    [Fact]
    public async Task An_old_copy_put_back_and_left_so_is_known_by_the_head_outside()
    {
        await new CampaignScene(service).AddSite();
        await Anchors.WriteHead();
        await Tamper($"DELETE FROM audit_entries WHERE number > {head}");

        (await Broken()).Should().Be((head + 1, "entry_missing"));
    }

    [Fact]
    public async Task Words_deleted_by_hand_are_missed_and_words_erased_with_a_person_are_not()
    {
        var now = service.Clock.GetCurrentInstant();
        var person = await new CampaignScene(service).Enrol();
        await Database.Write(async db =>
        {
            await AuditStore.Append(db, now, "test", "test.decided", $"person:{person:D}", new { reason = "слова о человеке" });
            await AuditStore.Append(db, now, "test", "test.decided", "site:1", new { reason = "слова о площадке" });
            return 0;
        });
        var last = (await Database.Read(AuditStore.Head))!.Number;

        (await service.Admin.DeleteAsync($"{V1}/people/{person}")).EnsureSuccessStatusCode();
        (await Broken()).Should().BeNull("the erasure of the person accounts for the words");

        await Database.Write(db => db.Execute("DELETE FROM audit_texts WHERE subject = 'site:1'"));
        (await Broken()).Should().Be((last, "words_missing"));
    }

    [Fact]
    public async Task An_erasure_does_not_account_for_words_written_after_it()
    {
        var now = service.Clock.GetCurrentInstant();
        var person = await new CampaignScene(service).Enrol();
        (await service.Admin.DeleteAsync($"{V1}/people/{person}")).EnsureSuccessStatusCode();
        await Database.Write(async db =>
        {
            await AuditStore.Append(db, now, "test", "test.decided", $"person:{person:D}", new { reason = "слова" });
            return await db.Execute("DELETE FROM audit_texts WHERE path = 'reason'");
        });

        (await Broken()).Should().Be(((await Database.Read(AuditStore.Head))!.Number, "words_missing"));
    }

    [Fact]
    public async Task A_person_taken_out_of_the_index_or_put_into_it_is_noticed()
    {
        var (now, seen) = (service.Clock.GetCurrentInstant(), Guid.NewGuid());
        await Database.Write(async db =>
        {
            await AuditStore.Append(db, now, "test", "test.listed", "site:1", people: [seen, Guid.NewGuid()]);
            return 0;
        });
        (await Broken()).Should().BeNull();

        await Tamper($"DELETE FROM audit_people WHERE person = '{seen:D}'");

        (await Broken()).Should().Be((head + 1, "people_changed"));
    }

    private async Task<(long Number, string Fault)?> Broken()
    {
        var verification = await auditor.GetAsync($"{V1}/audit/verification").Json();
        return verification["broken"] is { } broken ? (broken["number"]!.GetValue<long>(), broken["fault"]!.GetValue<string>()) : null;
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
    private Task<int> Tamper(params string[] tampering) =>
        Database.Write(async db =>
        {
            foreach (var table in new[] { "audit_entries", "audit_people" })
            foreach (var change in new[] { "update", "delete" })
                await db.Execute($"DROP TRIGGER {table}_keep_{change}{(db.Dialect.Name == "sqlite" ? "" : $" ON {table}")}");
            foreach (var step in tampering)
                await db.Execute(step);
            return 0;
        });
}
