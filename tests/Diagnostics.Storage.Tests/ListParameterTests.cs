using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;

namespace Diagnostics.Storage.Tests;

/// <summary>A list for <c>IN</c> matches its elements, and an empty list matches nothing.</summary>
public abstract class ListParameterTests(SceneFixture scene)
{
    public sealed class OnSqlite(SceneFixture.OnSqlite scene) : ListParameterTests(scene), IClassFixture<SceneFixture.OnSqlite>;

    [NeedsPostgres]
    public sealed class OnPostgres(SceneFixture.OnPostgres scene) : ListParameterTests(scene), IClassFixture<SceneFixture.OnPostgres>;

    [NeedsSqlServer]
    public sealed class OnSqlServer(SceneFixture.OnSqlServer scene) : ListParameterTests(scene), IClassFixture<SceneFixture.OnSqlServer>;

    [ContractFact]
    public async Task An_operator_of_a_draft_sees_it_and_another_does_not()
    {
        var draft = Words.Id("draft");

        (await Campaigns(draft.ToString("D"))).Should().Contain(draft);
        (await Campaigns(Words.Id("c").ToString("D"))).Should().NotContain(draft).And.Contain(Words.Id("c"));
        (await Campaigns()).Should().NotContain(draft);
    }

    [ContractFact]
    public async Task People_of_these_territories_are_found()
    {
        (await People("Т", "other")).Should().HaveCount(2);
        (await People("other")).Should().BeEmpty();
        (await People()).Should().BeEmpty();
    }

    private async Task<IEnumerable<Guid>> Campaigns(params string[] own) =>
        (await scene.Test.Database.Read(db => CampaignStore.List(db, allDrafts: false, own, null, null, 10))).Select(campaign =>
            campaign.Id
        );

    private Task<IReadOnlyList<PersonRow>> People(params string[] territories) =>
        scene.Test.Database.Read(db => PersonStore.List(db, territories, [], null, null, null, 10));
}
