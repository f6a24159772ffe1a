using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage;
using Diagnostics.Storage.ComplexProfiles;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;
using NodaTime;

namespace Diagnostics.UseCases.ComplexProfiles;

/// <summary>A block in a line of a list.</summary>
/// <param name="Level">Absent where no source has enough evidence for a level.</param>
/// <param name="Contradictions">Number of pairs of sources that contradict each other about the block.</param>
public sealed record ComplexBlockSummary(string Code, string Title, int Contradictions, DeficitLevel? Level = null);

/// <summary>A line of a list of complex profiles; the whole document is at <c>/complex-profiles/{id}</c>.</summary>
/// <param name="Version">Number of the version, from 1, for the person and the framework; it is also the ETag.</param>
/// <param name="IsLatest">Whether no later version has superseded it.</param>
/// <param name="Missing">Codes of the policy's sources that gave nothing that counts.</param>
public sealed record ComplexProfileSummary(
    Guid Id,
    Guid ParticipantId,
    FrameworkReference Framework,
    ComplexPolicyReference Policy,
    int Version,
    ComplexProfileCause Cause,
    Instant IssuedAt,
    bool IsLatest,
    IReadOnlyList<ComplexBlockSummary> Blocks,
    IReadOnlyList<string> Missing
)
{
    internal static ComplexProfileSummary Of(ComplexProfileRow row)
    {
        var profile = IssueComplexProfile.Read(row.Content);
        return new(
            Id: row.Id,
            ParticipantId: row.ParticipantId,
            Framework: new(row.FrameworkCode, row.FrameworkVersion),
            Policy: new(row.PolicyCode, row.PolicyVersion),
            Version: row.Version,
            Cause: profile.Cause,
            IssuedAt: row.IssuedAt,
            IsLatest: row.IsLatest,
            Blocks: profile
                .Blocks.Select(block => new ComplexBlockSummary(
                    block.Whole.Code,
                    block.Whole.Title,
                    block.Whole.Contradictions.Count,
                    block.Whole.Level
                ))
                .ToList(),
            Missing: profile.Missing.Select(source => source.Source).ToList()
        );
    }
}

/// <summary>A version of a complex profile as the service returns it.</summary>
/// <param name="Content">The document as JSON; it never changes.</param>
/// <param name="Tag">The ETag.</param>
internal sealed record ComplexProfileText(string Content, string Tag, bool IsLatest);

/// <summary>Lists all versions of a person's complex profiles.</summary>
internal sealed class ListComplexProfiles(Executor executor) : ListEvidence<ComplexProfileSummary>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListComplexProfiles),
        PersonEvidence.Readers,
        Trail.Shows("complex-profile.viewed")
    );

    protected override async Task<Page<ComplexProfileSummary>> List(Db db, Request request, Caller caller)
    {
        var (participantId, after, limit) = request;
        var rows = await ComplexProfileStore.OfParticipant(db, participantId, after, Page<ComplexProfileRow>.Take(limit));
        return Page<ComplexProfileSummary>.Of(rows.Select(ComplexProfileSummary.Of).ToList(), limit, one => one.Id.ToString("D"));
    }
}

/// <summary>Returns a version of a complex profile by its id.</summary>
internal sealed class GetComplexProfile(Executor executor) : UseCase<Guid, ComplexProfileText>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetComplexProfile),
        PersonEvidence.Readers,
        Trail.Shows("complex-profile.viewed")
    );

    internal static readonly Refusal NotFound = Refusal.NotFound("complex-profile-not-found", "Такого комплексного профиля нет.");

    protected override Task<Result<ComplexProfileText>> Handle(Guid profileId, Caller caller) =>
        Write(
            caller,
            async Task<Result<ComplexProfileText>> (db) =>
            {
                if (await ComplexProfileStore.Find(db, profileId) is not { } row)
                    return NotFound;
                if (await PersonEvidence.CheckReader(db, caller, row.ParticipantId) is { } refusal)
                    return refusal == ProfileAccess.NoPerson ? NotFound : refusal;
                await PersonEvidence.NoteLook(db, Now, caller, row.ParticipantId, "complex-profile.viewed");
                return new ComplexProfileText(row.Content, row.Fingerprint, row.IsLatest);
            }
        );
}
