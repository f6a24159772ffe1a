using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;

namespace Diagnostics.UseCases.Appeals;

/// <summary>The effect of a proposal, checked against the present ledger and policy.</summary>
/// <param name="Ledger">The session's ledger; null unless this is a score appeal.</param>
/// <param name="Slot">The disputed slot; null unless this is a score appeal.</param>
/// <param name="Marks">New marks for the slot; null when no points change.</param>
internal sealed record CheckedProposal(SessionRow Session, LoadedLedger? Ledger, int? Slot, RubricMarks? Marks)
{
    internal static async Task<Result<CheckedProposal>> Of(
        Db db,
        AppealRow appeal,
        FormContent form,
        CampaignPolicies policies,
        AppealsPolicy policy,
        AppealOutcome outcome,
        IReadOnlyDictionary<string, Points>? criteria
    )
    {
        var session = (await SessionStore.Find(db, appeal.SessionId))!;
        // When the operator has annulled the session, its points are gone, so a score appeal can only be rejected. In a
        // procedural appeal the commission may still decide on a repeated sitting.
        if (session.Clock.State is SessionState.Annulled && appeal.Slot is not null && outcome is not AppealOutcome.Rejected)
            return AppealRights.SessionAnnulled;
        if (appeal.Slot is not { } number)
        {
            if (criteria is not null)
                return Refusal.Invalid("criteria-unexpected", "Апелляция о нарушении порядка баллов не меняет.").With("field", "criteria");
            return AppealRules.CheckOutcome(AppealKind.Procedural, outcome, null, null, policy) is { } unfit
                ? unfit
                : new CheckedProposal(session, null, null, null);
        }
        var ledger = await LoadedLedger.Load(db, session, form, policies);
        RubricMarks? marks = null;
        var item = form.Find(session.Variant, number)!.Item;
        if (criteria is not null && RubricMarks.Of(item, criteria).Refused(out var odd, out marks))
            return odd;
        var before = ledger.Ledger.Deciding(number)?.Points;
        return AppealRules.CheckOutcome(AppealKind.Score, outcome, before, marks?.Score, policy) is { } refusal
            ? refusal
            : new CheckedProposal(session, ledger, number, marks);
    }
}
