namespace Diagnostics.Psychometrics;

/// <summary>Data that no statistic can be computed from; thrown before any computation.</summary>
/// <param name="row">0-based; null when no single row is at fault.</param>
/// <param name="column">0-based; null when no single column is at fault.</param>
public sealed class BadDataException(string message, int? row, int? column) : Exception(message)
{
    /// <summary>0-based.</summary>
    public int? Row { get; } = row;
    /// <summary>0-based.</summary>
    public int? Column { get; } = column;
}
