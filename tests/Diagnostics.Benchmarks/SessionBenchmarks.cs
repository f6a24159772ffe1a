using BenchmarkDotNet.Attributes;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using NodaTime;

namespace Diagnostics.Benchmarks;

/// <summary>What one session costs in the engine: shown once, scored once, one profile.</summary>
[MemoryDiagnoser]
public class SessionBenchmarks
{
    private static readonly Instant Now = Instant.FromUtc(2026, 9, 14, 9, 0);

    private ShippedVariant variant = null!;
    private List<SavedAnswer> answers = [];
    private List<SlotResult> results = [];
    private long seed;

    [GlobalSetup]
    public void Prepare()
    {
        variant = ShippedVariant.Load();
        answers = variant.Items.Select(ShippedVariant.RightAnswer).ToList();
        var scores = Score();
        if (scores.Any(score => score.Outcome is not (Outcome.Right or Outcome.AwaitingMarking))) throw new InvalidOperationException("A right answer was not scored as right.");
        results = variant.Items.Select((item, place) => new SlotResult(place + 1, item.Block, item.Element, item.Difficulty, scores[place].Points, item.MaxPoints)).ToList();
    }

    /// <summary>Stored JSON → scores, all slots of a variant.</summary>
    [Benchmark]
    public List<Score> Score() => variant.Items.Select((item, place) => AutoMarking.Score(item, answers[place], KeyDecisions.None)).ToList();

    /// <summary>Shuffled and renumbered, all slots of a variant; another person every time.</summary>
    [Benchmark]
    public List<PresentedItem> Present()
    {
        seed++;
        return variant.Items.Select((item, place) => new Presentation(item, seed).Show(place + 1)).ToList();
    }

    [Benchmark]
    public DeficitProfile BuildProfile() => ProfileBuilder.Build(
        Guid.Empty, 1, ProfileStatus.Provisional, "scored", Now,
        new ProfileSubject(Guid.Empty, Guid.Empty, Guid.Empty, Stage.Entry, 1, variant.Framework.Code, variant.Framework.Version, "default", 1, Now),
        variant.Framework, variant.Scale, results);
}
