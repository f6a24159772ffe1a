using Diagnostics.Engine;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Calibration;

/// <summary>
/// Exports the files of <see cref="ScoreFiles"/>, for a form with all its campaigns or for one campaign.
/// </summary>
internal sealed class ExportScores(Executor executor, ScoreExport export)
    : UseCase<ExportScores.Request, SortedDictionary<string, string>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ExportScores),
        CalibrationRights.OperatorsOfEverything,
        Trail.Shows("scores.exported")
    );

    /// <param name="Cancel">Stops the export when the caller goes away, because reading a region's sessions takes a
    /// long time.</param>
    internal sealed record Request(Guid? FormId, Guid? CampaignId, CancellationToken Cancel);

    protected override async Task<Result<SortedDictionary<string, string>>> Handle(Request request, Caller caller)
    {
        if ((await export.Find(request.FormId, request.CampaignId)).Refused(out var refusal, out var source))
            return refusal;
        if (!Reaches(caller, default))
            return CalibrationRights.KeysInside;
        return await export.Write(source, caller.Id, request.Cancel);
    }
}
