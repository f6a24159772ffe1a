namespace Diagnostics.Psychometrics;

/// <summary>The data cannot be what they are said to be. Thrown before anything is computed.</summary>
/// <param name="row">The row, 0-based; null when the fault has no one row.</param>
/// <param name="column">The column, 0-based; null when the fault has no one column.</param>
public sealed class BadDataException(string message, int? row, int? column) : Exception(message)
{
    public int? Row { get; } = row;
    public int? Column { get; } = column;
}
