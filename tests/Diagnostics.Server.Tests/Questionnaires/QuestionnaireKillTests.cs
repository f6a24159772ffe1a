using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.People;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Questionnaires;

/// <summary>The service is killed while a person answers a questionnaire on two devices.</summary>
public sealed class QuestionnaireKillTests
{
    private const string Password = "long-enough-1";
    private const string Sessions = "/api/v1/questionnaire-sessions";

    [Fact]
    public async Task No_acknowledged_answer_is_lost_when_the_service_is_killed()
    {
        using var folder = new TemporaryFolder();
        await AddPerson(folder.Path);
        var (session, acknowledged) = (Guid.Empty, new ConcurrentDictionary<string, (int Revision, int Rating)>());
        for (var round = 0; round < 3; round++)
        {
            using var server = await ServerProcess.Start(folder.Path, Repository.Bank, ServerProcess.Unlimited);
            using var notebook = await SignIn(server);
            using var phone = await SignIn(server);
            if (round == 0)
            {
                var form = new { questionnaire = new { code = "young-teacher", version = 2 } };
                session = (await notebook.PostAsJsonAsync(Sessions, form).Json(201))["id"]!.GetValue<Guid>();
            }
            var enough = acknowledged.Values.Sum(one => one.Revision) + 25;
            var answering = Task.WhenAll(Answer(notebook, "g1"), Answer(notebook, "h1"), Answer(phone, "i1"), Answer(phone, "i2"));
            await Wait.Until("enough answers are acknowledged", () => acknowledged.Values.Sum(one => one.Revision) >= enough);
            server.Kill();
            await answering;
        }
        using var last = await ServerProcess.Start(folder.Path, Repository.Bank, ServerProcess.Unlimited);
        using var again = await SignIn(last);

        var stored = (await again.GetAsync($"{Sessions}/{session}").Json())["answers"]!
            .AsArray()
            .ToDictionary(
                answer => answer!["question"]!.GetValue<string>(),
                answer => (answer!["revision"]!.GetValue<int>(), answer["answer"]!["rating"]!.GetValue<int>())
            );
        acknowledged.Should().HaveCount(4);
        foreach (var (question, (revision, rating)) in acknowledged)
        {
            // The last save may have been stored although its confirmation was lost.
            stored[question].Item1.Should().BeInRange(revision, revision + 1);
            if (stored[question].Item1 == revision)
                stored[question].Item2.Should().Be(rating);
        }
        await again
            .PostAsJsonAsync(
                $"{Sessions}/{session}/finish",
                new { manifest = acknowledged.ToDictionary(one => one.Key, one => one.Value.Revision) }
            )
            .Json();

        async Task Answer(HttpClient device, string question)
        {
            try
            {
                for (var count = 0; ; count++)
                {
                    var known = acknowledged.GetValueOrDefault(question);
                    using var answer = await device.PutAsJsonAsync(
                        $"{Sessions}/{session}/answers/{question}",
                        new { baseRevision = known.Revision, answer = new { chosen = Array.Empty<string>(), rating = 1 + count % 5 } }
                    );
                    var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
                    // After a kill, the device learns from the refusal which save was stored without its confirmation.
                    var told = answer.IsSuccessStatusCode ? body : body["current"];
                    if (told is not null)
                        acknowledged[question] = (told["revision"]!.GetValue<int>(), told["answer"]!["rating"]!.GetValue<int>());
                }
            }
            catch (HttpRequestException)
            {
                // The service was killed.
            }
        }
    }

    private static async Task<HttpClient> SignIn(ServerProcess server)
    {
        var url = $"http://127.0.0.1:{server.Port}";
        return await TestService.Choose(url, "teacher", Password);
    }

    /// <summary>A person with a sign-in who has consented to take part.</summary>
    private static async Task AddPerson(string folder)
    {
        await using var app = Service.Build([$"--Diagnostics:Data={folder}", $"--Diagnostics:Bank={Repository.Bank}"]);
        await Startup.Prepare(app.Services, TextWriter.Null);
        var (now, person) = (SystemClock.Instance.GetCurrentInstant(), Guid.CreateVersion7());
        var passwords = app.Services.GetRequiredService<IPasswordHasher<AccountRow>>();
        await app
            .Services.GetRequiredService<Database>()
            .Write(async db =>
            {
                var row = new PersonRow
                {
                    ParticipantId = person,
                    Surname = "Тайнова",
                    GivenName = "Вера",
                    Organisation = "Лицей № 3",
                    Territory = "82",
                };
                await PersonStore.Add(db, row, now);
                await ConsentStore.Add(
                    db,
                    new ConsentRow
                    {
                        Id = Guid.CreateVersion7(),
                        ParticipantId = person,
                        Kind = ConsentStore.Participation,
                        TextCode = "participation",
                        TextVersion = 1,
                        GivenAt = now,
                    }
                );
                return (await Accounts.Create(db, passwords, now, "teacher", Password, [], "test", person, null)).Value.Id;
            });
    }
}
