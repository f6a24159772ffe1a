using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using NodaTime;

namespace Diagnostics.Storage.Tests.Campaigns;

/// <summary>
/// The scene's campaign has a sitting on 14 September from 6:00 to 9:00 UTC, with two seats; the campaign's window ends
/// on the 20th.
/// </summary>
public abstract class SittingStoreTests(Provider provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : SittingStoreTests(Provider.Sqlite);

    [NeedsPostgres]
    public sealed class OnPostgres() : SittingStoreTests(Provider.Postgres);

    [NeedsSqlServer]
    public sealed class OnSqlServer() : SittingStoreTests(Provider.SqlServer);

    private static readonly Instant Six = Instant.FromUtc(2026, 9, 14, 6, 0);
    private static readonly Instant Nine = Instant.FromUtc(2026, 9, 14, 9, 0);
    private static readonly Guid Campaign = Words.Id("c");
    private static readonly Guid Shift = Words.Id("shift");
    private static readonly Guid Anna = Words.Id("anna");

    private TestDatabase test = null!;

    public async Task InitializeAsync() => test = await Scene.Make(provider);

    public async Task DisposeAsync() => await test.DisposeAsync();

    [ContractFact]
    public async Task A_place_is_taken_by_a_session_that_stands_and_free_again_when_it_is_annulled()
    {
        (await Found()).Free.Should().Be(2);
        await test.Execute("UPDATE sessions SET sitting_id = '#shift', seat = 1 WHERE id = '#scheduled'");
        (await Found()).Free.Should().Be(1);
        await test.Execute("UPDATE sessions SET state = 'annulled', ended_at = 't' WHERE id = '#scheduled'");
        (await Found()).Free.Should().Be(2);
        (await test.Database.Write(db => SittingStore.Cancel(db, Shift, Nine))).Should().BeTrue();
        (await test.Database.Write(db => SittingStore.Cancel(db, Shift, Nine))).Should().BeFalse("it is called off once");
        (await Found()).Free.Should().Be(0);
    }

    /// <summary>
    /// The same seat number in two sittings, and once without a sitting, means three different chairs.
    /// </summary>
    [ContractFact]
    public async Task A_seat_is_one_persons_in_a_sitting_and_anothers_in_the_next()
    {
        await test.Execute(
            """
            INSERT INTO campaign_sittings (id, campaign_id, site_id, starts_at, ends_at, shift, seats, reserve, created_at) VALUES
                ('#second shift', '#c', '#s', '2026-09-14T09:00:00.000000Z', '2026-09-14T12:00:00.000000Z', 2, 2, FALSE, 't')
            """
        );

        await test.Execute("UPDATE sessions SET sitting_id = '#shift', seat = 1003 WHERE id = '#scheduled'");
        await test.Execute("UPDATE sessions SET sitting_id = '#second shift', seat = 1003 WHERE id = '#sitting'");

        (await test.Database.Read(db => SessionStore.SeatsOfSitting(db, Shift))).Select(row => row.Seat).Should().Equal(1003);
        (await test.Database.Read(db => SessionStore.Seats(db, Campaign, Words.Id("s")))).Select(row => row.Seat).Should().Equal(1003);
    }

    [ContractFact]
    public async Task What_is_held_at_a_site_at_a_time_is_found_in_whatever_campaign()
    {
        Task<IReadOnlyList<SittingRow>> Overlapping(Instant from, Instant to) =>
            test.Database.Read(db => SittingStore.Overlapping(db, Words.Id("s"), from, to));

        (await Overlapping(Nine, Nine + Duration.FromHours(1))).Should().BeEmpty("the end is not inside");
        (await Overlapping(Six - Duration.FromHours(1), Six)).Should().BeEmpty();
        (await Overlapping(Nine - Duration.FromSeconds(1), Nine)).Should().ContainSingle().Which.CampaignId.Should().Be(Campaign);
        await test.Database.Write(db => SittingStore.Cancel(db, Shift, Six));
        (await Overlapping(Six, Nine)).Should().BeEmpty();
    }

    [ContractFact]
    public async Task Of_two_who_move_a_sitting_only_one_does()
    {
        var seen = await Found();

        (await test.Database.Write(db => SittingStore.Move(db, seen, Nine, Nine + Duration.FromHours(3)))).Should().BeTrue();
        (await test.Database.Write(db => SittingStore.Move(db, seen, Six, Six + Duration.FromHours(1)))).Should().BeFalse();
        (await Found()).StartsAt.Should().Be(Nine);
    }

    [ContractFact]
    public async Task A_variant_that_nobody_was_shown_has_not_been_seen()
    {
        Task<IReadOnlyList<int>> Seen(Guid? besides = null) =>
            test.Database.Read(db => SessionStore.VariantsSeen(db, Anna, Words.Id("f"), besides));

        (await Seen()).Should().Equal([1], "it is yet to be shown");
        (await Seen(besides: Words.Id("scheduled"))).Should().BeEmpty("whoever is moved leaves it behind");
        await test.Execute("UPDATE sessions SET state = 'annulled', ended_at = 't' WHERE id = '#scheduled'");
        (await Seen()).Should().BeEmpty("it was never begun");
        await test.Execute("UPDATE sessions SET started_at = 't', deadline = 't', accept_until = 't' WHERE id = '#scheduled'");
        (await Seen()).Should().Equal([1], "an annulled session that was begun has shown it");
    }

    [ContractFact]
    public async Task Who_did_not_come_to_a_campaign_that_is_closed_has_seen_nothing_there()
    {
        await test.Execute("UPDATE campaigns SET status = 'closed', closed_at = 't' WHERE id = '#c'");

        (await test.Database.Read(db => SessionStore.VariantsSeen(db, Anna, Words.Id("f"), null))).Should().BeEmpty();
    }

    [ContractFact]
    public async Task Who_did_not_come_waits_for_the_end_of_the_sitting_and_not_of_the_campaign()
    {
        await test.Execute("UPDATE sessions SET sitting_id = '#shift', seat = 1 WHERE id = '#scheduled'");

        (await Open(Nine - Duration.FromSeconds(1))).Should().Contain(Words.Id("scheduled"));
        (await Open(Nine)).Should().NotContain(Words.Id("scheduled")).And.Contain(Words.Id("sitting"), "who has begun has a result");
        await test.Database.Write(db => SittingStore.Cancel(db, Shift, Six));
        (await Open(Nine)).Should().Contain(Words.Id("scheduled"), "another place may yet be found");
        (await Open(Instant.FromUtc(2026, 9, 20, 0, 0))).Should().NotContain(Words.Id("scheduled"));
    }

    [ContractFact]
    public async Task A_campaign_called_off_annuls_what_nobody_has_begun_each_with_its_event()
    {
        var annulled = await test.Database.Write(db => SessionStore.AnnulUnbegun(db, Campaign, Nine, "operator", "{}"));

        annulled.Should().Be(1);
        (await test.Database.Read(db => SessionStore.Find(db, Words.Id("scheduled"))))!.EndedAt.Should().Be(Nine);
        (await test.Database.Read(db => SessionStore.Events(db, Words.Id("scheduled"))))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<SessionEventRow>(happened => happened.Kind == "annul" && happened.At == Nine && happened.Actor == "operator");
        (await test.Database.Read(db => SessionStore.Find(db, Words.Id("sitting"))))!.State.Should().Be("in_progress");
        (await test.Database.Read(db => SessionStore.Begun(db, Campaign, null))).Should().Be(2);
    }

    [ContractFact]
    public async Task Decisions_of_a_campaign_are_numbered_one_by_one()
    {
        foreach (var campaign in new[] { Campaign, Campaign, Words.Id("draft") })
        {
            await test.Database.Write(db =>
                CampaignDecisionStore.Append(
                    db,
                    new CampaignDecisionRow
                    {
                        CampaignId = campaign,
                        Kind = "extended",
                        Details = "{}",
                        Reason = "п",
                        DecidedBy = "a",
                        DecidedAt = Six,
                    }
                )
            );
        }

        (await test.Database.Read(db => CampaignDecisionStore.OfCampaign(db, Campaign))).Select(row => row.Number).Should().Equal(1, 2, 3);
        (await test.Database.Read(db => CampaignDecisionStore.OfCampaign(db, Words.Id("draft"))))
            .Select(row => row.Number)
            .Should()
            .Equal(1);
    }

    [ContractFact]
    public async Task A_draft_goes_with_its_sittings_and_a_published_campaign_stays()
    {
        await test.Execute(
            """
            INSERT INTO campaign_sittings (id, campaign_id, site_id, starts_at, ends_at, shift, seats, reserve, created_at) VALUES
                ('#planned', '#draft', '#s', '2026-09-14T09:00:00.000000Z', '2026-09-14T12:00:00.000000Z', 1, 2, FALSE, 't')
            """
        );

        (await test.Database.Write(db => CampaignStore.DeleteDraft(db, Words.Id("draft")))).Should().BeTrue();
        (await test.Database.Write(db => CampaignStore.DeleteDraft(db, Campaign))).Should().BeFalse();
        (await test.Value<int>("SELECT COUNT(*) FROM campaign_sittings")).Should().Be(1);
        (await test.Database.Read(db => CampaignStore.Find(db, Words.Id("draft")))).Should().BeNull();
    }

    private async Task<IEnumerable<Guid>> Open(Instant now) =>
        (await test.Database.Read(db => PublicationStore.Open(db, Campaign, now))).Select(row => row.Id);

    private async Task<SittingRow> Found() => (await test.Database.Read(db => SittingStore.Find(db, Shift)))!;
}
