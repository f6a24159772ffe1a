using System.Text;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Events;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Calibration;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// Returns evidence that another stage has about this person's competencies, such as a questionnaire, pupils' results
/// or an observation.
/// </summary>
/// <returns>Empty when the stage has none.</returns>
internal delegate Task<IReadOnlyList<Evidence>> FurtherEvidence(Db db, ProfileSubject subject);

/// <summary>
/// Issues the next version of a session's profile in the caller's transaction, as soon as every slot has a deciding
/// round. After a final version only final versions follow, because published results are corrected openly.
/// </summary>
/// <param name="sources">Sources of evidence besides the test itself.</param>
/// <param name="changed">Called when a published result has changed.</param>
internal sealed class IssueProfile(IEnumerable<FurtherEvidence> sources, FormCatalog forms, EvidenceChanged changed)
{
    /// <summary>Called by the Marking stage when scores have changed (<see cref="ScoresChanged"/>).</summary>
    internal Task AfterScores(Db db, LoadedLedger ledger, string cause, Instant now) => Run(db, ledger, cause, final: false, now);

    /// <returns>
    /// False when a slot is still open, when nothing has changed since the last version, or when a change since the
    /// publication waits for the chair's protocol.
    /// </returns>
    internal async Task<bool> Run(Db db, LoadedLedger ledger, string cause, bool final, Instant now)
    {
        var issued = await Issue(db, ledger, cause, final, now);
        if (issued is ProfileStatus.Final)
            await Follow(db, ledger.Session.Id, now);
        return issued is not null;
    }

    /// <returns>The status of the issued version; null when none was issued.</returns>
    private async Task<ProfileStatus?> Issue(Db db, LoadedLedger ledger, string cause, bool final, Instant now)
    {
        if (EffectiveResults.Of(ledger.Ledger) is not { } results)
            return null;
        var (session, form, policies) = (ledger.Session, ledger.Form, ledger.Policies);
        var previous = await ProfileStore.LatestVersion(db, session.Id);
        var status = final || previous?.Status == Codes.Of(ProfileStatus.Final) ? ProfileStatus.Final : ProfileStatus.Provisional;
        if (previous?.Status == Codes.Of(ProfileStatus.Final) && !await ApproveMarking.CoversChange(db, ledger))
            return null;
        // Read the content of the previous version only if it has the same status, in order to compare it with the new
        // one. At publication the previous version is provisional in every session, so its content is not needed.
        var known = previous?.Status == Codes.Of(status) ? Read((await ProfileStore.Latest(db, session.Id))!) : null;
        var subject = await SubjectOf(db, ledger);
        var rules = new ProfileRules(
            form.Framework,
            ledger.Scale,
            await policies.Made(db, PolicyKind.Profile, row => Task.FromResult(PolicyJson.Read<ProfilePolicy>(row.Content)))
        );
        var evidence = Evidence.Of(EffectiveResults.Source, subject.TakenAt, form.Framework, results).ToList();
        foreach (var source in sources)
            evidence.AddRange(await source(db, subject));
        var equating = policies.Get<ScoringPolicy>(PolicyKind.Scoring).Equating;
        var calibration = await ApprovedCalibrations.Find(db, session.FormId, session.Variant, equating);
        var profile = ProfileBuilder.Build(
            new(Guid.CreateVersion7(now.ToDateTimeOffset()), (previous?.Version ?? 0) + 1, status, cause, now),
            subject,
            rules,
            evidence,
            calibrated: calibration is null
                ? null
                : new(results, calibration, await EntryResults.Find(db, session, subject.Stage, form, calibration)),
            earlier: await EarlierProfiles.Find(db, session, subject, form),
            dates: await DatesAfter.Find(db, ledger, subject.Stage, rules.Policy.Periods, status, known, now)
        );
        if (known is not null && Substance(profile) == Substance(known))
            return null;
        var content = JsonSerializer.SerializeToUtf8Bytes(profile, Json.Options);
        var issued = new ProfileRow
        {
            Id = profile.Id,
            SessionId = session.Id,
            ParticipantId = session.ParticipantId,
            CampaignId = session.CampaignId,
            Version = profile.Version,
            Status = Codes.Of(status),
            Cause = cause,
            Content = Encoding.UTF8.GetString(content),
            Fingerprint = Digest.Of(content),
            IssuedAt = now,
        };
        await ProfileStore.Add(db, issued);
        if (previous is not null)
            await Tell(db, EventKind.ProfileSuperseded, issued with { Id = previous.Id, Version = previous.Version }, now);
        await Tell(db, EventKind.ProfileIssued, issued, now);
        if (status is ProfileStatus.Final)
            await changed(db, session.ParticipantId, now);
        return status;
    }

    /// <summary>
    /// Called by the Sessions stage when a session was annulled (<see cref="SessionAnnulled"/>). The profile's last
    /// version is then no longer valid.
    /// </summary>
    internal async Task AfterAnnulment(Db db, Guid sessionId, Instant now)
    {
        if (await ProfileStore.Latest(db, sessionId) is not { } stood)
            return;
        await Tell(db, EventKind.ProfileAnnulled, stood, now);
        await changed(db, stood.ParticipantId, now);
        await Follow(db, sessionId, now);
    }

    /// <summary>
    /// Called by the Sessions stage when an annulment was undone (<see cref="SessionRestored"/>). The profile's last
    /// version is then valid again.
    /// </summary>
    internal async Task AfterRestoration(Db db, Guid sessionId, Instant now)
    {
        if (await ProfileStore.Latest(db, sessionId) is not { } stands)
            return;
        await Tell(db, EventKind.ProfileIssued, stands, now);
        await changed(db, stands.ParticipantId, now);
        await Follow(db, sessionId, now);
    }

    /// <summary>
    /// Corrects the person's later published profiles, because they are compared with this result, and this result has
    /// changed, was annulled, or was published after them. They are corrected in the order in which the sessions took
    /// place, because each rests on those before it.
    /// </summary>
    private async Task Follow(Db db, Guid sessionId, Instant now)
    {
        foreach (var id in await ProfileStore.SessionsAfter(db, sessionId))
        {
            var later = (await SessionStore.Find(db, id))!;
            await Issue(db, await LoadedLedger.Load(db, later, await forms.Get(db, later.FormId)), "rescored", final: false, now);
        }
    }

    private static Task Tell(Db db, EventKind kind, ProfileRow profile, Instant now) =>
        EventStore.Append(
            db,
            now,
            kind,
            new()
            {
                CampaignId = profile.CampaignId,
                ParticipantId = profile.ParticipantId,
                SessionId = profile.SessionId,
                ProfileId = profile.Id,
                Version = profile.Version,
            }
        );

    internal static DeficitProfile Read(ProfileRow row) => Read(row.Content);

    internal static DeficitProfile Read(string content) =>
        JsonSerializer.Deserialize<DeficitProfile>(content, Json.Stored) ?? throw new JsonException("The text holds no profile.");

    private static async Task<ProfileSubject> SubjectOf(Db db, LoadedLedger ledger)
    {
        var (session, form) = (ledger.Session, ledger.Form.Form);
        var scale = ledger.Policies.Pinned(PolicyKind.LevelScale);
        var words = await ledger.Policies.Pinned(db, PolicyKind.Profile);
        return new(
            ParticipantId: session.ParticipantId,
            SessionId: session.Id,
            CampaignId: session.CampaignId,
            Stage: await ledger.Policies.Stage(db),
            Variant: session.Variant,
            FrameworkCode: form.FrameworkCode,
            FrameworkVersion: form.FrameworkVersion,
            LevelScaleCode: scale.Code,
            LevelScaleVersion: scale.Version,
            TakenAt: session.StartedAt!.Value,
            ProfilePolicyCode: words.Code,
            ProfilePolicyVersion: words.Version
        );
    }

    // The part of a profile whose change a reader would notice: everything except the version's own id, number, time
    // and cause.
    private static string Substance(DeficitProfile profile) =>
        JsonSerializer.Serialize(profile with { Id = default, Version = 0, Cause = "", IssuedAt = Instant.MinValue }, Json.Options);
}
