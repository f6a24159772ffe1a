using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.People;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>Who processes the personal data, in the words of the law the operator (152-ФЗ, article 3).</summary>
/// <param name="Name">The full name and the address; null when the setting is empty.</param>
internal sealed record DataOperator(string? Name)
{
    internal const string SettingName = "Diagnostics:Operator";

    internal static DataOperator Setting(string? name) => new(string.IsNullOrWhiteSpace(name) ? null : name.Trim());
}

/// <summary>Records consents; they must be given to exactly the texts that apply.</summary>
internal static class Consents
{
    internal const string ParticipationCode = "participation";
    internal const string DataProcessingCode = "data-processing";
    internal const string ProfileSharingCode = "profile-sharing";

    /// <summary>Records the consent to take part, given to the version that the campaign pins.</summary>
    /// <returns>Id of the consent.</returns>
    internal static async Task<Result<Guid>> Participate(
        Db db,
        Guid campaignId,
        Guid participantId,
        ConsentGiven given,
        DataOperator to,
        Instant now
    )
    {
        var pinned = await CampaignPolicies.Pinned(db, campaignId, PolicyKind.Consent);
        if (Check(given, pinned, "consent") is { } refusal)
            return refusal;
        return await Add(db, participantId, ConsentStore.Participation, pinned, to, now);
    }

    /// <summary>
    /// Records the consent to the processing of personal data that comes with an application. Where the text about taking part
    /// leaves the processing to a document of its own, nobody applies without it.
    /// </summary>
    internal static async Task<Result<Done>> Process(
        Db db,
        Guid campaignId,
        Guid participantId,
        ConsentGiven? given,
        DataOperator to,
        Instant now
    )
    {
        if (given is not null)
            return await Record(db, participantId, ConsentStore.DataProcessing, given, "dataProcessing", to, now);
        var pinned = await CampaignPolicies.Get<ConsentText>(db, campaignId, PolicyKind.Consent);
        if (pinned.ProcessingApart is not true || await ConsentStore.Has(db, participantId, ConsentStore.DataProcessing))
            return default(Done);
        var latest = await PolicyStore.Latest(db, PolicyKind.Consent, DataProcessingCode);
        return latest is null
            ? default(Done)
            : Refusal
                .Invalid(
                    "data-processing-not-consented",
                    "Согласие на обработку персональных данных — отдельный документ: без него заявление подать нельзя."
                )
                .With("field", "dataProcessing")
                .With("consent", new ConsentReference(latest.Code, latest.Version));
    }

    /// <summary>
    /// Records a consent to the latest text of its kind; does nothing when a consent to the same text is already in force.
    /// </summary>
    /// <param name="field">Name of the request's member that contains the consent; null when the consent is the whole
    /// request.</param>
    internal static async Task<Result<Done>> Record(
        Db db,
        Guid participantId,
        string kind,
        ConsentGiven given,
        string? field,
        DataOperator to,
        Instant now
    )
    {
        if (await PolicyStore.Latest(db, PolicyKind.Consent, CodeOf(kind)) is not { } latest)
            return Refusal.Conflict("consent-text-missing", "Текста этого согласия ещё нет.");
        if (Check(given, latest, field) is { } refusal)
            return refusal;
        var inForce = (await ConsentStore.OfParticipant(db, participantId)).Any(consent =>
            consent.Kind == kind
            && consent.WithdrawnAt is null
            && (kind == ConsentStore.ProfileSharing || (consent.TextCode == latest.Code && consent.TextVersion == latest.Version))
        );
        if (!inForce)
            await Add(db, participantId, kind, latest, to, now);
        return default(Done);
    }

    /// <summary>
    /// Null when somebody else may hand in the consents that the person has signed: not after the person has withdrawn one of
    /// them and has not given it again.
    /// </summary>
    internal static async Task<Refusal?> CheckGiver(Db db, Guid participantId) =>
        (await ConsentStore.OfParticipant(db, participantId))
            .Where(consent => consent.Kind != ConsentStore.ProfileSharing)
            .GroupBy(consent => consent.Kind)
            .Any(given => given.All(consent => consent.WithdrawnAt is not null))
            ? WithdrawnByPerson
            : null;

    private static readonly Refusal WithdrawnByPerson = Refusal.Forbidden(
        "consent-by-person-only",
        "Человек отозвал согласие: снова дать его может только он сам, после входа."
    );

    /// <summary>Code of the policy with the texts of a kind of consent.</summary>
    internal static string CodeOf(string kind) =>
        kind switch
        {
            ConsentStore.Participation => ParticipationCode,
            ConsentStore.DataProcessing => DataProcessingCode,
            ConsentStore.ProfileSharing => ProfileSharingCode,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    internal static Refusal NotAccepted(string field) =>
        Refusal.Invalid("consent-not-accepted", "Без согласия это невозможно: accepted должно быть true.").With("field", field);

    private static Refusal? Check(ConsentGiven given, PolicyRow wanted, string? within)
    {
        if (!given.Accepted)
            return NotAccepted(within ?? "accepted");
        return given.Code == wanted.Code && given.Version == wanted.Version
            ? null
            : Refusal
                .Invalid("consent-version", $"Нужно согласие с текстом «{wanted.Code}» версии {wanted.Version}: покажите его человеку.")
                .With("field", within ?? (given.Code == wanted.Code ? "version" : "code"))
                .With("consent", new ConsentReference(wanted.Code, wanted.Version));
    }

    private static async Task<Guid> Add(Db db, Guid participantId, string kind, PolicyRow text, DataOperator to, Instant now)
    {
        var id = Guid.CreateVersion7(now.ToDateTimeOffset());
        await ConsentStore.Add(
            db,
            new ConsentRow
            {
                Id = id,
                ParticipantId = participantId,
                Kind = kind,
                TextCode = text.Code,
                TextVersion = text.Version,
                GivenAt = now,
                Operator = to.Name,
            }
        );
        await EventStore.Append(
            db,
            now,
            EventKind.ConsentGiven,
            new()
            {
                ParticipantId = participantId,
                ConsentKind = kind,
                Version = text.Version,
            }
        );
        return id;
    }
}
