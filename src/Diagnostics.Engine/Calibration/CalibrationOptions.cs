using System.Text.Json.Serialization;

namespace Diagnostics.Engine.Calibration;

/// <summary>Which item response model is fitted. Partial credit models take dichotomous and polytomous items together.</summary>
public enum CalibrationModel
{
    /// <summary>Of dichotomous items only: one parameter an item.</summary>
    Rasch,

    /// <summary>Partial credit; Rasch for its dichotomous items.</summary>
    Pcm,

    /// <summary>Of dichotomous items only: a slope of its own for every item.</summary>
    TwoPl,

    /// <summary>Generalized partial credit; 2PL for its dichotomous items.</summary>
    Gpcm,
}

/// <summary>How a calibration is done; part of its fingerprint.</summary>
/// <param name="MinPersons">
/// Fewest people a variant must have been sat by, 30–100,000. Unless given, 100 for a common slope (difficulties within about half a logit:
/// Linacre, J. M. (1994), Rasch Measurement Transactions, 7(4), 328) and 250 for slopes of their own (de Ayala, R. J. (2009), The theory
/// and practice of item response theory, ch. 5).
/// </param>
/// <param name="SlopePrior">A log-normal prior (0; 0.5) on slopes of their own, which keeps them finite with few people.</param>
/// <param name="MostIterations">Passes over the data after which the run is given up, 1–10,000.</param>
public sealed record CalibrationOptions(CalibrationModel Model, int? MinPersons = null, bool SlopePrior = false, int MostIterations = 500)
{
    /// <summary>
    /// Of the computation: rises whenever the same inputs may give other numbers, so that such a run has another fingerprint.
    /// </summary>
    public const int MethodVersion = 1;

    public const int LeastPersons = 30;
    private const int MostPersons = 100_000;
    private const int MostPasses = 10_000;

    [JsonIgnore]
    public bool HasOwnSlopes => Model is CalibrationModel.TwoPl or CalibrationModel.Gpcm;

    [JsonIgnore]
    public bool IsDichotomous => Model is CalibrationModel.Rasch or CalibrationModel.TwoPl;

    [JsonIgnore]
    public int PersonsNeeded => MinPersons ?? (HasOwnSlopes ? 250 : 100);

    /// <summary>What is wrong with them; null when nothing is.</summary>
    public Refusal? Check() => this switch
    {
        { MinPersons: < LeastPersons or > MostPersons } => Wrong($"minPersons — от {LeastPersons} до {MostPersons}.", "minPersons"),
        { SlopePrior: true, HasOwnSlopes: false } => Wrong("slopePrior — только для two_pl и gpcm: у остальных моделей наклон общий.", "slopePrior"),
        { MostIterations: < 1 or > MostPasses } => Wrong($"mostIterations — от 1 до {MostPasses}.", "mostIterations"),
        _ => null,
    };

    private static Refusal Wrong(string detail, string field) => Refusal.Invalid("calibration-options", detail).With("field", field);
}
