using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;

namespace Diagnostics.UseCases.ComplexProfiles;

/// <summary>A version of a policy of complex profiles.</summary>
public sealed record ComplexPolicyReference(string Code, int Version);

/// <summary>By which framework and which policy the sources are joined.</summary>
/// <param name="Framework">Null for the framework of the newest finding.</param>
/// <param name="Policy">Null for the last version of the usual policy.</param>
public sealed record ComplexProfileRequest(FrameworkReference? Framework = null, ComplexPolicyReference? Policy = null);

/// <summary>
/// Makes the complex profile of a person, or returns its last version when nothing has changed. From then on it follows its
/// sources by itself.
/// </summary>
internal sealed class MakeComplexProfile(Executor executor)
    : UseCase<MakeComplexProfile.Request, ComplexProfileSummary>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(MakeComplexProfile),
        AccessRule.Of(Role.Participant.OfOwn(), Role.Operator.OfTerritory(), Role.Methodologist.OfTerritory()),
        Trail.Writes("complex-profile.made")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid ParticipantId, ComplexProfileRequest By);

    protected override Task<Result<ComplexProfileSummary>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<ComplexProfileSummary>> (db) =>
            {
                var ((participantId, by), now) = (request, Now);
                if (await PersonEvidence.CheckReader(db, caller, participantId) is { } unseen)
                    return unseen;
                if (await PersonEvidence.CheckTakesPart(db, participantId) is { } refusal)
                    return refusal;
                var policy = by.Policy is { } named
                    ? await PolicyStore.Find(db, PolicyKind.ComplexProfile, named.Code, named.Version)
                    : await PolicyStore.Latest(db, PolicyKind.ComplexProfile, PinnedPolicies.UsualCode);
                if (policy is null)
                    return IssueComplexProfile.NoPolicy;
                if (
                    (await IssueComplexProfile.Make(db, participantId, by.Framework, policy, caller.Id, now)).Refused(
                        out var nothing,
                        out var row
                    )
                )
                    return nothing;
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "complex-profile.made",
                    $"participant:{participantId:D}",
                    new { profile = row.Id.ToString("D"), row.Version }
                );
                return ComplexProfileSummary.Of(row);
            }
        );
}
