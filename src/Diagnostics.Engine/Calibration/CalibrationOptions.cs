using System.Text.Json.Serialization;

namespace Diagnostics.Engine.Calibration;

/// <summary>
/// The item response model to fit. Partial credit models take dichotomous and polytomous items together.
/// </summary>
public enum CalibrationModel
{
    /// <summary>For dichotomous items only: one parameter for each item.</summary>
    Rasch,

    /// <summary>Partial credit; its dichotomous items follow the Rasch model.</summary>
    Pcm,

    /// <summary>For dichotomous items only: each item has its own slope.</summary>
    TwoPl,

    /// <summary>Generalized partial credit; its dichotomous items follow the 2PL model.</summary>
    Gpcm,
}

/// <summary>Options of a calibration; they are part of its fingerprint.</summary>
/// <param name="MinPersons">
/// Smallest number of people who must have sat a variant, 30–100,000. The default is 100 for a common slope
/// (difficulties within about half a logit: Linacre, J. M. (1994), Rasch Measurement Transactions, 7(4), 328) and 250
/// for separate slopes (de Ayala, R. J. (2009), The theory and practice of item response theory, ch. 5).
/// </param>
/// <param name="SlopePrior">Whether separate slopes get a log-normal prior (0; 0.5), which keeps them finite when
/// people are few.</param>
/// <param name="MostIterations">The run gives up after this many passes over the data, 1–10,000.</param>
public sealed record CalibrationOptions(CalibrationModel Model, int? MinPersons = null, bool SlopePrior = false, int MostIterations = 500)
{
    /// <summary>
    /// Version of the computation. It rises whenever equal inputs may give other numbers than before, so that a run by
    /// the new method gets another fingerprint.
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

    /// <summary>A refusal when an option is invalid; otherwise null.</summary>
    public Refusal? Check() =>
        this switch
        {
            { MinPersons: < LeastPersons or > MostPersons } => Wrong($"minPersons — от {LeastPersons} до {MostPersons}.", "minPersons"),
            { SlopePrior: true, HasOwnSlopes: false } => Wrong(
                "slopePrior — только для two_pl и gpcm: у остальных моделей наклон общий.",
                "slopePrior"
            ),
            { MostIterations: < 1 or > MostPasses } => Wrong($"mostIterations — от 1 до {MostPasses}.", "mostIterations"),
            _ => null,
        };

    private static Refusal Wrong(string detail, string field) => Refusal.Invalid("calibration-options", detail).With("field", field);
}
