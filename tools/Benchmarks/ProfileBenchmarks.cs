using BenchmarkDotNet.Attributes;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Profiles;
using NodaTime;

namespace Diagnostics.Benchmarks;

/// <summary>
/// Turns twenty-four effective scores into a profile, with the shipped framework, level scale and words.
/// </summary>
[MemoryDiagnoser]
public class ProfileBenchmarks
{
    private static readonly Instant Now = Instant.FromUtc(2026, 9, 14, 9, 0);

    private ProfileRules rules = null!;
    private List<SlotResult> results = [];

    [GlobalSetup]
    public void Read()
    {
        rules = ProfileCampaign.ReadRules(out var slots);
        // Two slots out of three are right.
        results = slots.Select(slot => slot.Slot % 3 == 0 ? slot with { Earned = Points.Zero } : slot).ToList();
    }

    [Benchmark]
    public DeficitProfile BuildProfile() =>
        ProfileBuilder.Build(
            new(Guid.Empty, 1, ProfileStatus.Provisional, "scored", Now),
            new ProfileSubject(
                Guid.Empty,
                Guid.Empty,
                Guid.Empty,
                CampaignStage.Entry,
                1,
                rules.Framework.Code,
                rules.Framework.Version,
                "default",
                1,
                Now
            ),
            rules,
            Evidence.Of("test", Now, rules.Framework, results)
        );
}
