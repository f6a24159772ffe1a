using System.Net.Http.Json;
using System.Text;
using Diagnostics.Server.Tests.Appeals;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Integration;
using Diagnostics.Storage.Operations;
using Diagnostics.TestKit;

namespace Diagnostics.Server.Tests.People;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>
/// Words by which a person can be recognised are planted wherever people and staff can write them. After the person is
/// erased, they are searched for in the bytes of the database, of the log beside it and of a copy.
/// </summary>
public sealed class ErasureTests(TestService service) : IClassFixture<TestService>
{
    private static readonly Dictionary<string, string> Words = new()
    {
        ["surname"] = "Жмыхоплёткина",
        ["given name"] = "Феодулия",
        ["patronymic"] = "Варахасиевна",
        ["e-mail"] = "zhmykhopletkina@example.org",
        ["position"] = "ткачихоповариха",
        ["school"] = "Лицей Кривоколенный",
        ["school before"] = "Гимназия Долгоозёрная",
        ["number at the portal"] = "iom-zhmykh-77",
        ["user name"] = "vhod-zhmykha",
        ["device"] = "Zhmykhofon",
        ["number at the provider"] = "esia-zhmykh-4411",
        ["statement"] = "хрустящеезаявление",
        ["name of a file"] = "Справка-Хрустальная",
        ["contents of a file"] = "soderzhimoe-zhmykha",
        ["reason of a refusal"] = "отказпопричинежмыха",
        ["acquaintance"] = "двоюроднаясестражмыха",
        ["reason in the trail, of a session"] = "скачокчасовжмыха",
        ["reason in the trail, of the person"] = "причинажмыха",
        ["answer kept for the person's repetition"] = "ответдляповторажмыха",
        ["answer kept for somebody else's repetition"] = "ответоператоружмыха",
    };

    [Fact]
    public async Task Of_twenty_words_about_an_erased_person_none_is_left_anywhere_and_the_trail_is_whole()
    {
        var scene = await AppealScene.Make(service, organisation: Words["school before"]);
        var (person, session) = (scene.Person, scene.Session);
        var database = scene.Scene.Database;
        var now = service.Clock.GetCurrentInstant();
        var taker = await scene.Taker();
        var account = (await taker.GetAsync($"{V1}/auth/me").Json())["accountId"]!.GetValue<Guid>();
        var revision = (await service.Admin.GetAsync($"{V1}/people/{person}").Json())["revision"]!.GetValue<int>();
        await PutAt(
                service.Admin,
                $"{V1}/people/{person}",
                new
                {
                    surname = Words["surname"],
                    givenName = Words["given name"],
                    patronymic = Words["patronymic"],
                    email = Words["e-mail"],
                    position = Words["position"],
                    organisation = Words["school"],
                    territory = "82-701",
                    externalId = Words["number at the portal"],
                },
                revision
            )
            .Json();
        var appeal = (await scene.FileScore(statement: Words["statement"]).Json(201)).Id();
        await Attach(taker, appeal).Json(201);
        using var link = new HttpRequestMessage(HttpMethod.Post, $"{V1}/accounts/{account}/outside-identities")
        {
            // Its answer, which is kept for a repetition, names the person by this number alone.
            Headers = { { "Idempotency-Key", "link" } },
            Content = JsonContent.Create(new { issuer = "https://id.example.org", subject = Words["number at the provider"] }),
        };
        await service.Admin.SendAsync(link).Json(201);
        await database.Write(async db =>
        {
            var named = "UPDATE access_accounts SET user_name = @word, normalized_user_name = UPPER(@word) WHERE id = @id";
            await Plant(db, named, "user name", account);
            await Plant(db, "UPDATE access_sign_ins SET device = @word WHERE account_id = @id", "device", account);
            await Plant(db, "UPDATE applications SET reason = @word WHERE participant_id = @id", "reason of a refusal", person);
            await db.Execute(
                """
                INSERT INTO commission_conflicts (commission_id, account_id, participant_id, reason, declared_at, declared_by)
                VALUES (@Commission, @expert, @person, @word, @now, 'test')
                """,
                new
                {
                    scene.Commission,
                    expert = scene.Expert.AccountId,
                    person,
                    word = Words["acquaintance"],
                    now,
                }
            );
            await Audit(db, $"session:{session:D}", "reason in the trail, of a session");
            await Audit(db, $"person:{person:D}", "reason in the trail, of the person");
            await Keep(db, account.ToString("D"), "one", Words["answer kept for the person's repetition"]);
            await Keep(db, "somebody", "two", $"{appeal:D} {Words["answer kept for somebody else's repetition"]}");
            return 0;
        });
        Words.Should().HaveCount(20);
        Found(database.File!, $"{database.File}-wal").Should().BeEquivalentTo(Words.Keys, "whoever searches must be able to find them");

        await service.Admin.DeleteAsync($"{V1}/people/{person}").Json(204);

        Found(database.File!, $"{database.File}-wal").Should().BeEmpty();
        using var folder = new TemporaryFolder();
        (await SqliteBackup.Write(database.File!, folder.File("copy.db"))).Refusal.Should().BeNull();
        Found(folder.File("copy.db")).Should().BeEmpty();
        (await database.Read(db => AuditStore.Verify(db, []))).Broken.Should().BeNull();
        var entries = await database.Read(db => AuditStore.List(db, null, "test.planted", null, 0, 10));
        entries.Should().HaveCount(2).And.OnlyContain(entry => entry.Details!.Contains("sha256"), "the entries stay, without the words");

        Task Audit(Db db, string subject, string word) =>
            AuditStore.Append(db, now, "test", "test.planted", subject, new { minutes = 5, reason = Words[word] });

        async Task Keep(Db db, string actor, string key, string body)
        {
            await IdempotencyStore.Record(db, actor, key, "hash", now);
            await IdempotencyStore.SetAnswer(db, actor, key, body);
        }
    }

    private static Task<int> Plant(Db db, string sql, string word, Guid id) => db.Execute(sql, new { word = Words[word], id });

    private static Task<HttpResponseMessage> Attach(HttpClient taker, Guid appeal)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes($"%PDF-1.7\n{Words["contents of a file"]}\n%%EOF\n"));
        content.Headers.ContentType = new("application/pdf");
        var name = Uri.EscapeDataString($"{Words["name of a file"]}.pdf");
        return taker.PostAsync($"{V1}/appeals/{appeal}/attachments?name={name}", content);
    }

    private static IEnumerable<string> Found(params string[] files)
    {
        var bytes = files.Where(File.Exists).Select(Read).ToList();
        bytes.Should().NotBeEmpty();
        return Words
            .Where(word => bytes.Any(file => Has(file, word.Value) || Has(file, word.Value.ToUpperInvariant())))
            .Select(word => word.Key)
            .ToList();
    }

    private static bool Has(byte[] file, string text) => file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray();
    }
}
