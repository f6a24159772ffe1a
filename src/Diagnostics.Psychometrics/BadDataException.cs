namespace Diagnostics.Psychometrics;

/// <summary>Thrown before any computation when no statistic can be computed from the data.</summary>
/// <param name="row">0-based; null when no single row is at fault.</param>
/// <param name="column">0-based; null when no single column is at fault.</param>
public sealed class BadDataException(string message, int? row, int? column) : Exception(message)
{
    /// <summary>0-based.</summary>
    public int? Row { get; } = row;

    /// <summary>0-based.</summary>
    public int? Column { get; } = column;
}
