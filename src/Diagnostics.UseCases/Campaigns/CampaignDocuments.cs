using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A person who was a member of the commission that developed the items.</summary>
/// <param name="Post">Position and organisation, or the person's part in the commission.</param>
public sealed record DocumentMember(string Name, string Post);

/// <summary>The next version of a document of a campaign.</summary>
/// <param name="Content">The text in Markdown: paragraphs, headings, lists, tables, emphasis, links to the web; up to
/// 60,000 characters.</param>
/// <param name="Members">Members of the commission that developed the items; required for its protocol, and not allowed
/// for other documents.</param>
/// <param name="InForceAt">The time from which the version is in force and shown; when absent, it is in force
/// immediately.</param>
public sealed record CampaignDocumentRequest(
    CampaignDocumentKind Kind,
    string Title,
    string Content,
    IReadOnlyList<DocumentMember>? Members = null,
    Instant? InForceAt = null
);

/// <summary>A version of a document without its text.</summary>
/// <param name="Holds">Whether this is the newest version in force.</param>
public sealed record CampaignDocumentSummary(
    CampaignDocumentKind Kind,
    int Version,
    string Title,
    Instant InForceAt,
    Instant CreatedAt,
    bool Holds
);

/// <summary>A version of a document; it never changes.</summary>
/// <param name="Content">The text in Markdown.</param>
public sealed record CampaignDocument(
    Guid CampaignId,
    CampaignDocumentKind Kind,
    int Version,
    string Title,
    string Content,
    IReadOnlyList<DocumentMember>? Members,
    Instant InForceAt,
    Instant CreatedAt
)
{
    internal static CampaignDocument Of(CampaignDocumentRow row) =>
        new(
            CampaignId: row.CampaignId,
            Kind: Codes.Parse<CampaignDocumentKind>(row.Kind),
            Version: row.Version,
            Title: row.Title,
            Content: row.Content,
            Members: row.Members is { } members ? JsonSerializer.Deserialize<List<DocumentMember>>(members, Json.Stored) : null,
            InForceAt: row.InForceAt,
            CreatedAt: row.CreatedAt
        );
}

/// <summary>Decides which documents concern which people.</summary>
internal static class CampaignDocumentRules
{
    internal static readonly AccessRule Keepers = AccessRule.Of(Role.Operator.OfCampaign());

    private static readonly AccessRule Staff = AccessRule.Of(Role.SiteHead.OfSite(), Role.Invigilator.OfSite());
    private static readonly AccessRule Experts = AccessRule.Of(Role.Expert.OfCampaign(), Role.Chair.OfCampaign());
    private static readonly AccessRule Chairs = AccessRule.Of(Role.Chair.OfCampaign());

    /// <summary>
    /// Those who may read documents. They include people who sign in with the code of a session, because such people
    /// read the instruction before the test.
    /// </summary>
    internal static readonly AccessRule Readers = AccessRule
        .Of(
            Role.Participant.OfOwn(),
            Role.Operator.OfCampaign(),
            Role.SiteHead.OfSite(),
            Role.Invigilator.OfSite(),
            Role.Expert.OfCampaign(),
            Role.Chair.OfCampaign(),
            Role.Author,
            Role.Reviewer
        )
        .Under(SignInLimits.OneSession);

    internal static readonly Refusal NotFound = Refusal.NotFound("document-not-found", "Такого документа у мероприятия нет.");

    internal static bool Keeps(Caller caller, Guid campaignId) => Keepers.Covers(caller, new Target { Campaign = campaignId });

    /// <summary>Kinds of documents that concern the caller; none when the caller has no part in the campaign.</summary>
    internal static async Task<IReadOnlySet<CampaignDocumentKind>> Concerning(Db db, Caller caller, Guid campaignId)
    {
        var target = new Target { Campaign = campaignId };
        if (Keepers.Covers(caller, target))
            return Enum.GetValues<CampaignDocumentKind>().ToHashSet();
        var kinds = new HashSet<CampaignDocumentKind>();
        if (
            caller.ParticipantId is { } person
            && (await ApplicationStore.OfParticipant(db, person)).Any(application => application.CampaignId == campaignId)
        )
            kinds.UnionWith([CampaignDocumentKind.Order, CampaignDocumentKind.ParticipantInstruction]);
        if ((await CampaignStore.Sites(db, campaignId)).Any(site => Staff.Covers(caller, new Target { Site = site.Id })))
            kinds.UnionWith([
                CampaignDocumentKind.Order,
                CampaignDocumentKind.ParticipantInstruction,
                CampaignDocumentKind.OrganiserInstruction,
            ]);
        if (Experts.Covers(caller, target))
            kinds.UnionWith([CampaignDocumentKind.Order, CampaignDocumentKind.ExpertInstruction]);
        // The items' protocol records the work of the commission to which authors and reviewers of items belong.
        if (Chairs.Covers(caller, target) || caller.Has(Role.Author, Role.Reviewer))
            kinds.Add(CampaignDocumentKind.ItemsProtocol);
        return kinds;
    }
}

/// <summary>Adds the next version of a document; earlier versions stay.</summary>
internal sealed class AddCampaignDocument(Executor executor) : UseCase<AddCampaignDocument.Request, CampaignDocument>(Operation, executor)
{
    private const int MaxTitle = 300;
    internal const int MaxContent = 60_000;
    private const int MaxMembers = 100;

    internal static new readonly Operation Operation = new(
        nameof(AddCampaignDocument),
        CampaignDocumentRules.Keepers,
        Trail.Writes("document.added")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid CampaignId, CampaignDocumentRequest Document);

    protected override Task<Result<CampaignDocument>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (campaignId, document) = request;
                if (!Reaches(caller, new Target { Campaign = campaignId }) || await CampaignStore.Find(db, campaignId) is not { } campaign)
                    return CampaignRefusals.NoCampaign;
                if (campaign.State is CampaignStatus.Draft)
                    return Refusal.Conflict("campaign-draft", "Документы бывают у объявленного мероприятия: опубликуйте его сначала.");
                if (Check(document) is { } wrong)
                    return wrong;
                var now = Now;
                var from = document.InForceAt ?? now;
                if (from < now)
                    return InForcePast;
                var kind = Codes.Of(document.Kind);
                var row = new CampaignDocumentRow
                {
                    CampaignId = campaignId,
                    Kind = kind,
                    Version = await CampaignDocumentStore.LastVersion(db, campaignId, kind) + 1,
                    Title = document.Title.Trim(),
                    Content = document.Content,
                    Members = document.Members is { } members ? JsonSerializer.Serialize(members, Json.Options) : null,
                    InForceAt = from,
                    CreatedAt = now,
                    CreatedBy = caller.Id,
                };
                if (!await CampaignDocumentStore.Add(db, row))
                    return Refusal.Conflict("document-changed", "Только что добавлена другая версия; прочитайте её и повторите.");
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "document.added",
                    $"campaign:{campaignId:D}",
                    new
                    {
                        document.Kind,
                        row.Version,
                        row.InForceAt,
                    }
                );
                return CampaignDocument.Of(row);
            }
        );

    internal static readonly Refusal InForcePast = Refusal
        .Invalid("in-force-past", "Документ не может вступить в силу задним числом: inForceAt раньше, чем сейчас.")
        .With("field", "inForceAt");

    internal static readonly Refusal MembersOfProtocol = Refusal
        .Invalid(
            "members-invalid",
            $"Состав комиссии (members, от 1 до {MaxMembers}) указывают в протоколе комиссии по разработке и только в нём."
        )
        .With("field", "members");

    private static Refusal? Check(CampaignDocumentRequest document)
    {
        if (TextRules.Check("title", document.Title, MaxTitle) is { } title)
            return title;
        if (TextRules.Check("content", document.Content, MaxContent) is { } content)
            return content;
        if (MarkdownSafety.Faults(document.Content).FirstOrDefault() is { } fault)
            return Refusal.Invalid("markup-unsafe", $"В тексте {fault}").With("field", "content");
        if ((document.Kind is CampaignDocumentKind.ItemsProtocol) != (document.Members is not null))
            return MembersOfProtocol;
        if (document.Members is { Count: < 1 or > MaxMembers })
            return MembersOfProtocol;
        return document
            .Members?.Select(member =>
                TextRules.CheckName("members.name", member.Name, 300) ?? TextRules.Check("members.post", member.Post, 500)
            )
            .FirstOrDefault(wrong => wrong is not null);
    }
}

/// <summary>
/// Lists documents of a campaign: the versions in force that concern the caller; the campaign's operator sees every
/// version.
/// </summary>
internal sealed class ListCampaignDocuments(Executor executor)
    : UseCase<ListCampaignDocuments.Request, Page<CampaignDocumentSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListCampaignDocuments), CampaignDocumentRules.Readers, Trail.None);

    internal sealed record Request(Guid CampaignId, int? After = null, int? Limit = null);

    protected override Task<Result<Page<CampaignDocumentSummary>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (campaignId, after, limit) = request;
            var kinds = await CampaignDocumentRules.Concerning(db, caller, campaignId);
            if (kinds.Count == 0 || await CampaignStore.Find(db, campaignId) is null)
                return CampaignRefusals.NoCampaign;
            var now = Now;
            var rows = await CampaignDocumentStore.OfCampaign(db, campaignId);
            var holding = rows.Where(row => row.InForceAt <= now)
                .GroupBy(row => row.Kind)
                .Select(kind => kind.MaxBy(row => row.Version)!)
                .ToHashSet();
            var all = CampaignDocumentRules.Keeps(caller, campaignId);
            var seen = rows.Where(row => all || holding.Contains(row))
                .Select(row => new CampaignDocumentSummary(
                    Codes.Parse<CampaignDocumentKind>(row.Kind),
                    row.Version,
                    row.Title,
                    row.InForceAt,
                    row.CreatedAt,
                    holding.Contains(row)
                ))
                .Where(row => kinds.Contains(row.Kind))
                .ToList();
            return Page<CampaignDocumentSummary>.Window(seen, after, limit);
        });
}

/// <summary>
/// Returns a document with its text, in the version in force now or in any that has been in force; the campaign's
/// operator can read every version.
/// </summary>
internal sealed class GetCampaignDocument(Executor executor) : UseCase<GetCampaignDocument.Request, CampaignDocument>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetCampaignDocument), CampaignDocumentRules.Readers, Trail.None);

    /// <param name="Version">Number of the version; null for the version in force now.</param>
    internal sealed record Request(Guid CampaignId, string Kind, int? Version = null);

    protected override Task<Result<CampaignDocument>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (campaignId, kind, version) = request;
            if (
                Codes.Find<CampaignDocumentKind>(kind) is not { } known
                || !(await CampaignDocumentRules.Concerning(db, caller, campaignId)).Contains(known)
            )
                return CampaignDocumentRules.NotFound;
            var now = Now;
            var row = version is { } wanted
                ? await CampaignDocumentStore.Find(db, campaignId, kind, wanted)
                : await CampaignDocumentStore.InForce(db, campaignId, kind, now);
            return row is not null && (row.InForceAt <= now || CampaignDocumentRules.Keeps(caller, campaignId))
                ? CampaignDocument.Of(row)
                : CampaignDocumentRules.NotFound;
        });
}
