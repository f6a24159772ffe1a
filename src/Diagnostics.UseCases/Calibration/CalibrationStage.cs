using Diagnostics.Engine.Calibration;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Calibration;

/// <summary>
/// The computation is a separate singleton, so that a test can replace it with a computation that waits.
/// </summary>
internal delegate CalibrationResult CalibrationComputation(
    CalibrationInputs inputs,
    CalibrationOptions options,
    Action<CalibrationProgress> report,
    CancellationToken cancel
);

internal static class CalibrationStage
{
    internal static void AddCalibration(this IServiceCollection services)
    {
        services.AddSingleton<CalibrationComputation>(CalibrationWork.Run);
        services.AddSingleton<Signal<CalibrationWorker>>();
        services.AddSingleton<CalibrationReader>();
        services.AddSingleton<ScoreExport>();
        services.AddSingleton<CalibrationWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<CalibrationWorker>());
    }
}
