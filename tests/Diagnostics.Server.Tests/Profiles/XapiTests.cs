using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage;

namespace Diagnostics.Server.Tests.Profiles;

/// <summary>A profile as xAPI statements that a learning record store accepts.</summary>
public sealed class XapiTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Blocks_and_competencies_are_scored_and_the_person_is_an_account()
    {
        var (scene, session) = await Sat("xapi");
        var profile = await Profile(session);

        var statements = await Statements(profile);

        statements.Should().HaveCount(8, "four blocks, and of each the one competency that was asked");
        statements.Select(Verb).Distinct().Should().Equal("http://adlnet.gov/expapi/verbs/scored");
        statements
            .Take(4)
            .Select(each => (Name(each), each!["result"]!["score"]!["scaled"]!.GetValue<decimal>()))
            .Should()
            .BeEquivalentTo([
                ("Предметные компетенции", 0.44m),
                ("Методические компетенции", 0.52m),
                ("Психолого-педагогические компетенции", 0.68m),
                ("Коммуникативные компетенции", 0.83m),
            ]);
        var first = statements[0]!;
        (first["result"]!["score"]!["raw"]!.GetValue<decimal>(), first["result"]!["score"]!["max"]!.GetValue<decimal>())
            .Should()
            .Be((44m, 100m));
        first["actor"]!["account"]!["name"]!.GetValue<Guid>().Should().Be((await scene.Find(session))!.ParticipantId);
        first["actor"]!.AsObject().Select(member => member.Key).Should().Equal("objectType", "account");
        first.ToJsonString().Should().NotContain("Тайнова");
        first["result"]!["extensions"]!["urn:diagnostics:xapi:level"]!.GetValue<string>().Should().Be("high");
    }

    [Fact]
    public async Task What_was_scored_is_an_item_of_the_framework_and_leads_there()
    {
        var (_, session) = await Sat("xapi-items");

        foreach (var statement in await Statements(await Profile(session)))
        {
            var item = await service.Admin.GetAsync(statement!["object"]!["id"]!.GetValue<string>()[service.Url.Length..]).Json();
            item["fullStatement"]!.GetValue<string>().Should().Be(Name(statement));
        }
    }

    [Fact]
    public async Task The_same_profile_makes_the_same_statements()
    {
        var (_, session) = await Sat("xapi-again");
        var profile = await Profile(session);

        var (first, again) = (await Statements(profile), await Statements(profile));

        JsonNode.DeepEquals(first, again).Should().BeTrue();
        first.Select(each => each!["id"]!.GetValue<Guid>()).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task What_does_not_stand_any_more_is_voided()
    {
        var (scene, session) = await Sat("xapi-voided");
        var profile = await Profile(session);
        var before = await Statements(profile);
        await scene.Database.Write(db => db.Execute("UPDATE sessions SET state = 'annulled' WHERE id = @session", new { session }));

        var after = await Statements(profile);

        after.Should().HaveCount(2 * before.Count);
        for (var place = 0; place < before.Count; place++)
        {
            JsonNode.DeepEquals(after[2 * place], before[place]).Should().BeTrue("a store of records takes it as the one that it has");
            var voided = after[(2 * place) + 1]!;
            Verb(voided).Should().Be("http://adlnet.gov/expapi/verbs/voided");
            (voided["object"]!["objectType"]!.GetValue<string>(), voided["object"]!["id"]!.GetValue<Guid>())
                .Should()
                .Be(("StatementRef", before[place]!["id"]!.GetValue<Guid>()));
        }
    }

    [Fact]
    public async Task A_portal_gets_them_with_the_persons_consent_only()
    {
        var (scene, session) = await Sat("xapi-portal");
        await service.Admin.PostAsync($"/api/v1/campaigns/{scene.Id}/results/publication", null).Json();
        var profile = await Profile(session);
        using var portal = await scene.Portal("82");

        (await portal.GetAsync(Address(profile)).ProblemCode(403)).Should().Be("profile-sharing-not-consented");
        await scene.Consent((await scene.Find(session))!.ParticipantId);
        (await portal.GetAsync(Address(profile)).Json()).AsArray().Should().HaveCount(8);
    }

    private async Task<(Scene Scene, Guid Session)> Sat(string form)
    {
        var scene = await Scene.Make(service, formId: await MadeForm.Of(service, form, MadeForm.AsPrinted));
        return (scene, await scene.Scored(slot => slot.Slot % 2 == 1 ? Answer.Right(slot) : null));
    }

    private async Task<Guid> Profile(Guid session) =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items().Last()!["id"]!.GetValue<Guid>();

    private async Task<JsonArray> Statements(Guid profile) => (await service.Admin.GetAsync(Address(profile)).Json()).AsArray();

    private static string Address(Guid profile) => $"/api/v1/profiles/{profile}/xapi-statements";

    private static string Verb(JsonNode? statement) => statement!["verb"]!["id"]!.GetValue<string>();

    private static string Name(JsonNode? statement) => statement!["object"]!["definition"]!["name"]!["ru-RU"]!.GetValue<string>();
}
