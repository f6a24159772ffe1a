namespace Diagnostics.UseCases.Execution;

/// <summary>Writes numbers with the right forms of Russian nouns.</summary>
internal static class Russian
{
    /// <param name="one">«1 задание».</param>
    /// <param name="few">«2 задания».</param>
    /// <param name="many">«5 заданий».</param>
    internal static string Count(long number, string one, string few, string many) =>
        $"{number} {((number % 100 is >= 11 and <= 14, number % 10) switch
        {
            (false, 1) => one,
            (false, >= 2 and <= 4) => few,
            _ => many,
        })}";
}
