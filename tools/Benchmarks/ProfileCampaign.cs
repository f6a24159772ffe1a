using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.Profiles;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.Benchmarks;

/// <summary>
/// Makes profiles of a region's finished sessions without the database: for each session an entry profile, and a final
/// profile with the change since entry, as the JSON to be stored. <c>dotnet run -c Release --project tools/Benchmarks
/// -- profiles [sessions]</c>
/// </summary>
internal static class ProfileCampaign
{
    private static readonly Instant Entry = Instant.FromUtc(2026, 9, 14, 9, 0),
        Final = Instant.FromUtc(2027, 9, 14, 9, 0);

    internal static void Run(int sessions)
    {
        var rules = ReadRules(out var slots);
        Measure("entry", sessions, rules, slots, change: false);
        Measure("final, with change", sessions, rules, slots, change: true);
    }

    /// <summary>The shipped framework, scale and words, with the slots of the teachers' diagnostic.</summary>
    internal static ProfileRules ReadRules(out IReadOnlyList<SlotResult> slots)
    {
        var files = BankFiles.Load(Repository.Bank);
        var bank = BankReader.Read(files).Bank;
        var blueprint = bank.Blueprints.First(blueprint => blueprint.Code == "teacher-mathematics-5-9");
        slots = blueprint
            .Slots.Select(slot => new SlotResult(slot.Number, slot.Block, slot.Element, slot.Difficulty, slot.Points, slot.Points))
            .ToList();
        return new(
            bank.Frameworks.First(framework => framework.Code == blueprint.Framework && framework.Version == blueprint.FrameworkVersion),
            Policy<LevelScale>("policies/level-scale.yaml"),
            Policy<ProfilePolicy>("policies/profile.yaml")
        );

        T Policy<T>(string path)
            where T : class => PolicyJson.Read<T>(PolicyReader.Read(EngineHooks.Policies, path, files.Texts[path]).Policy!.Content);
    }

    private static void Measure(string name, int sessions, ProfileRules rules, IReadOnlyList<SlotResult> slots, bool change)
    {
        // The first profiles compile the code, so they are not measured.
        for (var warm = 0; warm < 2_000; warm++)
            Issue(warm, rules, slots, change);
        var characters = 0L;
        using var process = Process.GetCurrentProcess();
        var (watch, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        Parallel.For(
            0,
            sessions,
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            () => 0L,
            (number, _, sum) => sum + Issue(number, rules, slots, change),
            sum => Interlocked.Add(ref characters, sum)
        );
        var seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        // On a machine that also does other work, the processor time shows how fast two free cores would be.
        var busy = (process.TotalProcessorTime - before).TotalSeconds;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -20} {sessions:N0} profiles in {seconds:F1} s: {sessions / seconds:N0} a second"
            )
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{"", -20} {1000 * busy / sessions:F3} ms of processor time each, two free cores: {2 * sessions / busy:N0} "
                    + $"a second; {characters / sessions:N0} characters each, at most {process.PeakWorkingSet64 / (1024 * 1024)} MB"
            )
        );
    }

    private static int Issue(int number, ProfileRules rules, IReadOnlyList<SlotResult> slots, bool change)
    {
        var entry = Build(number, rules, slots, CampaignStage.Entry, Entry, null);
        var profile = change
            ? Build(number + 1, rules, slots, CampaignStage.Final, Final, new(new("teacher", 1), [new(entry, new("teacher", 1))]))
            : entry;
        return JsonSerializer.Serialize(profile, Json.Options).Length;
    }

    /// <summary>Every session earns a different result: the bits of its number decide which slots are right.</summary>
    private static DeficitProfile Build(
        int number,
        ProfileRules rules,
        IReadOnlyList<SlotResult> slots,
        CampaignStage stage,
        Instant taken,
        EarlierDiagnostics? earlier
    )
    {
        var bits = unchecked((uint)number * 2_654_435_761u);
        var results = slots.Select(slot => (bits >> (slot.Slot % 32) & 1) == 0 ? slot with { Earned = Points.Zero } : slot).ToList();
        return ProfileBuilder.Build(
            new(Guid.Empty, 1, ProfileStatus.Final, "published", taken),
            new ProfileSubject(
                Guid.Empty,
                Guid.Empty,
                Guid.Empty,
                stage,
                1,
                rules.Framework.Code,
                rules.Framework.Version,
                "default",
                1,
                taken,
                "default",
                1
            ),
            rules,
            Evidence.Of("test", taken, rules.Framework, results),
            earlier: earlier
        );
    }
}
