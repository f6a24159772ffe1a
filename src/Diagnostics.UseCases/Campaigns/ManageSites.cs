using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A place where people take diagnostics («ППД»).</summary>
/// <param name="Code">The operator's own code for the site; unique.</param>
/// <param name="Territory">Code of the municipality.</param>
/// <param name="TimeZone">IANA name of the time zone in which the site's deadlines are counted, e.g.
/// <c>Europe/Moscow</c>.</param>
/// <param name="Seats">Number of workplaces, 1–10,000; each person has a separate one (clause 7.1.3).</param>
public sealed record SiteRequest(string Code, string Name, string Address, string Territory, string TimeZone, int Seats);

/// <summary>A stored site.</summary>
/// <param name="Revision">Revision of the site; it is also the ETag.</param>
public sealed record SiteView(Guid Id, string Code, string Name, string Address, string Territory, string TimeZone, int Seats, int Revision)
{
    internal static SiteView Of(SiteRow row) =>
        new(row.Id, row.Code, row.Name, row.Address, row.Territory, row.TimeZone, row.Seats, row.Revision);

    internal static async Task<SiteView> Stored(Db db, Guid id) => Of((await SiteStore.Find(db, id))!);
}

internal static class SiteRules
{
    private const int MaxSeats = 10_000;

    /// <summary>Operators manage the sites in their own territory.</summary>
    internal static readonly AccessRule Keepers = AccessRule.Of(Role.Operator.OfTerritory());

    internal static readonly AccessRule Readers = AccessRule
        .Of(Role.Operator, Role.SiteHead, Role.Invigilator, Role.Participant)
        .Or(Clients.EnrolPeople);

    internal static readonly Refusal NotYours = Refusal.Forbidden("not-your-territory", "Площадки этой территории ведёт другой оператор.");

    internal static Refusal CodeTaken(SiteRequest request) =>
        Refusal.Conflict("site-code-taken", $"Площадка с кодом «{request.Code.Trim()}» уже есть.").With("field", "code");

    internal static Refusal? Check(SiteRequest request) =>
        TextRules.Check("code", request.Code, 50)
        ?? TextRules.Check("name", request.Name, 300)
        ?? TextRules.Check("address", request.Address, 500)
        ?? TextRules.Check("territory", request.Territory, 100)
        ?? TextRules.Check("timeZone", request.TimeZone, 100)
        ?? (
            DateTimeZoneProviders.Tzdb.GetZoneOrNull(request.TimeZone) is null
                ? Refusal
                    .Invalid("time-zone-unknown", $"Часового пояса «{request.TimeZone}» нет; пример: Europe/Moscow.")
                    .With("field", "timeZone")
                : null
        )
        ?? (
            request.Seats is < 1 or > MaxSeats
                ? Refusal.Invalid("seats-invalid", $"seats — целое число от 1 до {MaxSeats}.").With("field", "seats")
                : null
        );

    internal static SiteRow RowOf(Guid id, SiteRequest request) =>
        new()
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

internal sealed class ListSites(Executor executor) : UseCase<ListSites.Request, Page<SiteView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListSites), SiteRules.Readers, Trail.None);

    internal sealed record Request(string? Territory, Guid? After, int? Limit);

    protected override Task<Result<Page<SiteView>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var rows = await SiteStore.List(db, request.Territory, request.After, Page<SiteView>.Take(request.Limit));
            return Page<SiteView>.Of(rows.Select(SiteView.Of).ToList(), request.Limit, site => site.Id.ToString("D"));
        });
}

internal sealed class GetSite(Executor executor) : UseCase<Guid, SiteView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetSite), SiteRules.Readers, Trail.None);

    protected override Task<Result<SiteView>> Handle(Guid siteId, Caller caller) =>
        Read(async db => await SiteStore.Find(db, siteId) is { } row ? SiteView.Of(row) : CampaignRefusals.NoSite);
}

internal sealed class AddSite(Executor executor) : UseCase<SiteRequest, SiteView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(AddSite), SiteRules.Keepers, Trail.Writes("site.added"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<SiteView>> Handle(SiteRequest request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (SiteRules.Check(request) is { } refusal)
                    return refusal;
                if (!Reaches(caller, new Target { Territory = request.Territory }))
                    return SiteRules.NotYours;
                var now = Now;
                var site = SiteRules.RowOf(Guid.CreateVersion7(now.ToDateTimeOffset()), request);
                if (!await SiteStore.Add(db, site))
                    return SiteRules.CodeTaken(request);
                await AuditStore.Append(db, now, caller.Id, "site.added", $"site:{site.Id:D}");
                return await SiteView.Stored(db, site.Id);
            }
        );
}

internal sealed class UpdateSite(Executor executor) : UseCase<UpdateSite.Request, SiteView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(UpdateSite), SiteRules.Keepers, Trail.Writes("site.changed"))
    {
        NeedsRevision = true,
    };

    /// <param name="Revision">Revision on which the edit is based.</param>
    internal sealed record Request(Guid SiteId, SiteRequest Site, int Revision);

    protected override Task<Result<SiteView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (siteId, site, revision) = request;
                if (SiteRules.Check(site) is { } refusal)
                    return refusal;
                if (await SiteStore.Find(db, siteId) is not { } known)
                    return CampaignRefusals.NoSite;
                // Only an operator of both territories may move a site from one to the other.
                if (
                    !Reaches(caller, new Target { Territory = known.Territory })
                    || !Reaches(caller, new Target { Territory = site.Territory })
                )
                    return SiteRules.NotYours;
                if (known.Revision != revision)
                    return Revisions.Stale(known.Revision);
                if (await SiteStore.CodeTaken(db, site.Code, siteId))
                    return SiteRules.CodeTaken(site);
                if (await SiteStore.HighestSeatTaken(db, siteId) is { } seat && seat > site.Seats)
                    return Refusal
                        .Conflict("seats-taken", $"Место {seat} на этой площадке уже отдано участнику: мест не может стать меньше.")
                        .With("field", "seats")
                        .With("highestTaken", seat);
                var ahead = (await SittingStore.Ahead(db, siteId, Now))
                    .Select(each => new TakenPlaces(each.StartsAt, each.EndsAt, each.Seats))
                    .ToList();
                if (SittingTimes.Peak(ahead) is var needed && needed > site.Seats)
                    return Refusal
                        .Conflict(
                            "seats-planned",
                            $"На этой площадке назначены проведения на {needed} мест сразу: мест не может стать меньше."
                        )
                        .With("field", "seats")
                        .With("needed", needed);
                if (site.TimeZone != known.TimeZone && await SiteStore.IsInLiveCampaign(db, siteId))
                    return Refusal
                        .Conflict(
                            "site-in-use",
                            "Площадкой пользуется объявленное мероприятие: сроки людям названы по её часовому поясу, и он не меняется."
                        )
                        .With("field", "timeZone");
                if (!await SiteStore.Update(db, SiteRules.RowOf(siteId, site), revision))
                    return Revisions.Stale(known.Revision);
                await AuditStore.Append(db, Now, caller.Id, "site.changed", $"site:{siteId:D}", new { revision = revision + 1 });
                return await SiteView.Stored(db, siteId);
            }
        );
}

internal sealed class DeleteSite(Executor executor) : UseCase<Guid, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(DeleteSite), SiteRules.Keepers, Trail.Writes("site.deleted"));

    protected override Task<Result<Done>> Handle(Guid siteId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await SiteStore.Find(db, siteId) is not { } known)
                    return CampaignRefusals.NoSite;
                if (!Reaches(caller, new Target { Territory = known.Territory }))
                    return SiteRules.NotYours;
                if (!await SiteStore.Delete(db, siteId))
                    return Refusal.Conflict("site-in-use", "Площадкой пользуется мероприятие: её нельзя удалить.");
                await AuditStore.Append(db, Now, caller.Id, "site.deleted", $"site:{siteId:D}", new { known.Code });
                return default(Done);
            }
        );
}
