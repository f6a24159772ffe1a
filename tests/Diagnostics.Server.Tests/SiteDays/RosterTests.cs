using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage.Audit;
using NodaTime;

namespace Diagnostics.Server.Tests.SiteDays;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;
using static SiteDayScene;

/// <summary>What the staff at the door see, and what they write into the journal of the exam day.</summary>
public sealed class RosterTests(TestService service) : IClassFixture<TestService>, IAsyncLifetime
{
    private SiteDayScene scene = null!;

    public async Task InitializeAsync() => scene = await SiteDayScene.Make(service);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_roster_names_everybody_with_seat_conditions_and_where_they_stand()
    {
        var waiting = await scene.Taker();
        var absent = await scene.Taker();
        var admitted = await scene.Taker(new { extraTime = new { amount = 25, unit = "percent" } });
        var writing = await scene.Taker();
        var gone = await scene.Taker();
        var annulled = await scene.Taker();
        await scene.Move(absent.Session, "absence", new { reason = "Болезнь", excused = true });
        await scene.Move(admitted.Session, "admission");
        await scene.Start(writing);
        await scene.Start(gone);
        await scene.Finish(gone);
        await scene.Move(annulled.Session, "annulment", new { reason = "Подменили" });
        await scene.Note("identity-checks", new { sessionId = admitted.Session }).Json();
        await scene.Note("place-checks", new { seat = writing.Seat, passed = true }).Json();
        await scene.Note("place-checks", new { seat = gone.Seat, passed = true }).Json();
        await scene
            .Note(
                "place-checks",
                new
                {
                    seat = gone.Seat,
                    passed = false,
                    note = "Нет сети",
                }
            )
            .Json();

        var roster = await scene.Roster();

        var places = roster["items"]!.AsArray().ToDictionary(place => place!["sessionId"]!.GetValue<Guid>(), place => place!);
        places.Keys.Should().BeEquivalentTo([waiting.Session, absent.Session, admitted.Session, writing.Session, gone.Session]);
        string StateOf(Guid session) => places[session]["state"]!.GetValue<string>();
        new[] { waiting, absent, admitted, writing, gone }
            .Select(taker => StateOf(taker.Session))
            .Should()
            .Equal("not_come", "absent", "admitted", "started", "finished");
        places.Values.Should().OnlyContain(place => place["person"]!.GetValue<string>() == "Магомедова Патимат");
        places[admitted.Session]["accommodations"]!["extraTime"]!["amount"]!.GetValue<int>().Should().Be(25);
        places.Values.Where(place => place["identityChecked"]!.GetValue<bool>()).Single()["seat"]!
            .GetValue<int>()
            .Should()
            .Be(admitted.Seat);
        roster["uncheckedSeats"]!
            .AsArray()
            .Select(seat => seat!.GetValue<int>())
            .Should()
            .BeEquivalentTo([waiting.Seat, absent.Seat, admitted.Seat, gone.Seat], "the last try of a place is how it is");
        roster["counts"]!
            .ToJsonString()
            .Should()
            .Be("""{"expected":5,"notCome":1,"absent":1,"admitted":1,"started":1,"finished":1,"annulled":1}""");
        roster["date"]!.GetValue<string>().Should().Be("2026-09-14");
    }

    [Fact]
    public async Task Every_call_is_one_look_at_the_names_it_shows_and_pages_go_by_seats()
    {
        var (first, second) = (await scene.Taker(), await scene.Taker());
        var (accountId, invigilator) = await scene.Staff("invigilator");

        var page = await scene.Roster("?limit=1", invigilator);
        var next = await scene.Roster($"?limit=1&after={page["next"]!.GetValue<string>()}", invigilator);

        page["items"]!
            .AsArray()
            .Concat(next["items"]!.AsArray())
            .Select(place => place!["participantId"]!.GetValue<Guid>())
            .Should()
            .BeEquivalentTo([first.Person, second.Person]);
        next["next"].Should().BeNull();
        var looks = await scene.Database.Read(db => AuditStore.List(db, null, "roster.read", $"site:{scene.Region.Site:D}", 0, 10));
        looks.Should().HaveCount(2).And.OnlyContain(look => look.Actor == accountId.ToString("D"));
        looks
            .Select(look => JsonNode.Parse(look.Details!)!["people"]!.AsArray().Single()!.GetValue<Guid>())
            .Should()
            .BeEquivalentTo([first.Person, second.Person]);
    }

    [Fact]
    public async Task Who_is_missing_by_the_regulation_is_told_and_keeps_nobody_from_the_test()
    {
        var taker = await scene.Taker();
        (await Missing())
            .Should()
            .Equal("head not_appointed", "organiser not_appointed", "technician not_appointed", "commission_member not_appointed");
        var (appointment, head) = await scene.Head();
        (await Missing()).Should().StartWith("head not_present");

        var noted = await scene.Note("presence", new { appointmentId = appointment }, head).Json();
        await scene.Start(taker);

        (await Missing()).Should().Equal("organiser not_appointed", "technician not_appointed", "commission_member not_appointed");
        await scene.Note("corrections", new { entryId = noted.Id(), reason = "Отмечен не тот" }).Json();
        (await Missing()).Should().StartWith("head not_present");

        async Task<IReadOnlyList<string>> Missing() =>
            (await scene.Roster())["missing"]!
                .AsArray()
                .Select(missing => $"{missing!["duty"]!.GetValue<string>()} {missing["reason"]!.GetValue<string>()}")
                .ToList();
    }

    [Fact]
    public async Task A_sittings_roster_holds_its_own_people_and_its_own_records()
    {
        var (early, late) = (await scene.Taker(), await scene.Taker());
        var (morning, evening) = (await scene.AddSitting(), await scene.AddSitting(2, TestService.Start + Duration.FromHours(4)));
        await scene.Seat(early.Session, morning);
        await scene.Seat(late.Session, evening);
        await scene
            .Note(
                "place-checks",
                new
                {
                    seat = early.Seat,
                    passed = true,
                    sittingId = morning,
                }
            )
            .Json();
        await scene.Note("identity-checks", new { sessionId = late.Session }).Json();

        (await scene.Admin.GetAsync(scene.Path("/roster")).ProblemCode(422)).Should().Be("sitting-required");
        var (first, second) = (await scene.Roster($"?sittingId={morning}"), await scene.Roster($"?sittingId={evening}"));

        first["items"]!.AsArray().Single()!["sessionId"]!.GetValue<Guid>().Should().Be(early.Session);
        (first["items"]![0]!["placeChecked"]!.GetValue<bool>(), first["items"]![0]!["identityChecked"]!.GetValue<bool>())
            .Should()
            .Be((true, false));
        second["items"]!.AsArray().Single()!["sessionId"]!.GetValue<Guid>().Should().Be(late.Session);
        second["items"]![0]!["identityChecked"]!.GetValue<bool>().Should().BeTrue();
        second["uncheckedSeats"]!.AsArray().Single()!.GetValue<int>().Should().Be(late.Seat);
    }

    [Fact]
    public async Task Of_a_person_whose_data_were_erased_the_place_stays()
    {
        var taker = await scene.Taker();
        await scene.Start(taker);
        await scene.Finish(taker);
        await scene.Database.Write(db => db.Execute("DELETE FROM people WHERE participant_id = @Person", new { taker.Person }));

        var place = (await scene.Roster())["items"]!.AsArray().Single(each => each!["sessionId"]!.GetValue<Guid>() == taker.Session)!;

        place["person"].Should().BeNull();
        place["seat"]!.GetValue<int>().Should().Be(taker.Seat);
    }

    [Fact]
    public async Task The_journal_keeps_every_entry_in_order_with_its_correction()
    {
        var taker = await scene.Taker();
        var wrong = await scene.Note("identity-checks", new { sessionId = taker.Session, note = "Паспорт" }).Json();
        await scene
            .Note(
                "materials",
                new
                {
                    move = "received",
                    count = 12,
                    note = "пакеты",
                }
            )
            .Json();
        await scene.Note("incidents", new { description = "Отключили свет" }).Json();
        await scene.Note("corrections", new { entryId = wrong.Id(), reason = "Другой человек" }).Json();

        var journal = (await scene.Admin.GetAsync(scene.Path("/journal")).Json())["items"]!;

        Codes(journal, "kind").Should().Equal("identity_checked", "materials_received", "incident", "corrected");
        journal.AsArray().Select(entry => entry!["isCorrected"]!.GetValue<bool>()).Should().Equal(true, false, false, false);
        journal[1]!["count"]!.GetValue<int>().Should().Be(12);
        journal[3]!["correctsId"]!.GetValue<Guid>().Should().Be(wrong.Id());
        (await scene.Note("corrections", new { entryId = wrong.Id(), reason = "Ещё раз" }).ProblemCode(409))
            .Should()
            .Be("journal-entry-corrected");
        (await scene.Note("corrections", new { entryId = journal[3]!.Id(), reason = "Ещё раз" }).ProblemCode(409))
            .Should()
            .Be("correction-of-correction");
    }

    [Fact]
    public async Task What_makes_no_entry_is_refused_by_name()
    {
        var other = await SiteDayScene.Make(service);
        var foreign = await other.Taker();
        var (foreignHead, _) = await other.Head();
        var (appointment, _) = await scene.Head();
        await scene.Admin.PostAsJsonAsync(scene.Path($"/staff/{appointment}/end"), new { reason = "Больничный" }).Json();

        (await scene.Note("identity-checks", new { sessionId = foreign.Session }).ProblemCode(404)).Should().Be("session-not-found");
        (await scene.Note("presence", new { appointmentId = foreignHead }).ProblemCode(404)).Should().Be("appointment-not-found");
        (await scene.Note("presence", new { appointmentId = appointment }).ProblemCode(409)).Should().Be("appointment-ended");
        (await scene.Note("place-checks", new { seat = 31, passed = true }).ProblemCode(422)).Should().Be("seat-invalid");
        (await scene.Note("materials", new { move = "received", count = 0 }).ProblemCode(422)).Should().Be("count-invalid");
        (await scene.Note("incidents", new { description = " " }).ProblemCode(422)).Should().Be("text-missing");
        (await scene.Note("corrections", new { entryId = Guid.NewGuid(), reason = "—" }).ProblemCode(404))
            .Should()
            .Be("journal-entry-not-found");
    }
}
