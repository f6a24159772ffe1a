using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.Profiles;

/// <summary>
/// The words that a profile adds to its numbers, and its rules. It is a policy: campaigns pin its versions, and a
/// version never changes.
/// </summary>
/// <param name="Words">The first entry that names a block applies to the block; an entry that names none applies to all
/// other blocks.</param>
/// <param name="Competencies">When a competency has enough evidence for a level.</param>
public sealed record ProfilePolicy(
    IReadOnlyList<BlockWords> Words,
    EvidenceRule Competencies,
    DeficitSentences Sentences,
    ChangeRule Change,
    RoutePeriods Periods
)
{
    public BlockWords? WordsOf(string block) =>
        Words.FirstOrDefault(words => words.Blocks.Contains(block)) ?? Words.FirstOrDefault(words => words.Blocks.Count == 0);

    /// <summary>Faults of the document; empty when there are none.</summary>
    public IEnumerable<string> Faults()
    {
        if (Words.Count(words => words.Blocks.Count == 0) != 1)
            yield return "words: ровно одна запись без блоков — для всех, что не названы.";
        foreach (var block in Words.SelectMany(words => words.Blocks).CountBy(block => block).Where(count => count.Value > 1))
            yield return $"words: блок {block.Key} назван дважды.";
        if (Competencies.MinItems < 1 || Competencies.MinPoints <= Points.Zero)
            yield return "competencies: нужно хотя бы одно задание и больше нуля баллов.";
        foreach (
            var fault in Words
                .SelectMany(words => words.Faults())
                .Concat(Sentences.Faults())
                .Concat(Change.Faults())
                .Concat(Periods.Faults())
        )
            yield return fault;
    }
}

/// <summary>The meaning of levels in one kind of block (clauses 3.4.1 and 3.4.2).</summary>
/// <param name="Blocks">Codes of blocks; empty = all blocks that no other entry names.</param>
/// <param name="Levels">Words for each of the four possible levels; a scale of three levels uses three of them.</param>
/// <param name="WithoutDeficit">Used instead of the level's meaning when every point was earned.</param>
/// <param name="Reached">Present where the regulation also describes levels by difficulty, which it does for subject
/// competencies.</param>
public sealed record BlockWords(
    IReadOnlyList<string> Blocks,
    IReadOnlyList<LevelWords> Levels,
    string WithoutDeficit,
    ReachedWords? Reached = null
)
{
    public LevelWords Of(DeficitLevel level) => Levels.First(words => words.Level == level);

    internal IEnumerable<string> Faults()
    {
        if (!Levels.Select(words => words.Level).Order().SequenceEqual(Enum.GetValues<DeficitLevel>()))
            yield return "words.levels: каждый из четырёх уровней — по одному разу.";
        foreach (
            var text in Levels.SelectMany(words => new[] { words.Meaning, words.Technology, words.Recommendation }).Append(WithoutDeficit)
        )
            if (DocumentText.Fault("words", text) is { } fault)
                yield return fault;
        foreach (var fault in Reached?.Faults() ?? [])
            yield return fault;
    }
}

/// <param name="Meaning">The level's meaning for the person's work.</param>
/// <param name="Technology">How the route is built: by an individual plan, by a programme, by informal education (table
/// of clause 3.4).</param>
/// <param name="Recommendation">How to remove the deficit (the same table).</param>
public sealed record LevelWords(DeficitLevel Level, string Meaning, string Technology, string Recommendation);

/// <summary>
/// The difficulty of the items that the person solves: «преимущественно базового уровня» (clause 3.4.1).
/// </summary>
/// <param name="FromPercent">With this result or a higher one, the items of a difficulty count as solved.</param>
/// <param name="PartlyFromPercent">With this result or a higher one, they count as partly solved.</param>
public sealed record ReachedWords(
    decimal FromPercent,
    decimal PartlyFromPercent,
    string BelowBasic,
    string Basic,
    string PartlyAdvanced,
    string Advanced,
    string All
)
{
    private const int Knowledge = 1,
        Typical = 2,
        Unusual = 3;

    /// <param name="enough">When the lowest difficulty has fewer points than this rule requires, a failure there says
    /// less than success with harder items.</param>
    /// <returns>Null where nothing is known about the lowest difficulty: none of its items was given, or too few were
    /// given and no harder item was solved.</returns>
    internal string? Of(IReadOnlyList<DifficultyResult> difficulties, EvidenceRule enough)
    {
        if (Find(Knowledge) is not { } basic)
            return null;
        var isDone = Reaches(basic, FromPercent);
        if (!isDone && basic.Maximum >= enough.MinPoints)
            return BelowBasic;
        if (Find(Typical) is { } typical && Reaches(typical, PartlyFromPercent))
        {
            if (!Reaches(typical, FromPercent))
                return PartlyAdvanced;
            return Find(Unusual) is { } unusual && Reaches(unusual, FromPercent) ? All : Advanced;
        }
        return isDone ? Basic : null;

        DifficultyResult? Find(int difficulty) => difficulties.FirstOrDefault(result => result.Difficulty == difficulty);
        static bool Reaches(DifficultyResult result, decimal percent) =>
            new ResultShare(result.Earned, result.Maximum).CompareToPercent(percent) >= 0;
    }

    internal IEnumerable<string> Faults()
    {
        if (PartlyFromPercent <= 0 || PartlyFromPercent >= FromPercent || FromPercent > 100)
            yield return "reached: 0 < partlyFromPercent < fromPercent ≤ 100.";
        foreach (var text in new[] { BelowBasic, Basic, PartlyAdvanced, Advanced, All })
            if (DocumentText.Fault("reached", text) is { } fault)
                yield return fault;
    }
}

/// <summary>
/// Deficits by name, as in block 5 of the route form: «Низкий уровень сформированности …» (макет ИОМ).
/// </summary>
/// <param name="Levels">One sentence for each level, with <c>{name}</c> in place of the name.</param>
/// <param name="Signal">The sentence for scarce evidence.</param>
/// <param name="Names">Code of a competency or an element → its name in the genitive.</param>
/// <param name="UnnamedCompetency">The name of a competency that is not in <paramref name="Names"/>; <c>{title}</c>
/// stands for the title.</param>
/// <param name="UnnamedElement">The name of an element that is not in <paramref name="Names"/>; <c>{title}</c> stands
/// for the title.</param>
public sealed record DeficitSentences(
    IReadOnlyList<LevelSentence> Levels,
    string Signal,
    IReadOnlyDictionary<string, string> Names,
    string UnnamedCompetency,
    string UnnamedElement
)
{
    private const string NamePlace = "{name}",
        TitlePlace = "{title}";

    public string OfLevel(DeficitLevel level, string name) => Filled(Levels.First(sentence => sentence.Level == level).Sentence, name);

    public string OfSignal(string name) => Filled(Signal, name);

    public string NameOf(Competency competency) => Named(competency.Code, competency.Title, UnnamedCompetency);

    public string NameOf(Element element) => Named(element.Code, element.Title, UnnamedElement);

    internal IEnumerable<string> Faults()
    {
        if (!Levels.Select(sentence => sentence.Level).Order().SequenceEqual(Enum.GetValues<DeficitLevel>()))
            yield return "sentences.levels: каждый из четырёх уровней — по одному разу.";
        foreach (var text in Levels.Select(sentence => sentence.Sentence).Append(Signal))
            if (!text.Contains(NamePlace, StringComparison.Ordinal))
                yield return $"sentences: нет места для названия {NamePlace}: «{text}».";
        foreach (var text in new[] { UnnamedCompetency, UnnamedElement })
            if (!text.Contains(TitlePlace, StringComparison.Ordinal))
                yield return $"sentences: нет места для заголовка {TitlePlace}: «{text}».";
        foreach (
            var text in Levels.Select(sentence => sentence.Sentence).Concat([Signal, UnnamedCompetency, UnnamedElement, .. Names.Values])
        )
            if (DocumentText.Fault("sentences", text) is { } fault)
                yield return fault;
    }

    private string Named(string code, string title, string unnamed) =>
        Names.TryGetValue(code, out var name) ? name : unnamed.Replace(TitlePlace, title, StringComparison.Ordinal);

    private static string Filled(string sentence, string name) => sentence.Replace(NamePlace, name, StringComparison.Ordinal);
}

public sealed record LevelSentence(DeficitLevel Level, string Sentence);

/// <summary>
/// When a deficit counts as removed, and which conclusion follows (Положение об ИОМ, раздел 6; Технология ИОМ, шаги 10,
/// 11).
/// </summary>
/// <param name="Sufficient">Levels at which no deficit is left to remove.</param>
/// <param name="PartlyFromPercent">A remaining deficit counts as partly removed when its level is better, or when the
/// result has grown by at least this many percentage points.</param>
public sealed record ChangeRule(
    IReadOnlyList<DeficitLevel> Sufficient,
    decimal PartlyFromPercent,
    ConclusionWords Successful,
    ConclusionWords NotQuiteSuccessful,
    ConclusionWords Unsuccessful
)
{
    internal bool IsSufficient(DeficitLevel level) => Sufficient.Contains(level);

    internal ConclusionWords Of(RouteOutcome outcome) =>
        outcome switch
        {
            RouteOutcome.Successful => Successful,
            RouteOutcome.NotQuiteSuccessful => NotQuiteSuccessful,
            RouteOutcome.Unsuccessful => Unsuccessful,
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        };

    internal IEnumerable<string> Faults()
    {
        if (Sufficient.Count == 0 || Sufficient.Contains(DeficitLevel.High))
            yield return "change.sufficient: хотя бы один уровень, но не высокий.";
        // A level better than a sufficient one is also sufficient.
        else if (!Enum.GetValues<DeficitLevel>().Where(level => level >= Sufficient.Min()).SequenceEqual(Sufficient.Order()))
            yield return "change.sufficient: все уровни лучше названного — тоже.";
        if (PartlyFromPercent is <= 0 or > 100)
            yield return "change.partlyFromPercent — больше 0 и не больше 100.";
        foreach (
            var text in new[] { Successful, NotQuiteSuccessful, Unsuccessful }.SelectMany(words =>
                words.FollowUps.Append(words.Text).Append(words.Route)
            )
        )
            if (DocumentText.Fault("change", text) is { } fault)
                yield return fault;
    }
}

/// <param name="Text">The conclusion, for example «Индивидуальное сопровождение можно считать успешным».</param>
/// <param name="FollowUps">What the person needs now (Положение об ИОМ, п. 6.4).</param>
/// <param name="Route">The decision on the route, in words.</param>
public sealed record ConclusionWords(string Text, IReadOnlyList<string> FollowUps, string Route);

/// <summary>Periods between a diagnostic and the next steps.</summary>
/// <param name="DraftRouteWorkingDays">
/// Working days from the publication to the draft of the route (Положение об ИОМ Ленинградской области, раздел 5: ten
/// working days).
/// </param>
/// <param name="MonthsAfterEntry">From the entry diagnostic to the intermediate one.</param>
/// <param name="MonthsAfterIntermediate">From the intermediate diagnostic to the final one.</param>
/// <param name="MonthsAfterFinal">From the final diagnostic to the next entry diagnostic.</param>
public sealed record RoutePeriods(int DraftRouteWorkingDays, int MonthsAfterEntry, int MonthsAfterIntermediate, int MonthsAfterFinal)
{
    internal IEnumerable<string> Faults()
    {
        if (DraftRouteWorkingDays is < 1 or > 250)
            yield return "periods.draftRouteWorkingDays — от 1 до 250.";
        if (new[] { MonthsAfterEntry, MonthsAfterIntermediate, MonthsAfterFinal }.Any(months => months is < 1 or > 60))
            yield return "periods: месяцев — от 1 до 60.";
    }
}
