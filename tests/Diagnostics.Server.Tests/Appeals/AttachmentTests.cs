using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Description;
using Diagnostics.Storage.Access;

namespace Diagnostics.Server.Tests.Appeals;

using static Diagnostics.Server.Tests.Appeals.AppealScene;

/// <summary>Files that a person adds to an appeal.</summary>
public sealed class AttachmentTests(TestService service) : IClassFixture<TestService>
{
    private const int MostBytes = 5 * 1024 * 1024;

    private static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, .. Enumerable.Range(0, 300).Select(number => (byte)(number % 256))];
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D];
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10];

    [Fact]
    public async Task What_was_added_comes_back_byte_for_byte_to_be_saved_and_never_to_be_shown()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();

        var added = await Add(await scene.Taker(), appeal, Pdf, "Справка № 1.pdf").Json(201);

        (
            added["number"]!.GetValue<int>(),
            added["name"]!.GetValue<string>(),
            added["mediaType"]!.GetValue<string>(),
            added["size"]!.GetValue<int>()
        )
            .Should()
            .Be((1, "Справка № 1.pdf", "application/pdf", Pdf.Length));
        var answer = await (await scene.Taker()).GetAsync($"{AppealsPath}/{appeal}/attachments/1");
        (await answer.Content.ReadAsByteArrayAsync()).Should().Equal(Pdf);
        var disposition = answer.Content.Headers.ContentDisposition!;
        (disposition.DispositionType, disposition.FileNameStar).Should().Be(("attachment", "Справка № 1.pdf"));
        answer.Content.Headers.ContentType!.ToString().Should().Be("application/pdf");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("default-src 'none'");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        (await (await scene.Taker()).GetAsync($"{AppealsPath}/{appeal}/attachments/2").ProblemCode(404))
            .Should()
            .Be("attachment-not-found");
        (await scene.Read(appeal))["attachments"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task A_file_of_another_kind_is_refused_whatever_it_is_called()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();
        var taker = await scene.Taker();

        foreach (
            var content in new[]
            {
                "MZ\u0090\0"u8.ToArray(),
                "<html><script>alert(1)</script>"u8.ToArray(),
                "PK\u0003\u0004"u8.ToArray(),
                " %PDF-1.7"u8.ToArray(),
            }
        )
            (await Add(taker, appeal, content, "Справка.pdf", "application/pdf").ProblemCode(422)).Should().Be("attachment-kind");
        (await Add(taker, appeal, [], "Справка.pdf").ProblemCode(422)).Should().Be("attachment-kind");
        (await Add(taker, appeal, Png, "a\u202Egnp.exe").ProblemCode(422)).Should().Be("forbidden-character");
        (await Add(taker, appeal, Png, new string('a', 201)).ProblemCode(422)).Should().Be("text-too-long");
        (
            await taker.PostAsync(
                $"{AppealsPath}/{appeal}/attachments?name=a.pdf",
                new StringContent("{}", new MediaTypeHeaderValue("application/json"))
            )
        )
            .StatusCode.Should()
            .Be(HttpStatusCode.UnsupportedMediaType);
        (await taker.GetAsync($"{AppealsPath}/{appeal}/attachments").Json()).Items().Should().BeEmpty();

        (await Add(taker, appeal, Jpeg, "virus.exe").Json(201))["name"]!
            .GetValue<string>()
            .Should()
            .Be("virus.exe.jpg", "the ending follows what it is");
    }

    [Fact]
    public async Task Five_megabytes_are_taken_and_a_byte_more_is_not()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();
        var taker = await scene.Taker();

        (await Add(taker, appeal, Sized(MostBytes), "Скан.png").Json(201))["size"]!.GetValue<int>().Should().Be(MostBytes);
        (await Add(taker, appeal, Sized(MostBytes + 1), "Скан.png").ProblemCode(413)).Should().Be("attachment-too-large");

        (await taker.GetAsync($"{AppealsPath}/{appeal}/attachments").Json()).Items().Should().ContainSingle();
        (await (await taker.GetAsync($"{AppealsPath}/{appeal}/attachments/1")).Content.ReadAsByteArrayAsync())
            .Should()
            .Equal(Sized(MostBytes));
    }

    [Fact]
    public async Task The_sixth_file_is_refused_and_of_ten_at_once_five_are_taken()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();
        var taker = await scene.Taker();

        var sent = new List<HttpStatusCode>();
        await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(async _ =>
                {
                    HttpResponseMessage answer;
                    do answer = await Patiently(() => Add(taker, appeal, Pdf, "Справка.pdf"));
                    while (await IsRace(answer));
                    lock (sent)
                        sent.Add(answer.StatusCode);
                })
        );

        sent.Count(status => status is HttpStatusCode.Created).Should().Be(5);
        (await Patiently(() => Add(taker, appeal, Pdf, "Справка.pdf")).ProblemCode(409)).Should().Be("attachments-full");
        (await Patiently(() => taker.GetAsync($"{AppealsPath}/{appeal}/attachments")).Json())
            .Items()
            .Select(each => each!["number"]!.GetValue<int>())
            .Should()
            .Equal(1, 2, 3, 4, 5);

        // Repeats a refused request, because an account may send only one file at a time and only a few requests a
        // second.
        static async Task<HttpResponseMessage> Patiently(Func<Task<HttpResponseMessage>> send)
        {
            while (true)
            {
                var answer = await send();
                if (answer.StatusCode is not HttpStatusCode.TooManyRequests)
                    return answer;
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }

        static async Task<bool> IsRace(HttpResponseMessage answer) =>
            answer.StatusCode is HttpStatusCode.Conflict
            && (await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>() == "appeal-changed";
    }

    [Fact]
    public async Task The_commission_looks_at_the_file_without_its_name_and_strangers_at_nothing()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();
        await Add(await scene.Taker(), appeal, Pdf, "Справка Тайновой.pdf").Json(201);
        var stranger = await scene.Scene.Taker(await scene.Scene.Person());

        (await scene.Chair.GetAsync($"{AppealsPath}/{appeal}/attachments").Json()).Items()[0]!["name"]!
            .GetValue<string>()
            .Should()
            .Be("Приложение 1.pdf");
        (await scene.Chair.GetAsync($"{AppealsPath}/{appeal}/attachments/1"))
            .Content.Headers.ContentDisposition!.FileNameStar.Should()
            .Be("Приложение 1.pdf");
        (await service.Admin.GetAsync($"{AppealsPath}/{appeal}/attachments").Json()).Items()[0]!["name"]!
            .GetValue<string>()
            .Should()
            .Be("Справка Тайновой.pdf");
        foreach (var path in new[] { "attachments", "attachments/1" })
            (await stranger.GetAsync($"{AppealsPath}/{appeal}/{path}").ProblemCode(404)).Should().Be("appeal-not-found");
        (await Add(stranger, appeal, Pdf, "Чужое.pdf").ProblemCode(404)).Should().Be("appeal-not-found");
        (await Add(scene.Chair, appeal, Pdf, "Своё.pdf"))
            .StatusCode.Should()
            .Be(HttpStatusCode.Forbidden, "the commission adds nothing of its own");
    }

    [Fact]
    public async Task Looks_of_others_are_in_the_audit_and_nothing_personal_is_there()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();
        await Add(await scene.Taker(), appeal, Pdf, "Справка Тайновой.pdf").Json(201);
        await (await scene.Taker()).GetAsync($"{AppealsPath}/{appeal}/attachments/1");
        await scene.Chair.GetAsync($"{AppealsPath}/{appeal}/attachments/1");

        var trail = await scene.Scene.Database.Read(db =>
            db.Query<(string Action, string? Details)>(
                "SELECT action, details FROM audit_entries WHERE subject = @subject ORDER BY number",
                new { subject = $"appeal:{appeal:D}" }
            )
        );

        trail.Select(entry => entry.Action).Should().Equal("appeal.filed", "appeal.attached", "appeal.attachment-viewed");
        JsonNode
            .Parse(trail[1].Details!)!
            .ToJsonString()
            .Should()
            .Be($$"""{"mediaType":"application/pdf","number":1,"size":{{Pdf.Length}}}""");
        string.Concat(trail.Select(entry => entry.Details)).Should().NotContain("Тайнов").And.NotContain("Справка");
        (await scene.Proceedings(appeal)).ToJsonString().Should().NotContain("Справка");
    }

    [Fact]
    public async Task With_the_person_the_files_are_erased()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();
        await Add(await scene.Taker(), appeal, Pdf, "Справка Тайновой.pdf").Json(201);

        await service.Admin.DeleteAsync($"/api/v1/people/{scene.Person}").Json(204);

        (await service.Admin.GetAsync($"{AppealsPath}/{appeal}/attachments").Json()).Items().Should().BeEmpty();
        (await service.Admin.GetAsync($"{AppealsPath}/{appeal}/attachments/1").ProblemCode(404)).Should().Be("attachment-not-found");
        foreach (var table in new[] { "appeal_attachments", "appeal_attachment_contents" })
            (
                await scene.Scene.Database.Read(db =>
                    db.Value<int>($"SELECT COUNT(*) FROM {table} WHERE appeal_id = @appeal", new { appeal })
                )
            )
                .Should()
                .Be(0);
    }

    [Fact]
    public async Task To_a_closed_appeal_nothing_is_added_and_the_head_of_the_site_adds_to_one_about_the_order()
    {
        var scene = await AppealScene.Make(service, publish: false);
        var (head, headId) = await scene.Scene.Newcomer();
        await scene.Scene.Database.Write(db =>
            AccountStore.AddGrant(
                db,
                Guid.CreateVersion7(),
                headId,
                new Grant(Role.SiteHead, GrantScope.Site, scene.Scene.SiteId.ToString("D")),
                "test",
                service.Clock.GetCurrentInstant()
            )
        );
        var appeal = (await scene.FileProcedural().Json(201))["id"]!.GetValue<Guid>();

        await Add(head, appeal, Jpeg, "Акт площадки.jpg").Json(201);
        await Do(await scene.Taker(), appeal, "withdrawal").Json();

        (await Add(await scene.Taker(), appeal, Pdf, "Поздно.pdf").ProblemCode(409)).Should().Be("appeal-state");
    }

    [Fact]
    public async Task A_file_sent_again_under_its_key_is_added_once()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();
        var taker = await scene.Taker();

        foreach (var replayed in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{AppealsPath}/{appeal}/attachments?name=a.pdf")
            {
                Content = Body(Pdf, "application/pdf"),
            };
            request.Headers.Add("Idempotency-Key", "once");
            var answer = await taker.SendAsync(request);
            (answer.StatusCode, answer.Headers.Contains("Idempotent-Replayed")).Should().Be((HttpStatusCode.Created, replayed));
        }

        (await taker.GetAsync($"{AppealsPath}/{appeal}/attachments").Json()).Items().Should().ContainSingle();
    }

    private static byte[] Sized(int bytes)
    {
        var content = new byte[bytes];
        Png.CopyTo(content, 0);
        return content;
    }

    private static Task<HttpResponseMessage> Add(
        HttpClient by,
        Guid appeal,
        byte[] content,
        string name,
        string mediaType = "application/octet-stream"
    ) => by.PostAsync($"{AppealsPath}/{appeal}/attachments?name={Uri.EscapeDataString(name)}", Body(content, mediaType));

    private static ByteArrayContent Body(byte[] content, string mediaType) => new(content) { Headers = { ContentType = new(mediaType) } };
}
