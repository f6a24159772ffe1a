using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Sessions;

/// <summary>The sessions of a campaign, one for each desk, and helper methods for session tests.</summary>
internal sealed class SessionScene(TestService service, Exam exam)
{
    // A single-choice slot and a short-answer slot of the teachers' blueprint.
    internal const int Choice = 1;
    internal const int Text = 2;

    internal Exam Exam => exam;

    /// <summary>Signs everybody in again, because an hour or more has passed.</summary>
    internal async Task SignInAgain()
    {
        var database = service.Services.GetRequiredService<Database>();
        var accounts = await database.Read(db =>
            db.Query<AccountRow>("SELECT id, user_name, participant_id FROM access_accounts WHERE user_name LIKE 'load-%'")
        );
        var byName = accounts.ToDictionary(account => account.UserName);
        exam = exam with
        {
            Desks = [.. exam.Desks.Select(desk => desk with { Token = Token($"load-{desk.SessionId:N}") })],
            OperatorToken = Token($"load-{exam.CampaignId:N}"),
        };

        string Token(string name) =>
            service
                .Services.GetRequiredService<TokenIssuer>()
                .Issue(new TokenSubject.Account(byName[name].Id, byName[name].ParticipantId, Guid.CreateVersion7()))
                .AccessToken;
    }

    internal static async Task<SessionScene> At(TestService service, int desks, bool started = true) =>
        new(service, await Exam.Populate(service.Services, service.DataFolder, desks, started));

    internal HttpClient Taker(int desk = 0) => With(exam.Desks[desk].Token);

    internal HttpClient Operator() => With(exam.OperatorToken);

    internal Guid Session(int desk = 0) => exam.Desks[desk].SessionId;

    internal string Path(string rest, int desk = 0) => $"/api/v1/sessions/{Session(desk)}{rest}";

    internal static object Choose(int baseRevision, string option) =>
        new { baseRevision, response = new { type = "single_choice", option } };

    internal static object Write(int baseRevision, string text) => new { baseRevision, response = new { type = "short_answer", text } };

    internal Task<HttpResponseMessage> Save(int slot, object body, int desk = 0, HttpClient? by = null) =>
        (by ?? Taker(desk)).PutAsJsonAsync(Path($"/responses/{slot}", desk), body);

    internal Task<HttpResponseMessage> Finish(Dictionary<string, int> manifest, int desk = 0) =>
        Taker(desk).PostAsJsonAsync(Path("/finish", desk), new { manifest });

    internal Task<HttpResponseMessage> Do(string action, object? body = null, int desk = 0) =>
        Operator().PostAsJsonAsync(Path(action, desk), body ?? new { });

    internal async Task<JsonArray> RejectedSaves(int desk = 0) =>
        (await Operator().GetAsync(Path("/responses?limit=500", desk)).Json())["rejected"]!.AsArray();

    internal async Task<IReadOnlyList<string>> Events(int desk = 0) =>
        (await Operator().GetAsync(Path("/events", desk)).Json())
            .Items()
            .Select(happened => happened!["kind"]!.GetValue<string>())
            .ToList();

    internal async Task<string> State(int desk = 0) =>
        (await Operator().GetAsync(Path("/supervision", desk)).Json())["state"]!.GetValue<string>();

    /// <summary>Does now what the background worker does every second.</summary>
    internal Task Expire() => service.Services.GetRequiredService<ExpiryWorker>().ExpireDue();

    private HttpClient With(string token)
    {
        var client = service.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
