using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>Where diagnostics are sat (ППД).</summary>
/// <param name="Code">The operator's own number of the site, unique.</param>
/// <param name="Territory">Code of the municipality.</param>
/// <param name="TimeZone">IANA name, e.g. <c>Europe/Moscow</c>: deadlines of the site are counted in it.</param>
/// <param name="Seats">Workplaces, 1–10,000; each person has one of their own (clause 7.1.3).</param>
public sealed record SiteRequest(string Code, string Name, string Address, string Territory, string TimeZone, int Seats);

/// <summary>A site as stored.</summary>
/// <param name="Revision">Also the ETag.</param>
public sealed record SiteView(Guid Id, string Code, string Name, string Address, string Territory, string TimeZone, int Seats, int Revision)
{
    internal static SiteView Of(SiteRow row) => new(row.Id, row.Code, row.Name, row.Address, row.Territory, row.TimeZone, row.Seats, row.Revision);
}

/// <summary>Sites: an operator keeps those of own territory.</summary>
internal static class ManageSites
{
    private const int MaxSeats = 10_000;
    private static readonly AccessRule Keepers = AccessRule.Of(Role.Operator);
    private static readonly AccessRule Readers = AccessRule.Of(Role.Operator, Role.SiteHead, Role.Invigilator, Role.Participant).Or(Clients.EnrolPeople);
    private static readonly Refusal NotYours = Refusal.Forbidden("not-your-territory", "Площадки этой территории ведёт другой оператор.");

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var sites = routes.MapGroup("/sites").WithTags("Campaigns");
        sites.MapGet("/", List).WithName("ListSites").WithSummary("Площадки проведения диагностики").AllowedTo(Readers);
        sites.MapGet("/{siteId:guid}", Read).WithName("GetSite").WithSummary("Площадка").AllowedTo(Readers);
        sites.MapPost("/", Add).WithName("AddSite").WithSummary("Добавить площадку").AllowedTo(Keepers).Idempotent();
        sites.MapPut("/{siteId:guid}", Update).WithName("UpdateSite").WithSummary("Изменить площадку").AllowedTo(Keepers).NeedsIfMatch();
        sites.MapDelete("/{siteId:guid}", Delete).WithName("DeleteSite").WithSummary("Удалить площадку, которой не пользовалось ни одно мероприятие").AllowedTo(Keepers);
    }

    private static async Task<Ok<Page<SiteView>>> List(Transactions transactions, string? territory, Guid? after, int? limit)
    {
        var rows = await transactions.Read(db => SiteStore.List(db, territory, after, Page<SiteView>.Take(limit)));
        return TypedResults.Ok(Page<SiteView>.Of(rows.Select(SiteView.Of).ToList(), limit, site => site.Id.ToString("D")));
    }

    private static Task<Results<Ok<SiteView>, ProblemHttpResult>> Read(Guid siteId, Transactions transactions, HttpContext http) =>
        transactions.Read<Result<SiteView>>(async db => await SiteStore.Find(db, siteId) is { } row ? SiteView.Of(row) : CampaignRefusals.NoSite)
            .OkWithTag(http, site => site.Revision);

    private static Task<Results<Created<SiteView>, ProblemHttpResult>> Add(SiteRequest request, Caller caller, Transactions transactions, IClock clock, HttpContext http) =>
        transactions.Write<Result<SiteView>>(async db =>
        {
            if (Check(request) is { } refusal) return refusal;
            if (!caller.OperatesTerritory(request.Territory)) return NotYours;
            var now = clock.GetCurrentInstant();
            var site = RowOf(Guid.CreateVersion7(now.ToDateTimeOffset()), request);
            if (!await SiteStore.Add(db, site)) return CodeTaken(request);
            await AuditStore.Append(db, now, caller.Id, "site.added", $"site:{site.Id:D}");
            return await Stored(db, site.Id);
        }).CreatedWithTag(http, site => $"/api/v1/sites/{site.Id:D}", site => site.Revision);

    private static Task<Results<Ok<SiteView>, ProblemHttpResult>> Update(
        Guid siteId, SiteRequest request, IfMatch match, Caller caller, Transactions transactions, IClock clock, HttpContext http) =>
        transactions.Write<Result<SiteView>>(async db =>
        {
            if (Check(request) is { } refusal) return refusal;
            if (await SiteStore.Find(db, siteId) is not { } known) return CampaignRefusals.NoSite;
            if (!caller.OperatesTerritory(known.Territory) || !caller.OperatesTerritory(request.Territory)) return NotYours;
            if (known.Revision != match.Revision) return ETags.Stale(known.Revision);
            if (await SiteStore.CodeTaken(db, request.Code, siteId)) return CodeTaken(request);
            if (!await SiteStore.Update(db, RowOf(siteId, request), match.Revision)) return ETags.Stale(known.Revision);
            await AuditStore.Append(db, clock.GetCurrentInstant(), caller.Id, "site.changed", $"site:{siteId:D}", new { revision = match.Revision + 1 });
            return await Stored(db, siteId);
        }).OkWithTag(http, site => site.Revision);

    private static Task<Results<NoContent, ProblemHttpResult>> Delete(Guid siteId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<Done>>(async db =>
        {
            if (await SiteStore.Find(db, siteId) is not { } known) return CampaignRefusals.NoSite;
            if (!caller.OperatesTerritory(known.Territory)) return NotYours;
            if (!await SiteStore.Delete(db, siteId)) return Refusal.Conflict("site-in-use", "Площадкой пользуется мероприятие: её нельзя удалить.");
            await AuditStore.Append(db, clock.GetCurrentInstant(), caller.Id, "site.deleted", $"site:{siteId:D}", new { known.Code });
            return default(Done);
        }).NoContent();

    private static Refusal? Check(SiteRequest request) =>
        TextRules.Check("code", request.Code, 50) ?? TextRules.Check("name", request.Name, 300) ?? TextRules.Check("address", request.Address, 500)
        ?? TextRules.Check("territory", request.Territory, 100) ?? TextRules.Check("timeZone", request.TimeZone, 100)
        ?? (DateTimeZoneProviders.Tzdb.GetZoneOrNull(request.TimeZone) is null
            ? Refusal.Invalid("time-zone-unknown", $"Часового пояса «{request.TimeZone}» нет; пример: Europe/Moscow.").With("field", "timeZone") : null)
        ?? (request.Seats is < 1 or > MaxSeats ? Refusal.Invalid("seats-invalid", $"seats — целое число от 1 до {MaxSeats}.").With("field", "seats") : null);

    private static Refusal CodeTaken(SiteRequest request) => Refusal.Conflict("site-code-taken", $"Площадка с кодом «{request.Code.Trim()}» уже есть.").With("field", "code");

    private static async Task<SiteView> Stored(Db db, Guid id) => SiteView.Of((await SiteStore.Find(db, id))!);

    private static SiteRow RowOf(Guid id, SiteRequest request) => new()
    {
        Id = id,
        Code = request.Code.Trim(),
        Name = request.Name.Trim(),
        Address = request.Address.Trim(),
        Territory = request.Territory.Trim(),
        TimeZone = request.TimeZone,
        Seats = request.Seats,
    };
}
