namespace Diagnostics.Psychometrics;

/// <summary>Persons × items of non-negative whole scores; −1 = not presented or missing.</summary>
public sealed class ScoreMatrix
{
    /// <summary>Sums and sums of squares of higher scores could overflow the integer types.</summary>
    public const int HighestScore = 1_000_000;

    private readonly int[,] scores;
    private readonly int[] maxima;
    private readonly bool[] answered;

    /// <exception cref="BadDataException">A score is below −1 or above <see cref="HighestScore"/>.</exception>
    public ScoreMatrix(int[,] scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        this.scores = (int[,])scores.Clone();
        (maxima, answered) = (new int[scores.GetLength(1)], new bool[scores.GetLength(1)]);
        for (var person = 0; person < Persons; person++)
        for (var item = 0; item < Items; item++)
        {
            var score = scores[person, item];
            if (score < -1)
                throw new BadDataException(
                    $"Score {score} in row {person}, column {item} (both 0-based): a score is 0 or more, or −1 when missing.",
                    person,
                    item
                );
            if (score > HighestScore)
                throw new BadDataException(
                    $"Score {score} in row {person}, column {item} (both 0-based) is above {HighestScore}.",
                    person,
                    item
                );
            maxima[item] = Math.Max(maxima[item], score);
            answered[item] |= score >= 0;
        }
    }

    public int Persons => scores.GetLength(0);
    public int Items => scores.GetLength(1);
    public int this[int person, int item] => scores[person, item];

    public bool IsMissing(int person, int item) => scores[person, item] < 0;

    /// <summary>Whether anybody has a score on the item.</summary>
    public bool IsAnswered(int item) => answered[item];

    /// <summary>The highest score seen on the item; 0 when nobody has one.</summary>
    public int Maximum(int item) => maxima[item];
}
