using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Importing;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>
/// Writes a facet for its author: always as a new version, and always as a draft by the sender. A file with format
/// errors is refused. A draft may have lint findings, which are returned with the answer, but lint errors keep it from
/// review.
/// </summary>
internal sealed class WriteFacet(Executor executor) : BankUseCase<WriteFacet.Request, FacetView>(Operation, executor)
{
    // The author's role itself may be limited to a campaign, because the access to the bank may come from another role
    // of the caller.
    internal static new readonly Operation Operation = new(nameof(WriteFacet), AccessRule.Of(Role.Author), Trail.Writes("facet.written"))
    {
        NeedsRevision = true,
    };

    /// <param name="Diagnostic">Folder of a facet that is not stored yet.</param>
    /// <param name="Revision">Number of the latest version, on which this one is based; 0 for a new facet.</param>
    internal sealed record Request(string Code, string? Diagnostic, SubmittedFiles Sent, int Revision);

    protected override async Task<Result<FacetView>> HandleForBank(Request request, Caller caller)
    {
        var code = request.Code;
        if ((await ReadSent(request)).Refused(out var refusal, out var read))
            return refusal;
        var (uploaded, facet, folder) = read;
        return await Write(
            caller,
            async db =>
            {
                var latest = await FacetStore.FindLatest(db, code);
                if ((latest?.Version ?? 0) != request.Revision)
                    return Revisions.Stale(latest?.Version ?? 0);
                if (await OthersChangedBy(db, facet) is { } shared)
                    return shared;
                if (latest is null || latest.Fingerprint != BankJson.Fingerprint(facet with { Author = latest.Author }, folder))
                    await Add(db, facet, folder, request.Revision + 1, caller);
                return (await FacetView.Read(db, code))! with { Findings = uploaded.Findings };
            }
        );
    }

    /// <summary>Reads the single facet that was sent, and decides on its folder.</summary>
    private async Task<Result<(UploadedBank Uploaded, Facet Facet, string Folder)>> ReadSent(Request request)
    {
        var (code, diagnostic) = (request.Code, request.Diagnostic ?? ExportedBank.NewFolder);
        if (!Codes.IsCode(diagnostic))
        {
            return Refusal
                .Invalid("diagnostic-invalid", "diagnostic — имя папки банка: строчные латинские буквы, цифры и дефис.")
                .With("field", "diagnostic");
        }
        var stored = await Fetch(ExportedBank.Read);
        if (stored.With(request.Sent, diagnostic, code).Refused(out var refusal, out var uploaded))
            return refusal;
        var facet = uploaded.Bank.FindFacet(code);
        if (facet is null && uploaded.HasErrors)
            return WithFindings("Файл не принят: исправьте ошибки.", uploaded.Findings);
        var facets = uploaded.Files.Keys.Where(path => path.Contains("/facets/", StringComparison.Ordinal)).ToList();
        // A single file is read under the code in the request's path, so a different code inside the file has already
        // been reported as a finding.
        if (facets is not [var only] || facet is null || uploaded.Bank.Places.OfFacet(code).File != only)
            return Refusal.Invalid("facet-code-mismatch", $"В запросе должен быть ровно один фасет, и его код — «{code}».");
        if (uploaded.Files.Keys.Any(file => file.EndsWith("/blueprint.yaml", StringComparison.Ordinal)))
            return Refusal.Invalid("path-invalid", "Спецификацию записывает POST /blueprints.");
        return (uploaded, facet, only.Split('/')[0]);
    }

    private async Task Add(Db db, Facet facet, string folder, int version, Caller caller)
    {
        var now = Now;
        var author = (await AccountStore.Find(db, caller.AccountId))!.UserName;
        var draft = facet with { Author = author, Status = ItemStatus.Draft, Reviewer = null };
        var known = (await ItemStore.Fingerprints(db)).ToLookup(row => row.Code, row => new StoredVersion(row.Version, row.Fingerprint));
        var (added, items) = NewFacet.Of(draft, version, folder, BankJson.Fingerprint(draft, folder), known);
        foreach (var item in items)
            await FacetVersions.Add(db, item, now);
        await FacetVersions.Add(db, added, now);
        await AuditStore.Append(
            db,
            now,
            caller.Id,
            "facet.written",
            $"facet:{facet.Code}",
            new { version, items = items.Select(item => new { item.Item.Code, item.Version }).ToList() }
        );
    }

    /// <summary>Refuses a facet that would change a stimulus which other facets also show.</summary>
    private static async Task<Refusal?> OthersChangedBy(Db db, Facet facet)
    {
        var mine = StimuliOf(facet).ToDictionary(stimulus => stimulus.Code, StringComparer.Ordinal);
        if (mine.Count == 0)
            return null;
        foreach (var other in await StoredFacets.LoadAll(db))
        {
            if (other.Facet.Code == facet.Code)
                continue;
            var shared = StimuliOf(other.Facet)
                .FirstOrDefault(stimulus => mine.TryGetValue(stimulus.Code, out var same) && same != stimulus);
            if (shared is null)
                continue;
            return Refusal.Conflict(
                "stimulus-shared",
                $"Стимул «{shared.Code}» показывает и фасет «{other.Facet.Code}»: дайте изменённому стимулу новый код."
            );
        }
        return null;
    }

    private static IEnumerable<Stimulus> StimuliOf(Facet facet) => facet.Items.Select(item => item.Stimulus).OfType<Stimulus>();

    internal static Refusal WithFindings(string detail, IReadOnlyList<Finding> findings) =>
        Refusal.Invalid("facet-has-errors", detail).With("findings", findings.OrderByDescending(finding => finding.Severity).ToList());
}
