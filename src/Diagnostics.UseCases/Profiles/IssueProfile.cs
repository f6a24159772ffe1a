using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Diagnostics.Engine.Events;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Competencies;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Calibration;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// Issues the next version of a session's profile in the caller's transaction, as soon as every slot has a deciding
/// round. A version once final is followed by final ones: what was published is corrected in the open.
/// </summary>
internal static class IssueProfile
{
    /// <summary>What marking tells of (<see cref="ScoresChanged"/>).</summary>
    internal static Task AfterScores(Db db, LoadedLedger ledger, string cause, Instant now) => Run(db, ledger, cause, final: false, now);

    /// <returns>
    /// False when a slot is still open, nothing has changed since the last version, or what has changed since the publication
    /// waits for the chair's protocol.
    /// </returns>
    internal static async Task<bool> Run(Db db, LoadedLedger ledger, string cause, bool final, Instant now)
    {
        if (EffectiveResults.Of(ledger.Ledger) is not { } results) return false;
        var (session, form, policies) = (ledger.Session, ledger.Form, ledger.Policies);
        var previous = await ProfileStore.Latest(db, session.Id);
        var status = final || previous?.Status == Codes.Of(ProfileStatus.Final) ? ProfileStatus.Final : ProfileStatus.Provisional;
        if (previous?.Status == Codes.Of(ProfileStatus.Final) && !await ApproveMarking.CoversChange(db, ledger)) return false;
        var scale = policies.Pinned(PolicyKind.LevelScale);
        var campaign = (await CampaignStore.Find(db, session.CampaignId))!;
        var subject = new ProfileSubject(
            ParticipantId: session.ParticipantId, SessionId: session.Id, CampaignId: session.CampaignId,
            Stage: Codes.Parse<CampaignStage>(campaign.Stage), Variant: session.Variant, FrameworkCode: form.Form.FrameworkCode,
            FrameworkVersion: form.Form.FrameworkVersion, LevelScaleCode: scale.Code, LevelScaleVersion: scale.Version,
            TakenAt: session.StartedAt!.Value);
        var equating = policies.Get<ScoringPolicy>(PolicyKind.Scoring).Equating;
        var calibration = await ApprovedCalibrations.Find(db, session.FormId, session.Variant, equating);
        var profile = ProfileBuilder.Build(
            id: Guid.CreateVersion7(now.ToDateTimeOffset()), version: (previous?.Version ?? 0) + 1, status: status, cause: cause,
            issuedAt: now, subject: subject, framework: await FrameworkOf(db, form), scale: ledger.Scale, results: results,
            calibration: calibration,
            entry: calibration is null ? null : await EntryResults.Find(db, session, subject.Stage, form, calibration));
        if (previous is not null && previous.Status == Codes.Of(status) && Substance(profile) == Substance(Read(previous))) return false;
        var content = JsonSerializer.Serialize(profile, Json.Options);
        await ProfileStore.Add(db, new ProfileRow
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
        });
        await EventStore.Append(db, now, EventKind.ProfileIssued, new()
        {
            CampaignId = session.CampaignId,
            ParticipantId = session.ParticipantId,
            SessionId = session.Id,
            ProfileId = profile.Id,
            Version = profile.Version,
        });
        return true;
    }

    internal static DeficitProfile Read(ProfileRow row) =>
        JsonSerializer.Deserialize<DeficitProfile>(row.Content, Json.Stored) ?? throw new JsonException("The text holds no profile.");

    internal static async Task<Framework> FrameworkOf(Db db, FormContent form) =>
        BankJson.ReadFramework((await FrameworkStore.Find(db, form.Form.FrameworkCode, form.Form.FrameworkVersion))!.Content);

    // What a reader would notice: all but the version's own name, number, time and cause.
    private static string Substance(DeficitProfile profile) =>
        JsonSerializer.Serialize(profile with { Id = default, Version = 0, Cause = "", IssuedAt = Instant.MinValue }, Json.Options);
}
