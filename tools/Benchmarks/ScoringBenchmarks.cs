using BenchmarkDotNet.Attributes;
using Diagnostics.Engine;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Server.Commands.Demo;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Demonstration;

namespace Diagnostics.Benchmarks;

/// <summary>
/// The cost of the rules for finishing one session of the shipped teachers' diagnostic, without the database.
/// </summary>
[MemoryDiagnoser]
public class ScoringBenchmarks
{
    private List<(Item Item, Response? Response)> variant = [];

    [GlobalSetup]
    public void Read()
    {
        var bank = BankReader.Read(BankFiles.Load(Repository.Bank)).Bank;
        var taker = new SimulatedTaker(0.5, SeededRandom.For(1, "benchmark"));
        variant = bank
            .Blueprints.First(blueprint => blueprint.Code == "teacher-mathematics-5-9")
            .Slots.Select(slot => bank.FindFacet(slot.Facet!)!.Items.First(item => item.Variant == 1))
            .Select(item => (item, taker.Answer(item)))
            .ToList();
    }

    /// <summary>24 items of all six types.</summary>
    [Benchmark]
    public Points ScoreVariant() => variant.Select(pair => pair.Item.Score(pair.Response, KeyDecisions.None).Points).Sum();

    /// <summary>24 items shuffled for one person.</summary>
    [Benchmark]
    public int PresentVariant() => variant.Select(pair => new Presentation(pair.Item, seed: 42).Show(1)).Count();

    /// <summary>Scores the variant under the rule of newly published campaigns.</summary>
    [Benchmark]
    public Points ScoreVariantByRu2() => variant.Select(pair => pair.Item.Score(pair.Response, Ru2).Points).Sum();

    private static readonly KeyDecisions Ru2 = KeyDecisions.NoneUnder(AnswerRule.Ru2);

    [Benchmark]
    public string NormaliseAnswer() => AnswerText.Normalise("  12 500,50 рублей — «Ёлка»  ");
}
