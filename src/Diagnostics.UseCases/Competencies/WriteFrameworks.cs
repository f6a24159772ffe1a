using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Competencies;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Competencies;

/// <summary>A draft, with the changes that it makes and the faults that prevent its publication.</summary>
/// <param name="NextVersion">The number that the published version would get.</param>
/// <param name="Faults">The faults in words; empty when the draft may be published.</param>
/// <param name="Changes">Changes since the latest version; absent when there is no version yet, or when the draft has
/// faults.</param>
/// <param name="Revision">Revision of the draft; it is also the ETag.</param>
public sealed record FrameworkDraftView(
    FrameworkDraft Draft,
    int NextVersion,
    IReadOnlyList<string> Faults,
    FrameworkComparison? Changes,
    int Revision,
    Instant ChangedAt
)
{
    internal static FrameworkDraftView Of(FrameworkDraftRow row, KnownFrameworks known)
    {
        var draft = FrameworkDrafts.Read(row);
        return new(
            draft,
            known.History.NextVersion,
            known.FaultsOf(draft),
            known.History.Latest is { } latest && known.FaultsOf(draft) is []
                ? FrameworkComparison.Between(latest, known.Published(draft))
                : null,
            row.Revision,
            row.ChangedAt
        );
    }
}

/// <summary>The published versions of a framework, and the framework that its draft extends.</summary>
/// <param name="Extended">Null when the draft extends none, or one that does not exist.</param>
internal sealed record KnownFrameworks(FrameworkHistory History, Framework? Extended)
{
    internal static async Task<KnownFrameworks> Of(Db db, FrameworkDraft draft) =>
        new(
            await FrameworkCatalog.History(db, draft.Code),
            draft.Extends is { } extends ? await FrameworkCatalog.Find(db, extends.Code, extends.Version) : null
        );

    internal IReadOnlyList<string> FaultsOf(FrameworkDraft draft) =>
        draft.Extends is { } extends && Extended is null
            ? [$"Рамки {extends.Code} версии {extends.Version}, которую надо дополнить, нет."]
            : History.Faults(draft, Extended);

    internal Framework Published(FrameworkDraft draft) => History.Publish(draft, Extended);
}

internal static class FrameworkDrafts
{
    internal static readonly AccessRule Writers = AccessRule.Of(Role.Operator.OfEverything());

    internal static readonly Refusal NotFound = Refusal.NotFound("framework-draft-not-found", "Черновика этой рамки нет.");

    internal static readonly Refusal NotEverywhere = Refusal.Forbidden("not-everywhere", "Рамки ведёт оператор всех мероприятий.");

    internal static readonly Refusal Exists = Refusal.Conflict(
        "framework-draft-exists",
        "Черновик этой рамки уже есть: прочитайте и измените его."
    );

    internal static Refusal CodeDiffers(string code) =>
        Refusal.Invalid("framework-code-differs", $"В адресе назван код «{code}», в черновике — другой.").With("field", "code");

    internal static Refusal NotReady(IReadOnlyList<string> faults) =>
        Refusal.Conflict("framework-not-ready", string.Join(" ", faults)).With("faults", faults);

    internal static string Write(FrameworkDraft draft) => JsonSerializer.Serialize(draft, ItemJson.Options);

    internal static FrameworkDraft Read(FrameworkDraftRow row) =>
        JsonSerializer.Deserialize<FrameworkDraft>(row.Content, ItemJson.Options) ?? throw new JsonException("The text holds no draft.");

    internal static async Task<FrameworkDraftView> View(Db db, string code)
    {
        var row = (await FrameworkDraftStore.Find(db, code))!;
        return FrameworkDraftView.Of(row, await KnownFrameworks.Of(db, Read(row)));
    }

    internal static async Task<Result<FrameworkDraftView>> Open(Db db, FrameworkDraft draft, Instant now, Caller caller)
    {
        if (Check(draft) is { } refusal)
            return refusal;
        if (!await FrameworkDraftStore.Open(db, draft.Code, Write(draft), now, caller.Id))
            return Exists;
        await AuditStore.Append(db, now, caller.Id, "framework.drafted", $"framework:{draft.Code}");
        return await View(db, draft.Code);
    }

    private static Refusal? Check(FrameworkDraft draft) =>
        Codes.IsCode(draft.Code)
            ? null
            : Refusal
                .Invalid("framework-code-invalid", $"code — строчные латинские буквы, цифры и дефис, до {Codes.MaxLength} знаков.")
                .With("field", "code");
}

internal sealed class GetFrameworkDraft(Executor executor) : UseCase<string, FrameworkDraftView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetFrameworkDraft), FrameworkDrafts.Writers, Trail.None);

    protected override Task<Result<FrameworkDraftView>> Handle(string code, Caller caller) =>
        Read(async db =>
            await FrameworkDraftStore.Find(db, code) is null
                ? FrameworkDrafts.NotFound
                : (Result<FrameworkDraftView>)await FrameworkDrafts.View(db, code)
        );
}

/// <summary>
/// Begins the next version of a framework, or the first version of a new one; faults are reported, but do not prevent
/// the draft from being saved.
/// </summary>
internal sealed class AddFrameworkDraft(Executor executor) : UseCase<FrameworkDraft, FrameworkDraftView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(AddFrameworkDraft),
        FrameworkDrafts.Writers,
        Trail.Writes("framework.drafted")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<FrameworkDraftView>> Handle(FrameworkDraft draft, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (!Reaches(caller, default))
                    return FrameworkDrafts.NotEverywhere;
                return await FrameworkDrafts.Open(db, draft, Now, caller);
            }
        );
}

/// <summary>Begins a draft from a CASE package.</summary>
internal sealed class ImportCasePackage(Executor executor) : UseCase<ImportCasePackage.Request, FrameworkDraftView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ImportCasePackage),
        FrameworkDrafts.Writers,
        Trail.Writes("framework.drafted")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    /// <param name="Code">The code that the framework gets in this service.</param>
    internal sealed record Request(string Code, CasePackage Package);

    protected override Task<Result<FrameworkDraftView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (!Reaches(caller, default))
                    return FrameworkDrafts.NotEverywhere;
                return CaseImport.Draft(request.Code, request.Package).Refused(out var refusal, out var draft)
                    ? refusal
                    : await FrameworkDrafts.Open(db, draft, Now, caller);
            }
        );
}

internal sealed class UpdateFrameworkDraft(Executor executor)
    : UseCase<UpdateFrameworkDraft.Request, FrameworkDraftView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(UpdateFrameworkDraft),
        FrameworkDrafts.Writers,
        Trail.Writes("framework.changed")
    )
    {
        NeedsRevision = true,
    };

    /// <param name="Revision">Revision on which the edit is based.</param>
    internal sealed record Request(string Code, FrameworkDraft Draft, int Revision);

    protected override Task<Result<FrameworkDraftView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (code, draft, revision) = request;
                if (!Reaches(caller, default))
                    return FrameworkDrafts.NotEverywhere;
                if (draft.Code != code)
                    return FrameworkDrafts.CodeDiffers(code);
                if (await FrameworkDraftStore.Find(db, code) is not { } known)
                    return FrameworkDrafts.NotFound;
                var now = Now;
                if (!await FrameworkDraftStore.Update(db, code, FrameworkDrafts.Write(draft), revision, now, caller.Id))
                    return Revisions.Stale(known.Revision);
                await AuditStore.Append(db, now, caller.Id, "framework.changed", $"framework:{code}", new { revision = revision + 1 });
                return await FrameworkDrafts.View(db, code);
            }
        );
}

/// <summary>Publishes a draft as the next version, which never changes.</summary>
internal sealed class PublishFramework(Executor executor) : UseCase<PublishFramework.Request, Framework>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(PublishFramework),
        FrameworkDrafts.Writers,
        Trail.Writes("framework.published")
    )
    {
        NeedsRevision = true,
        Repetition = Repetition.GivesResultAgain,
    };

    /// <param name="Revision">Revision that the caller has read: exactly this one is published.</param>
    internal sealed record Request(string Code, int Revision);

    protected override Task<Result<Framework>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (code, revision) = request;
                if (!Reaches(caller, default))
                    return FrameworkDrafts.NotEverywhere;
                if (await FrameworkDraftStore.Find(db, code) is not { } row)
                    return FrameworkDrafts.NotFound;
                var draft = FrameworkDrafts.Read(row);
                var known = await KnownFrameworks.Of(db, draft);
                if (known.FaultsOf(draft) is { Count: > 0 } faults)
                    return FrameworkDrafts.NotReady(faults);
                var now = Now;
                if (!await FrameworkDraftStore.Close(db, code, revision, now, caller.Id))
                    return Revisions.Stale(row.Revision);
                var framework = known.Published(draft);
                await VersionStore.Frameworks.Add(
                    db,
                    new VersionRow
                    {
                        Code = code,
                        Version = framework.Version,
                        Title = framework.Title,
                        Content = BankJson.Write(framework),
                        Fingerprint = BankJson.Fingerprint(framework),
                        CreatedAt = now,
                    }
                );
                await AuditStore.Append(db, now, caller.Id, "framework.published", $"framework:{code}/{framework.Version}");
                return framework;
            }
        );
}

/// <summary>Shows how a version differs from an earlier one, or from the framework that it extends.</summary>
internal sealed class CompareFrameworks(Executor executor) : UseCase<CompareFrameworks.Request, FrameworkComparison>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(CompareFrameworks), FrameworkRules.Readers, Trail.None);

    /// <param name="SinceCode">Code of the framework to compare with; null for another version of the same
    /// framework.</param>
    internal sealed record Request(string Code, int Version, int Since, string? SinceCode);

    protected override Task<Result<FrameworkComparison>> Handle(Request request, Caller caller) =>
        Read(async db =>
            await FrameworkCatalog.Find(db, request.SinceCode ?? request.Code, request.Since) is { } from
            && await FrameworkCatalog.Find(db, request.Code, request.Version) is { } to
                ? FrameworkComparison.Between(from, to)
                : (Result<FrameworkComparison>)FrameworkRules.Unknown
        );
}
