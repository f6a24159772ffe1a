using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.SiteDays;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Sessions;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>Scans of open answers on paper: who adds them, what is left of the files, and who sees them.</summary>
public sealed class PaperScanTests : IAsyncLifetime
{
    private readonly TestService service = new();

    private SiteDayScene scene = null!;
    private HttpClient staff = null!;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        scene = await SiteDayScene.Make(service);
        (_, staff) = await scene.Staff("invigilator");
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Each_kind_of_file_keeps_its_picture_and_loses_what_it_says_of_people_places_and_times()
    {
        var (session, sheet) = await Collected();
        var kinds = new[] { (ScanFiles.Jpeg(6), "image/jpeg"), (ScanFiles.Png(), "image/png"), (ScanFiles.Pdf(2), "application/pdf") };
        foreach (var ((file, type), at) in kinds.Select((kind, at) => (kind, at)))
        {
            Encoding.Latin1.GetString(file).Should().Contain(ScanFiles.Canary);
            var added = await Add(session, sheet, file).Json(201);
            (added["number"]!.GetValue<int>(), added["mediaType"]!.GetValue<string>()).Should().Be((at + 1, type));

            using var seen = await staff.GetAsync($"{Path(session)}/{added["slot"]}/{at + 1}");

            var content = await seen.Content.ReadAsByteArrayAsync();
            content.Length.Should().Be(added["size"]!.GetValue<int>());
            Encoding.Latin1.GetString(content).Should().NotContain(ScanFiles.Canary).And.NotContain("2026");
            seen.Content.Headers.ContentType!.MediaType.Should().Be(type);
            seen.Content.Headers.ContentDisposition!.DispositionType.Should().Be(type == "application/pdf" ? "attachment" : "inline");
            seen.Content.Headers.ContentDisposition.FileNameStar.Should().StartWith($"Скан {at + 1}.");
            seen.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
            seen.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("sandbox").And.Contain("default-src 'none'");
        }
        var pdf = await staff.GetByteArrayAsync($"{Path(session)}/{await Slot(session)}/3");
        Encoding.Latin1.GetString(pdf).Should().StartWith("%PDF-").And.Contain("/DCTDecode").And.NotContain("JavaScript");
    }

    [Fact]
    public async Task What_is_no_scan_is_refused_and_leaves_nothing()
    {
        var (session, sheet) = await Collected();
        (await Add(session, sheet, []).ProblemCode(422)).Should().Be("scan-kind");
        (await Add(session, sheet, "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray(), "image/png").ProblemCode(422))
            .Should()
            .Be("scan-kind");
        (await Add(session, sheet, "MZ"u8.ToArray(), "application/pdf").ProblemCode(422)).Should().Be("scan-kind");
        (await Add(session, sheet, [.. ScanFiles.PlainJpeg, .. new byte[5 * 1024 * 1024]]).ProblemCode(413)).Should().Be("scan-too-large");
        (await Add(session, sheet, ScanFiles.PlainJpeg[..^30]).ProblemCode(422)).Should().Be("scan-broken");
        (await Add(session, sheet, ScanFiles.PngOf(100, 100, 1 << 26)).ProblemCode(422)).Should().Be("scan-broken");
        (await Add(session, sheet, ScanFiles.Pdf(9)).ProblemCode(422)).Should().Be("scan-pages");
        foreach (var harmful in HarmfulDocuments())
            (await Add(session, sheet, harmful).ProblemCode(422)).Should().Be("scan-broken");

        (await staff.GetAsync(Path(session)).Json()).Items().Should().BeEmpty();
        (await Rows("paper_scan_contents")).Should().Be(0);
    }

    [Fact]
    public async Task The_code_says_whose_answer_it_is_and_the_fifth_scan_is_refused()
    {
        var (session, sheet) = await Collected();
        var (other, foreign) = await Collected();
        (await Add(session, foreign, ScanFiles.PlainPng).ProblemCode(422)).Should().Be("sheet-of-another-person");
        (await Add(session, sheet[..^1] + (sheet[^1] == '2' ? '3' : '2'), ScanFiles.PlainPng).ProblemCode(422))
            .Should()
            .Be("sheet-code-mistyped");
        (await Add(session, (await Sheets(session))[1], ScanFiles.PlainPng).ProblemCode(422)).Should().Be("sheet-without-open-answer");
        for (var scan = 1; scan <= 4; scan++)
            await Add(session, sheet, ScanFiles.PlainPng).Json(201);
        (await Add(session, sheet, ScanFiles.PlainPng).ProblemCode(409)).Should().Be("scans-full");

        var slot = await Slot(session);
        (await staff.PostAsJsonAsync($"{Path(session)}/{slot}/2/withdrawal", new { })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await staff.GetAsync($"{Path(session)}/{slot}/2").ProblemCode(404)).Should().Be("scan-not-found");
        (await Add(session, sheet, ScanFiles.PlainPng).Json(201))["number"]!.GetValue<int>().Should().Be(5, "no number is given twice");
        (await staff.GetAsync(Path(session)).Json()).Items().Select(scan => scan!["number"]!.GetValue<int>()).Should().Equal(1, 3, 4, 5);
        (await staff.GetAsync(Path(other)).Json()).Items().Should().BeEmpty();
    }

    [Fact]
    public async Task Others_add_see_and_take_back_nothing()
    {
        var (session, sheet) = await Collected();
        await Add(session, sheet, ScanFiles.PlainPng).Json(201);
        var slot = await Slot(session);
        var elsewhere = await scene.Region.AddSite();
        var (_, stranger) = await scene.Staff("site_head", elsewhere);
        var (_, taker) = await scene.Region.Person();
        foreach (var client in new[] { stranger, taker })
        {
            (await Add(session, sheet, ScanFiles.PlainPng, by: client))
                .StatusCode.Should()
                .BeOneOf(HttpStatusCode.NotFound, HttpStatusCode.Forbidden);
            foreach (var path in new[] { "", $"/{slot}/1" })
                (await client.GetAsync(Path(session) + path))
                    .StatusCode.Should()
                    .BeOneOf(HttpStatusCode.NotFound, HttpStatusCode.Forbidden);
            (await client.PostAsJsonAsync($"{Path(session)}/{slot}/1/withdrawal", new { }))
                .StatusCode.Should()
                .BeOneOf(HttpStatusCode.NotFound, HttpStatusCode.Forbidden);
        }
        (await staff.GetAsync(Path(session)).Json()).Items().Should().ContainSingle();
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_half()
    {
        var (session, sheet) = await Collected();
        using var gone = new CancellationTokenSource();
        var sent = staff.PostAsync($"{Path(session)}?sheet={sheet}", new BrokenOff(gone), gone.Token);
        await FluentActions.Awaiting(() => sent).Should().ThrowAsync<Exception>();

        (await staff.GetAsync(Path(session)).Json()).Items().Should().BeEmpty();
        (await Rows("paper_scans")).Should().Be(0);
        await Add(session, sheet, ScanFiles.PlainPng).Json(201);
        (await Rows("paper_scan_contents")).Should().Be(1);
    }

    [Fact]
    public async Task An_answer_that_stands_only_on_a_scan_goes_to_experts_alone_and_is_erased_with_the_person()
    {
        var (session, sheet) = await Collected();
        await Add(session, sheet, ScanFiles.Jpeg()).Json(201);
        var slot = await Slot(session);
        foreach (var number in new[] { 1, 2 })
        {
            var (_, client) = await scene.Region.Staff(new { role = "operator", scope = "all" });
            var paper = await client.GetAsync($"{V1}/sessions/{session}/paper").Json();
            paper["scans"]!.AsArray().Should().ContainSingle();
            var answers = paper["items"]!.AsArray().Select(item => new { slot = item!["slot"]!.GetValue<int>(), response = (object?)null });
            var entered = await client
                .PostAsJsonAsync($"{V1}/sessions/{session}/paper/entries", new { sheets = (await Sheets(session))[1..], answers })
                .Json();
            entered["stage"]!.GetValue<string>().Should().Be(number == 1 ? "entered_once" : "entered");
        }
        (await Add(session, sheet, ScanFiles.PlainPng).ProblemCode(409)).Should().Be("paper-entered");
        await service.Services.GetRequiredService<ScoringWorker>().ScoreDue(CancellationToken.None);

        var tasks = await scene.Database.Read(db =>
            db.Query<string>(
                "SELECT state || ' ' || CAST(slot AS TEXT) || ' ' || likeness FROM marking_tasks WHERE session_id = @session",
                new { session }
            )
        );
        tasks.Should().Equal($"waiting {slot} ");

        var person = await scene.Database.Read(db =>
            db.Value<Guid>("SELECT participant_id FROM sessions WHERE id = @session", new { session })
        );
        await scene.Database.Write(async db =>
        {
            await Scans.AfterErasure(db, person, service.Clock.GetCurrentInstant(), "test");
            return default(Engine.Done);
        });
        (await Rows("paper_scan_contents")).Should().Be(0);
        (await Rows("paper_scans")).Should().Be(1);
        (await staff.GetAsync($"{Path(session)}/{slot}/1").ProblemCode(410)).Should().Be("scan-erased");
    }

    /// <summary>Documents that would overwhelm a reader, by their depth or by what they unpack to.</summary>
    private static IEnumerable<byte[]> HarmfulDocuments()
    {
        yield return Encoding.Latin1.GetBytes("%PDF-1.4\n1 0 obj\n" + new string('[', 1_000_000));
        var bomb = ScanFiles.PngOf(1, 1, 1 << 26);
        var packed = bomb[(bomb.AsSpan().IndexOf("IDAT"u8) + 4)..^16];
        foreach (var kind in new[] { "/Type /ObjStm", "/Type /Obj#53tm /Subtype /Image", "/Type /XRef" })
            yield return
            [
                .. Encoding.Latin1.GetBytes(
                    $"%PDF-1.5\n1 0 obj\n<< {kind} /N 1 /First 4 /Filter /FlateDecode /Length {packed.Length} >>\nstream\n"
                ),
                .. packed,
                .. "\nendstream\nendobj\nstartxref\n9\n%%EOF"u8,
            ];
        yield return "%PDF-1.4\n"u8.ToArray();
        yield return ScanFiles.Pdf()[..900];
    }

    private static string Path(Guid session) => $"{V1}/sessions/{session}/paper/scans";

    private async Task<string[]> Sheets(Guid session) =>
        (await staff.GetAsync(scene.Path("/paper")).Json())["works"]!
            .AsArray()
            .Single(work => work!["sessionId"]!.GetValue<Guid>() == session)!["sheets"]!
            .AsArray()
            .Select(sheet => sheet!["code"]!.GetValue<string>())
            .ToArray();

    private async Task<int> Slot(Guid session) =>
        (await staff.GetAsync(scene.Path("/paper")).Json())["works"]!
            .AsArray()
            .Single(work => work!["sessionId"]!.GetValue<Guid>() == session)!["sheets"]![2]!["slot"]!.GetValue<int>();

    /// <summary>A session whose sheets are with the site, and the code of its first sheet for an open answer.</summary>
    private async Task<(Guid Session, string Sheet)> Collected()
    {
        var taker = await scene.Taker();
        await scene.Admin.PostAsJsonAsync(scene.Path("/paper"), new { sessions = new[] { taker.Session } }).Json();
        await scene.Move(taker.Session, "admission");
        await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{taker.Session}/paper/start", new { }).Json();
        var sheets = await Sheets(taker.Session);
        await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{taker.Session}/paper/collection", new { sheets }).Json();
        return (taker.Session, sheets[2]);
    }

    private async Task<HttpResponseMessage> Add(
        Guid session,
        string sheet,
        byte[] file,
        string type = "application/octet-stream",
        HttpClient? by = null
    )
    {
        using var body = new ByteArrayContent(file);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await (by ?? staff).PostAsync($"{Path(session)}?sheet={sheet}", body);
    }

    private Task<int> Rows(string table) => scene.Database.Read(db => db.Value<int>($"SELECT COUNT(*) FROM {table}"));

    /// <summary>Sends half of a file, and then the sender is gone.</summary>
    private sealed class BrokenOff(CancellationTokenSource gone) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(ScanFiles.PlainJpeg.AsMemory(0, 300));
            await stream.FlushAsync();
            await gone.CancelAsync();
            throw new IOException("The cable is out.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = ScanFiles.PlainJpeg.Length;
            return true;
        }
    }
}
