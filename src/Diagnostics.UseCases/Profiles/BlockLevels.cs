using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage;
using Diagnostics.UseCases.Calibration;
using Diagnostics.UseCases.Marking;

namespace Diagnostics.UseCases.Profiles;

/// <summary>The level that a block of a session's profile has for given results.</summary>
internal sealed record BlockLevels(LevelScale Scale, IReadOnlyList<EquatingTable> Equatings)
{
    internal static async Task<BlockLevels> Of(Db db, LoadedLedger ledger)
    {
        var session = ledger.Session;
        var equatings = ledger.Policies.Get<ScoringPolicy>(PolicyKind.Scoring).Equating is { } equating
            ? (await ApprovedCalibrations.Find(db, session.FormId, session.Variant, equating))?.Equatings
            : null;
        return new(ledger.Scale, equatings ?? []);
    }

    internal (ResultShare Share, ScaleLevel Level) Of(IReadOnlyList<SlotResult> results, string block)
    {
        var of = results.Where(result => result.Block == block).ToList();
        var earned = new ResultShare(of.Select(result => result.Earned).Sum(), of.Select(result => result.Maximum).Sum());
        var share = Equating.Of(earned, Equatings.FirstOrDefault(table => table.Block == block));
        return (share, Scale.LevelOf(share, block));
    }
}
