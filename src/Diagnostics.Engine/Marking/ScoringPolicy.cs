namespace Diagnostics.Engine.Marking;

/// <param name="Normalisation">Of short answers, e.g. <c>ru-1</c>.</param>
/// <param name="RequireKeyReview">Results are published only when every unmatched short answer has been decided.</param>
/// <param name="Equating">How results on a variant that proved harder or easier are told in points of the first; absent: never.</param>
public sealed record ScoringPolicy(string Normalisation, bool RequireKeyReview, EquatingRule? Equating = null)
{
    /// <summary>What is wrong with the document; empty when nothing is.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Normalisation != "ru-1") yield return "normalisation — известно только правило «ru-1».";
    }
}

/// <summary>How points of a variant become points of the reference variant.</summary>
public enum EquatingRule { Mean, Linear, Equipercentile }
