using Diagnostics.Psychometrics;

namespace Diagnostics.Engine.Calibration;

/// <summary>The people and slots of one variant, and the matrix of all variants together.</summary>
internal sealed class VariantScores
{
    private VariantScores(int variant, IReadOnlyList<CalibrationItem> items, IReadOnlyList<CalibrationPerson> persons)
    {
        (Variant, Items, Persons) = (variant, items, persons);
        Maxima = items.Select(item => item.Maximum).ToArray();
        var scores = new int[persons.Count, items.Count];
        for (var row = 0; row < persons.Count; row++)
        for (var column = 0; column < items.Count; column++)
            scores[row, column] = persons[row].Scores[column];
        Scores = new(scores);
        Totals = persons.Select(person => person.Scores.Sum()).ToArray();
    }

    internal int Variant { get; }
    internal IReadOnlyList<CalibrationItem> Items { get; }
    internal IReadOnlyList<CalibrationPerson> Persons { get; }
    internal int[] Maxima { get; }
    internal int Maximum => Maxima.Sum();

    /// <summary>Scores without gaps: a blank earns 0 points.</summary>
    internal ScoreMatrix Scores { get; }

    internal int[] Totals { get; }

    internal int[] Column(int item) => Persons.Select(person => person.Scores[item]).ToArray();

    /// <summary>Each person's points on a block.</summary>
    internal int[] BlockTotals(string block) =>
        Persons.Select(person => Items.Select((item, at) => item.Block == block ? person.Scores[at] : 0).Sum()).ToArray();

    /// <summary>
    /// Builds the variants. The people of each variant are put in a fixed order, whatever order they were read in. So
    /// ties at the edges of the extreme groups and of the fifths are always broken in the same way.
    /// </summary>
    internal static IReadOnlyList<VariantScores> Of(CalibrationInputs inputs) =>
        inputs
            .Variants.Select(variant => new VariantScores(
                variant,
                inputs.Of(variant),
                inputs.Persons.Where(person => person.Variant == variant).OrderBy(person => person.SessionId).ToList()
            ))
            .ToList();

    /// <summary>
    /// The distinct points that people earned for an item. They are the item's categories in a model, because a model
    /// cannot have a category without people.
    /// </summary>
    internal int[] Categories(int item) => Persons.Select(person => person.Scores[item]).Distinct().Order().ToArray();

    /// <summary>
    /// A matrix of people × items of all the given variants, with scores as categories. −1 stands for an item that was
    /// not presented because it belongs to another variant.
    /// </summary>
    internal static ScoreMatrix Together(IReadOnlyList<VariantScores> variants)
    {
        var scores = new int[variants.Sum(variant => variant.Persons.Count), variants.Sum(variant => variant.Items.Count)];
        for (var row = 0; row < scores.GetLength(0); row++)
        for (var column = 0; column < scores.GetLength(1); column++)
            scores[row, column] = -1;
        var (person, first) = (0, 0);
        foreach (var variant in variants)
        {
            var categories = Enumerable.Range(0, variant.Items.Count).Select(variant.Categories).ToArray();
            foreach (var each in variant.Persons)
            {
                for (var item = 0; item < variant.Items.Count; item++)
                    scores[person, first + item] = Array.BinarySearch(categories[item], each.Scores[item]);
                person++;
            }
            first += variant.Items.Count;
        }
        return new(scores);
    }
}
