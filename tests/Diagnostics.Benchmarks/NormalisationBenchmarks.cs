using BenchmarkDotNet.Attributes;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Benchmarks;

/// <summary>Normalisation <c>ru-1</c> of one short answer.</summary>
[MemoryDiagnoser]
public class NormalisationBenchmarks
{
    [Params("пять", "12 500,50 руб.", "«Ёлочка» — это  НЕ  ёж…", "ＡＢＣ½ ﬁ №")]
    public string Text { get; set; } = "";

    [Benchmark]
    public string Normalise() => AnswerText.Normalise(Text);
}
