using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Audit;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.Server.Pages.Audit;

/// <summary>The auditor's pages: the trail, and whether it is intact.</summary>
internal static class AuditPages
{
    private const string PastKey = "past";
    private const string UntilKey = "until";

    /// <summary>How many entries a file may have.</summary>
    private const int MostInFile = 100_000;

    private static readonly string[] Asked = ["who", "action", "subject", "from", "to"];

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Table<NamedAuditRecord> Trail = new(
        "audit",
        "Записи журнала",
        [
            new("number", "№", entry => TableCell.Of((decimal)entry.Record.Number, 0)) { Numeric = true },
            new("at", "Когда (МСК)", entry => TableCell.At(entry.Record.At, Dates.Moscow)) { Unsorted = true },
            new(
                "actor",
                "Кто",
                entry => TableCell.Of(entry.ActorName ?? entry.Record.Actor).To($"/audit?who={Uri.EscapeDataString(entry.Record.Actor)}")
            )
            {
                Unsorted = true,
            },
            new("deed", "Действие", entry => TableCell.Of(entry.Record.Action)) { Unsorted = true },
            new(
                "object",
                "С чем",
                entry => TableCell.Of(entry.Record.Subject).To($"/audit?subject={Uri.EscapeDataString(entry.Record.Subject)}")
            )
            {
                Unsorted = true,
            },
            new("details", "Подробности", DetailsOf) { Unsorted = true },
        ]
    )
    {
        Keeps = Asked,
        FirstSort = "-number",
        Empty = "Таких записей в журнале нет.",
    };

    private static readonly AccessRule ListMyLooks = AccessRule.Of(Role.Participant.OfOwn());

    private static TableCell DetailsOf(NamedAuditRecord entry) =>
        entry.Record.Details?.ToJsonString(Readable) is { } details
            ? TableCell
                .Of(details)
                .With(builder =>
                {
                    builder.OpenElement(0, "code");
                    builder.AddAttribute(1, "class", "table-code");
                    builder.AddContent(2, details);
                    builder.CloseElement();
                })
            : TableCell.None;

    internal static void MapAuditPages(this IEndpointRouteBuilder pages)
    {
        pages.Page("/account/looks", ShowLooks).AllowedTo(ListMyLooks);
        pages.Page("/audit", ShowTrail).AllowedTo(SearchAudit.Access);
        pages
            .Page("/audit/verification", () => PageAnswer.Of<VerificationPage>(new VerificationPage.Facts(null)))
            .AllowedTo(VerifyAudit.Operation.Access);
        pages.Form("/audit/verification", Verify, VerifyAudit.Operation.Access).OneAtATime();
    }

    private static async Task<IResult> ShowTrail(HttpContext http, SearchAudit search)
    {
        var asked = Asked.ToDictionary(name => name, name => http.Request.Query[name].ToString().Trim());
        var inFile = TableFile.FormatOf(http.Request.Query[Table<NamedAuditRecord>.FileKey]) is not null;
        var errors = new List<ErrorSummary.Line>();
        var query = new AuditQuery(
            Text("who"),
            Text("action"),
            Text("subject"),
            Moment("from", TypedTime.From),
            Moment("to", TypedTime.To)
        );
        if (errors.Count > 0)
            return PageAnswer.Of<AuditPage>(new AuditPage.Facts(asked, null, null, null, errors), StatusCodes.Status422UnprocessableEntity);
        var part = new AuditPart(
            Descending: http.Request.Query["sort"] != "number",
            Past: Number(PastKey),
            Until: Number(UntilKey),
            Size: inFile ? MostInFile : Table<NamedAuditRecord>.PageSize
        );
        if (
            (await search.Run(query, inFile ? part with { Past = null, Until = null } : part, http.Caller())).Refused(
                out var refusal,
                out var found
            )
        )
            return PageAnswer.From(refusal);
        if (inFile && found.Behind)
            return PageAnswer.From(
                Refusal.Invalid(
                    "too-many",
                    "В отборе больше 100\u00A0000 записей: в файл столько не поместится. Сузьте время и скачайте частями."
                )
            );
        return Trail.File(http.Request, found.Records)
            ?? PageAnswer.Of<AuditPage>(
                new AuditPage.Facts(
                    asked,
                    Trail.View(http.Request, found.Records) with
                    {
                        Found = found.Found,
                    },
                    found.Before ? Beside(UntilKey, found.Records is [var first, ..] ? first.Record.Number : part.Past + 1) : null,
                    found.Behind ? Beside(PastKey, found.Records is [.., var last] ? last.Record.Number : part.Until - 1) : null,
                    errors
                )
            );

        string Beside(string key, long? number) =>
            new TableAddress("/audit", [.. asked.Where(pair => pair.Value.Length > 0), .. SortAsked()]).With(
                key,
                number?.ToString(CultureInfo.InvariantCulture)
            );

        IEnumerable<KeyValuePair<string, string>> SortAsked() => part.Descending ? [] : [KeyValuePair.Create("sort", "number")];

        long? Number(string name) =>
            long.TryParse(http.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        string? Text(string name) => asked[name] is { Length: > 0 } text ? text : null;

        Instant? Moment(string name, Func<string, string, Instant?> read)
        {
            if (Text(name) is not { } typed)
                return null;
            if (read(typed, Dates.Moscow) is { } at)
                return at;
            errors.Add(new(name, "Напишите время как 18.09.2026 или 18.09.2026 14:30."));
            return null;
        }
    }

    private static async Task<IResult> Verify(SentForm form, HttpContext http, VerifyAudit useCase) =>
        (await useCase.Run(default, http.Caller())).Refused(out var refusal, out var found)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<VerificationPage>(new VerificationPage.Facts(found));

    private static Task<IResult> ShowLooks(HttpContext http, long? after, ListLooks useCase) =>
        PageAnswer.Read<LooksPage, LooksPage.Facts>(
            http,
            async caller =>
                (await useCase.Run(new(caller.ParticipantId ?? Guid.Empty, after, 50), caller)).Map(page => new LooksPage.Facts(
                    page.Items,
                    after is not null,
                    page.Next
                ))
        );
}
