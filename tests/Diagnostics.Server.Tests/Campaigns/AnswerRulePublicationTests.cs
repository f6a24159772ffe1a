using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Profiles;

namespace Diagnostics.Server.Tests.Campaigns;

/// <summary>
/// A key that the pinned rule for answers cannot read is reported at publication, before anybody applies, and not only
/// when scoring fails.
/// </summary>
public sealed class AnswerRulePublicationTests(TestService service) : IClassFixture<TestService>
{
    private const string V1 = "/api/v1";

    [Fact]
    public async Task A_form_whose_keys_need_the_second_rule_is_not_published_under_the_first()
    {
        var scene = new CampaignScene(service);
        var form = await MadeForm.Of(
            service,
            "capitals-count",
            [new("subject", "subject.algebra.numbers", 1) { Key = new(["CO"], [], []) { CaseSensitive = true } }]
        );
        await service
            .Admin.PostAsJsonAsync(
                $"{V1}/policies",
                new
                {
                    kind = "scoring",
                    code = "first",
                    content = new { normalisation = "ru-1", requireKeyReview = true },
                }
            )
            .Json(201);
        var body = await scene.CampaignBody(await scene.AddSite());
        body["formId"] = form;
        body["policies"] = new JsonArray(
            new JsonObject
            {
                ["kind"] = "scoring",
                ["code"] = "first",
                ["version"] = 1,
            }
        );
        var under1 = (await service.Admin.PostAsJsonAsync($"{V1}/campaigns", body).Json(201)).Id();
        body["policies"] = new JsonArray();
        var under2 = (await service.Admin.PostAsJsonAsync($"{V1}/campaigns", body).Json(201)).Id();

        var problem = await scene.Publish(under1).Json(409);

        problem["code"]!.GetValue<string>().Should().Be("campaign-not-ready");
        problem["faults"]!
            .AsArray()
            .Single()!
            .GetValue<string>()
            .Should()
            .StartWith("Правило ru-1 политики оценивания first/1 не читает ключи заданий: made-")
            .And.Contain("-01-4.");
        await scene.Publish(under2).Json();
    }
}
