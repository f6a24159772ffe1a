using System.Globalization;
using Diagnostics.Server.Commands;
using Diagnostics.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit.Abstractions;

namespace Diagnostics.Server.Tests.Region;

/// <summary>
/// A whole regional diagnostic over the API: forty people, three sites in two time zones, shifts and a reserve day, the
/// entry diagnostic and the final one that names it. Mishaps are drawn by lot, and each can be resolved. Every deadline
/// and every point is compared with the test's own calculation.
/// </summary>
public sealed class RegionalDiagnosticTests(ITestOutputHelper output)
{
    private const string SeedsVariable = "DIAGNOSTICS_REGION_SEEDS";

    /// <summary>
    /// The seeds for drawing lots: one by default, or those in <c>DIAGNOSTICS_REGION_SEEDS</c>, separated by commas.
    /// </summary>
    public static TheoryData<int> Seeds { get; } =
    [
        .. (Environment.GetEnvironmentVariable(SeedsVariable) ?? "20")
            .Split(',')
            .Select(seed => int.Parse(seed, CultureInfo.InvariantCulture)),
    ];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_goes_wrong_has_a_way_out_and_every_deadline_and_point_is_right(int seed)
    {
        var service = new TestService { More = ["--Diagnostics:RequestsPerSecond=100000", "--Diagnostics:SavesPerSecond=100000"] };
        await service.InitializeAsync();
        try
        {
            var region = new RegionalDiagnostic(service, new(seed));
            try
            {
                await Play(region, new(seed), service);
            }
            finally
            {
                output.WriteLine($"Seed {seed}: {region.Played.Count} mishaps played, {region.Solved.Count()} ways out found,");
                output.WriteLine($"  {region.DeadlinesCompared} deadlines and {region.PointsCompared} points compared,");
                output.WriteLine($"  {region.Unequal.Count} things other than expected.");
                foreach (var unequal in region.Unequal)
                    output.WriteLine($"  !! {unequal}");
                output.WriteLine($"Played: {string.Join(", ", region.Played)}.");
                foreach (var refusal in region.Refusals.Distinct().Order())
                    output.WriteLine($"  {refusal}");
            }
            region.Unequal.Should().BeEmpty();
            region.Solved.Should().BeEquivalentTo(region.Played).And.HaveCountGreaterThanOrEqualTo(25);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    private static async Task Play(RegionalDiagnostic region, Random lot, TestService service)
    {
        await region.Prepare();
        await BeforeTheDay(region, lot);
        await TheDays(region, lot);
        await MarkingAndPublication(region, lot);
        await region.CheckProfiles("entry");
        await region.CheckReaders();
        var after = new AfterPublication(region, lot);
        foreach (var (name, play) in after.Shuffled(lot).Take(6))
            await after.Play(name, play);
        await region.Final();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Diagnostics:Data"] = service.DataFolder })
            .Build();
        var said = new StringWriter();
        (await VerifyVerb.Run(service.Services.GetRequiredService<Database>(), configuration, said, said)).Should().Be(0, said.ToString());
    }

    private static async Task BeforeTheDay(RegionalDiagnostic region, Random lot)
    {
        var free = region.Takers.ToList();
        var before = new Before(region, sittings => Take(free, lot, taker => sittings.Contains(taker.Home)), region.Extra);
        var drawn = before.Shuffled(lot).Take(11).ToList();
        foreach (var (name, play) in drawn.Where(kind => kind.Name is not (Before.SittingIsFull or Before.ApplicationsEnded)))
            await before.Play(name, play);
        var late = drawn.Any(kind => kind.Name == Before.ApplicationsEnded) ? Take(free, lot, taker => taker.Home is "V1" or "W1") : null;
        foreach (var taker in free)
        {
            region.Tick();
            await region.Apply(taker);
            await region.Approve(taker);
        }
        await region.CheckVariants("K1", 7, 6, 6, 6);
        free = late is null ? [] : [late];
        foreach (var (name, play) in drawn.Where(kind => kind.Name is Before.SittingIsFull))
            await before.Play(name, play);
        foreach (var (name, play) in drawn.Where(kind => kind.Name is Before.ApplicationsEnded))
            await before.Play(name, play);
    }

    private static async Task TheDays(RegionalDiagnostic region, Random lot)
    {
        var free = region
            .Takers.Where(taker => taker.Sitting == taker.Home && taker.Home is "K1" or "V1" or "W1" && !taker.HasMoreTime)
            .ToList();
        var day = new OnTheDay(region, sittings => Take(free, lot, taker => sittings.Contains(taker.Home)));
        var drawn = day.Shuffled(lot).Take(18).ToList();
        foreach (var (name, play) in drawn.OrderByDescending(kind => kind.Name.StartsWith("power", StringComparison.Ordinal)))
            await day.Play(name, play);
        foreach (var taker in region.Takers.Where(taker => !day.Victims.Contains(taker)))
            region.PlanUsual(taker);
        foreach (var sitting in region.Sittings.Keys)
            region.PlanStaff(sitting);
        await region.PlayAgenda();
    }

    private static async Task MarkingAndPublication(RegionalDiagnostic region, Random lot)
    {
        var marking = new AtMarking(region);
        await region.Scored();
        foreach (var (name, play) in marking.Shuffled(lot).Take(3))
            await marking.Play(name, play);
        await region.ReviewKeys(region.Campaign);
        await region.MarkAll(region.Campaign);
        foreach (var taker in region.Takers.Where(taker => taker.HasResult))
            await region.ComparePoints(taker);
        await region.Refused(region.Operator.Post($"campaigns/{region.Campaign}/results/publication"), null);
        await region.Chair.Post($"campaigns/{region.Campaign}/results/approval", new { AtMarking.Checked }).Ok();
        region.Tick();
        await region.Operator.Post($"campaigns/{region.Campaign}/results/publication").Ok();
        region.PublishedAt = region.Now;
    }

    private static Taker Take(List<Taker> free, Random lot, Func<Taker, bool> fit)
    {
        var fitting = free.Where(fit).ToList();
        var taken = fitting[lot.Next(fitting.Count)];
        free.Remove(taken);
        return taken;
    }
}
