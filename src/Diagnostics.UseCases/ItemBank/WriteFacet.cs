using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Importing;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>
/// An author writes a facet: always a new version, always a draft of whoever sends it. Faults of the format are refused;
/// what lint finds may stay in a draft and comes back with the answer, but keeps it from review.
/// </summary>
internal sealed class WriteFacet(Transactions transactions, LintItems lint, IClock clock)
{
    internal static void Map(IEndpointRouteBuilder facets) => BankUpload.Describe(facets.MapPut("/{code}", Handle))
        .WithName("WriteFacet")
        .WithSummary("Записать новую версию фасета (черновик)")
        .WithDescription("If-Match — номер последней версии из ETag; \"0\" — фасета ещё нет. Автором становится тот, кто записал, состояние — draft, рецензента нет, что бы ни стояло в файле. То же содержание новой версии не создаёт.")
        .AllowedTo(AccessRule.Of(Role.Author))
        .NeedsIfMatch();

    private static Task<Results<Ok<FacetView>, ProblemHttpResult>> Handle(string code, string? diagnostic, BankUpload upload, IfMatch match, Caller caller, HttpContext http, WriteFacet write) =>
        write.Run(code, diagnostic ?? "new", upload, match.Revision, caller).OkWithTag(http, view => view.Latest.Version);

    private async Task<Result<FacetView>> Run(string code, string diagnostic, BankUpload upload, int basedOn, Caller caller)
    {
        if (!Codes.IsCode(diagnostic)) return Refusal.Invalid("diagnostic-invalid", "diagnostic — имя папки банка: строчные латинские буквы, цифры и дефис.").With("field", "diagnostic");
        if ((await lint.Read(upload, diagnostic, code)).Refused(out var refusal, out var read)) return refusal;
        var (uploaded, files) = read;
        var facet = uploaded.Bank.FindFacet(code);
        var path = files.Keys.Where(path => path.Contains("/facets/", StringComparison.Ordinal)).ToList();
        if (facet is null && uploaded.HasErrors) return WithFindings("Файл не принят: исправьте ошибки.", uploaded.Findings);
        // A single file is read under the code of the address, so another code in it is a finding already.
        if (path is not [var only] || facet is null || uploaded.Bank.Places.OfFacet(code).File != only)
            return Refusal.Invalid("facet-code-mismatch", $"В запросе должен быть ровно один фасет, и его код — «{code}».");
        if (files.Keys.Any(file => file.EndsWith("/blueprint.yaml", StringComparison.Ordinal))) return Refusal.Invalid("path-invalid", "Спецификацию записывает POST /blueprints.");

        return await transactions.Write<Result<FacetView>>(async db =>
        {
            var latest = await FacetStore.FindLatest(db, code);
            if ((latest?.Version ?? 0) != basedOn) return ETags.Stale(latest?.Version ?? 0);
            if (await OthersChangedBy(db, uploaded, facet) is { } shared) return shared;
            var folder = only.Split('/')[0];
            if (latest is null || latest.Fingerprint != BankJson.Fingerprint(facet with { Author = latest.Author }, folder))
                await Add(db, facet, folder, basedOn + 1, caller);
            return (await FacetView.Read(db, code))! with { Findings = uploaded.Findings };
        });
    }

    private async Task Add(Db db, Facet facet, string folder, int version, Caller caller)
    {
        var now = clock.GetCurrentInstant();
        var draft = facet with { Author = (await AccountStore.Find(db, caller.AccountId))!.UserName, Status = ItemStatus.Draft, Reviewer = null };
        var known = (await ItemStore.Fingerprints(db)).ToLookup(row => row.Code, row => new StoredVersion(row.Version, row.Fingerprint));
        var (added, items) = NewFacet.Of(draft, version, folder, BankJson.Fingerprint(draft, folder), known);
        foreach (var item in items) await FacetVersions.Add(db, item, now);
        await FacetVersions.Add(db, added, now);
        await AuditStore.Append(db, now, caller.Id, "facet.written", $"facet:{facet.Code}", new { version, items = items.Select(item => new { item.Item.Code, item.Version }).ToList() });
    }

    /// <summary>A stimulus that other facets show too must not change under them through one of them.</summary>
    private static async Task<Refusal?> OthersChangedBy(Db db, UploadedBank uploaded, Facet facet)
    {
        var mine = facet.Items.Select(item => item.Stimulus).OfType<Stimulus>().ToDictionary(stimulus => stimulus.Code, StringComparer.Ordinal);
        if (mine.Count == 0) return null;
        foreach (var other in await StoredFacets.LoadAll(db))
        {
            if (other.Facet.Code == facet.Code) continue;
            if (other.Facet.Items.Select(item => item.Stimulus).OfType<Stimulus>().FirstOrDefault(stimulus => mine.TryGetValue(stimulus.Code, out var same) && same != stimulus) is { } shared)
                return Refusal.Conflict("stimulus-shared", $"Стимул «{shared.Code}» показывает и фасет «{other.Facet.Code}»: дайте изменённому стимулу новый код.");
        }
        return null;
    }

    internal static Refusal WithFindings(string detail, IReadOnlyList<Finding> findings) =>
        Refusal.Invalid("facet-has-errors", detail).With("findings", findings.OrderByDescending(finding => finding.Severity).ToList());
}
