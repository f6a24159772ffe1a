using BenchmarkDotNet.Attributes;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.Profiles;
using Diagnostics.TestKit;
using NodaTime;

namespace Diagnostics.Benchmarks;

/// <summary>Twenty-four effective scores → profile, on the shipped framework and level scale.</summary>
[MemoryDiagnoser]
public class ProfileBenchmarks
{
    private static readonly Instant Now = Instant.FromUtc(2026, 9, 14, 9, 0);

    private ProfileRules rules = null!;
    private List<SlotResult> results = [];

    [GlobalSetup]
    public void Read()
    {
        var bank = BankReader.Read(BankFiles.Load(Repository.Bank)).Bank;
        var blueprint = bank.Blueprints.First(blueprint => blueprint.Code == "teacher-mathematics-5-9");
        rules = new(
            bank.Frameworks.First(framework => framework.Code == blueprint.Framework && framework.Version == blueprint.FrameworkVersion),
            Policy<LevelScale>("policies/level-scale.yaml"), Policy<ProfilePolicy>("policies/profile.yaml"));
        // Two slots of three right.
        results = blueprint.Slots
            .Select(slot => new SlotResult(slot.Number, slot.Block, slot.Element, slot.Difficulty, slot.Number % 3 == 0 ? Points.Zero : slot.Points, slot.Points))
            .ToList();
    }

    private static T Policy<T>(string path) where T : class => PolicyJson.Read<T>(
        PolicyReader.Read(EngineHooks.Policies, path, BankFiles.Load(Repository.Bank).Texts[path]).Policy!.Content);

    [Benchmark]
    public DeficitProfile BuildProfile() => ProfileBuilder.Build(
        new(Guid.Empty, 1, ProfileStatus.Provisional, "scored", Now),
        new ProfileSubject(Guid.Empty, Guid.Empty, Guid.Empty, CampaignStage.Entry, 1, rules.Framework.Code, rules.Framework.Version, "default", 1, Now),
        rules, Evidence.Of("test", Now, rules.Framework, results));
}
