using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Diagnostics.Engine.Events;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Calibration;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <summary>What another stage knows of the same person's competencies: a questionnaire, pupils' results, an observation.</summary>
/// <returns>Empty where it knows nothing.</returns>
internal delegate Task<IReadOnlyList<Evidence>> FurtherEvidence(Db db, ProfileSubject subject);

/// <summary>
/// Issues the next version of a session's profile in the caller's transaction, as soon as every slot has a deciding
/// round. A version once final is followed by final ones: what was published is corrected in the open.
/// </summary>
/// <param name="sources">Of evidence besides the test itself.</param>
internal sealed class IssueProfile(IEnumerable<FurtherEvidence> sources)
{
    /// <summary>What marking tells of (<see cref="ScoresChanged"/>).</summary>
    internal Task AfterScores(Db db, LoadedLedger ledger, string cause, Instant now) => Run(db, ledger, cause, final: false, now);

    /// <returns>
    /// False when a slot is still open, nothing has changed since the last version, or what has changed since the publication
    /// waits for the chair's protocol.
    /// </returns>
    internal async Task<bool> Run(Db db, LoadedLedger ledger, string cause, bool final, Instant now)
    {
        if (EffectiveResults.Of(ledger.Ledger) is not { } results) return false;
        var (session, form, policies) = (ledger.Session, ledger.Form, ledger.Policies);
        var previous = await ProfileStore.Latest(db, session.Id);
        var status = final || previous?.Status == Codes.Of(ProfileStatus.Final) ? ProfileStatus.Final : ProfileStatus.Provisional;
        if (previous?.Status == Codes.Of(ProfileStatus.Final) && !await ApproveMarking.CoversChange(db, ledger)) return false;
        var known = previous is null ? null : Read(previous);
        var subject = await SubjectOf(db, ledger);
        var rules = new ProfileRules(
            form.Framework, ledger.Scale,
            await policies.Made(db, PolicyKind.Profile, row => Task.FromResult(PolicyJson.Read<ProfilePolicy>(row.Content))));
        var evidence = Evidence.Of(EffectiveResults.Source, subject.TakenAt, form.Framework, results).ToList();
        foreach (var source in sources) evidence.AddRange(await source(db, subject));
        var equating = policies.Get<ScoringPolicy>(PolicyKind.Scoring).Equating;
        var calibration = await ApprovedCalibrations.Find(db, session.FormId, session.Variant, equating);
        var profile = ProfileBuilder.Build(
            new(Guid.CreateVersion7(now.ToDateTimeOffset()), (previous?.Version ?? 0) + 1, status, cause, now),
            subject, rules, evidence,
            calibrated: calibration is null
                ? null
                : new(results, calibration, await EntryResults.Find(db, session, subject.Stage, form, calibration)),
            earlier: await EarlierProfiles.Find(db, session, subject, form),
            dates: await DatesAfter.Find(db, ledger, subject.Stage, rules.Policy.Periods, status, known, now));
        if (previous is not null && previous.Status == Codes.Of(status) && Substance(profile) == Substance(known!)) return false;
        var content = JsonSerializer.Serialize(profile, Json.Options);
        var issued = new ProfileRow
        {
            Id = profile.Id,
            SessionId = session.Id,
            ParticipantId = session.ParticipantId,
            CampaignId = session.CampaignId,
            Version = profile.Version,
            Status = Codes.Of(status),
            Cause = cause,
            Content = content,
            Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))),
            IssuedAt = now,
        };
        await ProfileStore.Add(db, issued);
        if (previous is not null) await Tell(db, EventKind.ProfileSuperseded, previous, now);
        await Tell(db, EventKind.ProfileIssued, issued, now);
        return true;
    }

    /// <summary>What sessions tell of (<see cref="SessionAnnulled"/>): the version that stood till now does so no more.</summary>
    internal static async Task AfterAnnulment(Db db, Guid sessionId, Instant now)
    {
        if (await ProfileStore.Latest(db, sessionId) is { } stood) await Tell(db, EventKind.ProfileAnnulled, stood, now);
    }

    private static Task Tell(Db db, EventKind kind, ProfileRow profile, Instant now) => EventStore.Append(db, now, kind, new()
    {
        CampaignId = profile.CampaignId,
        ParticipantId = profile.ParticipantId,
        SessionId = profile.SessionId,
        ProfileId = profile.Id,
        Version = profile.Version,
    });

    internal static DeficitProfile Read(ProfileRow row) => Read(row.Content);

    internal static DeficitProfile Read(string content) =>
        JsonSerializer.Deserialize<DeficitProfile>(content, Json.Stored) ?? throw new JsonException("The text holds no profile.");

    private static async Task<ProfileSubject> SubjectOf(Db db, LoadedLedger ledger)
    {
        var (session, form) = (ledger.Session, ledger.Form.Form);
        var scale = ledger.Policies.Pinned(PolicyKind.LevelScale);
        var words = await ledger.Policies.Pinned(db, PolicyKind.Profile);
        var campaign = (await CampaignStore.Find(db, session.CampaignId))!;
        return new(
            ParticipantId: session.ParticipantId, SessionId: session.Id, CampaignId: session.CampaignId,
            Stage: Codes.Parse<CampaignStage>(campaign.Stage), Variant: session.Variant, FrameworkCode: form.FrameworkCode,
            FrameworkVersion: form.FrameworkVersion, LevelScaleCode: scale.Code, LevelScaleVersion: scale.Version,
            TakenAt: session.StartedAt!.Value, ProfilePolicyCode: words.Code, ProfilePolicyVersion: words.Version);
    }

    // What a reader would notice: all but the version's own name, number, time and cause.
    private static string Substance(DeficitProfile profile) =>
        JsonSerializer.Serialize(profile with { Id = default, Version = 0, Cause = "", IssuedAt = Instant.MinValue }, Json.Options);
}
