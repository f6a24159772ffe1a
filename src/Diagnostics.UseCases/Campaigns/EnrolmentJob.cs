using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Jobs;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Jobs;
using Diagnostics.UseCases.People;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// Enrols people row by row, each with the same code as a single call. A row that is refused leaves nothing behind. Checking a row,
/// for a dry run or before all rows are taken or none, does the row and undoes it, so a check knows everything that doing knows.
/// </summary>
internal sealed class EnrolmentJob(FileApplication applications) : JobKind(KindCode, "Запись людей и их заявлений", PeopleRights.Enrollers)
{
    internal const string KindCode = "enrolment";

    /// <param name="Parts">The number of parts in which the rows are kept.</param>
    internal sealed record Order(EnrolmentOptions Options, int Parts)
    {
        /// <summary>Whether all rows are checked before the first one is taken.</summary>
        internal bool ChecksFirst => Options is { AllOrNone: true, DryRun: false };
    }

    /// <summary>Where a slice begins.</summary>
    /// <param name="Checks">Whether the rows are checked before any is taken.</param>
    private sealed record Place(bool Checks, int Part, int Row)
    {
        internal static Place Of(string text) =>
            text.Split(':') is [var phase, var part, var row]
                ? new(phase == "check", Number(part), Number(row))
                : throw new FormatException($"«{text}» is no place of an enrolment.");

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Checks ? "check" : "write")}:{Part}:{Row}");

        private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    internal static bool MayApprove(Caller caller, Guid campaignId) =>
        ApproveApplication.Operation.Access.Covers(caller, new Target { Campaign = campaignId });

    internal override async Task<Result<JobStep>> Run(Db db, JobSlice slice)
    {
        var job = slice.Job;
        var order = JsonSerializer.Deserialize<Order>(job.Request, Json.Stored)!;
        var place = job.Place is { } known ? Place.Of(known) : new(order.ChecksFirst, 1, 0);
        var part = JsonSerializer.Deserialize<List<KeptRow>>((await JobStore.Part(db, job.Id, place.Part))!, Json.Stored)!;
        var rows = part.Skip(place.Row).Take(slice.Size).ToList();
        var tried = order.Options.DryRun || place.Checks;
        var sites = await Sites(db, order.Options, rows);
        var lines = new List<JobLineRow>(rows.Count);
        foreach (var row in rows)
            lines.AddRange(await Lines(db, order.Options, row, sites, slice, tried));
        if (place.Checks)
            lines.RemoveAll(line => line.Outcome != JobLines.Fault);
        var partIsDone = place.Row + rows.Count == part.Count;
        var next = partIsDone ? place with { Part = place.Part + 1, Row = 0 } : place with { Row = place.Row + rows.Count };
        var over = next.Part > order.Parts;
        if (over && place.Checks && job.Faults == 0 && lines.Count == 0)
            (next, over) = (new(false, 1, 0), false);
        if (partIsDone && !tried)
            await JobStore.DropPart(db, job.Id, place.Part);
        return new JobStep(next.ToString(), rows.Count, lines, over) { Rehearsed = tried };
    }

    private async Task<IEnumerable<JobLineRow>> Lines(
        Db db,
        EnrolmentOptions options,
        KeptRow row,
        IReadOnlyDictionary<string, Guid> sites,
        JobSlice slice,
        bool tried
    )
    {
        var person = new PersonRequest(
            Surname: row.Person.Surname ?? "",
            GivenName: row.Person.GivenName ?? "",
            Organisation: row.Person.Organisation ?? "",
            Territory: row.Person.Territory ?? "",
            Patronymic: row.Person.Patronymic,
            Email: row.Person.Email,
            Position: row.Person.Position,
            ExternalId: row.Person.ExternalId
        );
        var faults = person.Faults().ToList();
        if (row.Repeats is { } earlier)
            faults.Add(
                Refusal.Conflict("row-repeated", $"Человек с этим externalId уже есть в строке {earlier}.").With("field", "externalId")
            );
        if (SiteOf(options, row, sites).Refused(out var noSite, out var siteId))
            faults.Add(noSite);
        if (faults.Count > 0)
            return faults.Select(fault => JobLines.FaultOf(row.Person.Row, fault));
        var enrolled = await db.Part(() => Enrol(db, options, person, siteId, slice));
        if (enrolled.Refused(out var refusal, out var done))
            return [JobLines.FaultOf(row.Person.Row, refusal)];
        var subject = tried && done.IsNew ? null : $"person:{done.Person:D}";
        return [JobLines.Of(row.Person.Row, done.Changed ? JobLines.Done : JobLines.Unchanged, subject)];
    }

    private async Task<Result<(Guid Person, bool IsNew, bool Changed)>> Enrol(
        Db db,
        EnrolmentOptions options,
        PersonRequest person,
        Guid? siteId,
        JobSlice slice
    )
    {
        var (caller, now) = (slice.Caller, slice.Now);
        if (!Access.Covers(caller, new Target { Territory = person.Territory.Trim() }))
            return PeopleRefusals.OtherTerritory;
        if ((await Known(db, person, caller)).Refused(out var taken, out var known))
            return taken;
        if ((known ?? await Enrolment.Add(db, person, caller, now)) is not { } id)
            return PeopleRefusals.ExternalIdTaken;
        var changed = known is null;
        if (options.CampaignId is { } campaignId)
        {
            var application = await ApplicationStore.LiveOf(db, campaignId, id);
            if (application is null)
            {
                var asked = new ApplicationRequest(
                    siteId!.Value,
                    options.Consent!,
                    ParticipantId: id,
                    SittingId: options.SittingId,
                    DataProcessing: options.DataProcessing
                );
                if ((await applications.File(db, new(campaignId, asked), caller, now)).Refused(out var notFiled, out var filed))
                    return notFiled;
                (application, changed) = ((await ApplicationStore.Find(db, filed))!, true);
            }
            if (options.Approve && application.State is ApplicationStatus.Submitted)
            {
                if (!MayApprove(caller, campaignId))
                    return CampaignRefusals.NotYours;
                if ((await Approval.Give(db, application, new(), caller.Id, now)).Refused(out var notApproved, out _))
                    return notApproved;
                changed = true;
            }
        }
        return (id, known is null, changed);
    }

    /// <summary>
    /// The person of the row, if enrolled before: by the external id or, without one, by the name and the place of work. An
    /// external id that belongs to a person of another name is refused, because one of the two is wrong.
    /// </summary>
    private async Task<Result<Guid?>> Known(Db db, PersonRequest person, Caller caller)
    {
        var row = person.RowOf(Guid.Empty);
        if (row.ExternalId is not { Length: > 0 } externalId)
            return await PersonStore.Namesakes(db, row) is [var namesake, ..] ? namesake.ParticipantId : default(Guid?);
        if (await PersonStore.FindByExternalId(db, externalId) is not { } found)
            return default(Guid?);
        return
            (found.Surname, found.GivenName) == (row.Surname, row.GivenName)
            && Access.Covers(caller, new Target { Territory = found.Territory })
            ? found.ParticipantId
            : PeopleRefusals.ExternalIdTaken;
    }

    /// <summary>The sites that the rows name, by their codes.</summary>
    private static async Task<IReadOnlyDictionary<string, Guid>> Sites(Db db, EnrolmentOptions options, IReadOnlyList<KeptRow> rows)
    {
        var codes = rows.Select(row => row.Person.Site).OfType<string>().Distinct().ToList();
        return options.CampaignId is { } campaignId && codes.Count > 0
            ? await SiteStore.OfCampaign(db, campaignId, codes)
            : new Dictionary<string, Guid>();
    }

    /// <returns>Null when no application is filed.</returns>
    private static Result<Guid?> SiteOf(EnrolmentOptions options, KeptRow row, IReadOnlyDictionary<string, Guid> sites)
    {
        if (options.CampaignId is null)
            return default(Guid?);
        if (row.Person.Site is not { } code)
            return options.SiteId is { } usual
                ? usual
                : Refusal.Invalid("site-missing", "Укажите площадку в строке или siteId для всех.").With("field", "site");
        return sites.TryGetValue(code, out var siteId)
            ? siteId
            : Refusal.Invalid("site-not-in-campaign", "На этой площадке мероприятие не проводится.").With("field", "site");
    }
}
