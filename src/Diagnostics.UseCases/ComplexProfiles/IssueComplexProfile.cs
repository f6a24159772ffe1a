using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Events;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.ComplexProfiles;
using Diagnostics.Storage.Events;
using Diagnostics.UseCases.Competencies;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.ComplexProfiles;

/// <summary>Issues the next version of a complex profile in the caller's transaction, unless it would say the same.</summary>
internal static class IssueComplexProfile
{
    internal static readonly Refusal NothingToJoin = Refusal.Conflict(
        "complex-profile-empty",
        "Соединять нечего: по этой рамке у человека нет ни опубликованного теста, ни самодиагностики, ни результатов практики, ни "
            + "наблюдения — или политика их не учитывает."
    );

    internal static readonly Refusal NoPolicy = Refusal
        .Invalid("complex-policy-not-found", "policy — код и версия политики вида complex_profile; такой версии нет.")
        .With("field", "policy");

    internal static readonly Refusal NoFramework = Refusal
        .Invalid("complex-framework-not-found", "framework — код и версия рамки компетенций; такой версии нет.")
        .With("field", "framework");

    internal static readonly Refusal NoScale = Refusal
        .Invalid("level-scale-not-found", "levelScale — код и версия шкалы уровней; такой версии нет.")
        .With("field", "content");

    /// <summary>
    /// The Campaigns stage calls this before it stores a policy, because a complex profile needs the scale that its policy
    /// names.
    /// </summary>
    internal static async Task<Refusal?> GuardPolicy(Db db, PolicyKind kind, string content) =>
        kind is PolicyKind.ComplexProfile && await ScaleOf(db, PolicyJson.Read<ComplexPolicy>(content)) is null ? NoScale : null;

    /// <summary>
    /// The stages that find something about a person call this when a finding was added, changed or withdrawn. Each complex
    /// profile that the person has follows by its own policy; a person who has none costs one query.
    /// </summary>
    internal static async Task AfterEvidence(Db db, Guid participantId, Instant now)
    {
        if (await ComplexProfileStore.LatestOfParticipant(db, participantId) is not { Count: > 0 } known)
            return;
        var findings = await PersonFindings.Of(db, participantId);
        foreach (var last in known)
        {
            var policy = (await PolicyStore.Find(db, PolicyKind.ComplexProfile, last.PolicyCode, last.PolicyVersion))!;
            await Next(
                db,
                last,
                Build(await Rules(db, last.FrameworkCode, last.FrameworkVersion, policy), participantId, findings),
                null,
                now
            );
        }
    }

    /// <param name="wanted">The framework; null for the framework of the newest finding.</param>
    internal static async Task<Result<ComplexProfileRow>> Make(
        Db db,
        Guid participantId,
        FrameworkReference? wanted,
        PolicyRow policy,
        string madeBy,
        Instant now
    )
    {
        if (wanted is { } named && await FrameworkCatalog.Find(db, named.Code, named.Version) is null)
            return NoFramework;
        var findings = await PersonFindings.Of(db, participantId);
        if ((wanted ?? findings.OrderBy(one => one.At).ThenBy(one => one.Id).LastOrDefault()?.Framework) is not { } framework)
            return NothingToJoin;
        if (await ScaleOf(db, PolicyJson.Read<ComplexPolicy>(policy.Content)) is null)
            return NoScale;
        var made = Build(await Rules(db, framework.Code, framework.Version, policy), participantId, findings);
        if (made.Findings.All(one => one.Use is not FindingUse.Joined))
            return NothingToJoin;
        var last = (await ComplexProfileStore.LatestOfParticipant(db, participantId)).FirstOrDefault(row =>
            row.FrameworkCode == framework.Code
        );
        return await Next(db, last, made, madeBy, now);
    }

    internal static IssuedComplexProfile Read(string content) =>
        JsonSerializer.Deserialize<IssuedComplexProfile>(content, Json.Stored) ?? throw new JsonException("The text holds no profile.");

    /// <returns>The last version if it says the same as the new one, otherwise the new one.</returns>
    private static async Task<ComplexProfileRow> Next(
        Db db,
        ComplexProfileRow? last,
        IssuedComplexProfile made,
        string? madeBy,
        Instant now
    )
    {
        if (last is not null && made.SaysTheSameAs(Read(last.Content)))
            return last;
        var issued = made with
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            Version = (last?.Version ?? 0) + 1,
            Cause = madeBy is null ? ComplexProfileCause.SourceChanged : ComplexProfileCause.Made,
            IssuedAt = now,
        };
        var (subject, content) = (issued.Subject, JsonSerializer.Serialize(issued, Json.Options));
        var row = new ComplexProfileRow
        {
            Id = issued.Id,
            ParticipantId = subject.ParticipantId,
            FrameworkCode = subject.FrameworkCode,
            FrameworkVersion = subject.FrameworkVersion,
            Version = issued.Version,
            PolicyCode = subject.PolicyCode,
            PolicyVersion = subject.PolicyVersion,
            Cause = Codes.Of(issued.Cause),
            Content = content,
            Fingerprint = Digest.Of(content),
            IssuedAt = now,
            IssuedBy = madeBy,
            IsLatest = true,
        };
        await ComplexProfileStore.Add(db, row);
        await EventStore.Append(
            db,
            now,
            EventKind.ComplexProfileIssued,
            new()
            {
                ParticipantId = subject.ParticipantId,
                ProfileId = issued.Id,
                Version = issued.Version,
            }
        );
        return row;
    }

    private static IssuedComplexProfile Build(JoinRules rules, Guid participantId, IReadOnlyList<PersonFinding> findings) =>
        IssuedComplexProfile.Of(
            new(
                participantId,
                rules.Framework.Code,
                rules.Framework.Version,
                rules.Row.Code,
                rules.Row.Version,
                rules.Policy.LevelScale.Code,
                rules.Policy.LevelScale.Version
            ),
            (rules.Framework, rules.Scale, rules.Policy),
            findings
        );

    private static async Task<JoinRules> Rules(Db db, string frameworkCode, int frameworkVersion, PolicyRow row)
    {
        var policy = PolicyJson.Read<ComplexPolicy>(row.Content);
        return new((await FrameworkCatalog.Find(db, frameworkCode, frameworkVersion))!, (await ScaleOf(db, policy))!, policy, row);
    }

    private static async Task<LevelScale?> ScaleOf(Db db, ComplexPolicy policy) =>
        await PolicyStore.Find(db, PolicyKind.LevelScale, policy.LevelScale.Code, policy.LevelScale.Version) is { } row
            ? PolicyJson.Read<LevelScale>(row.Content)
            : null;

    /// <summary>The documents by which a complex profile is made.</summary>
    private sealed record JoinRules(Framework Framework, LevelScale Scale, ComplexPolicy Policy, PolicyRow Row);
}
