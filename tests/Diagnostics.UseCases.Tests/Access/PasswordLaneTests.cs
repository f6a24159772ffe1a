using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Diagnostics.UseCases.Tests.Access;

/// <summary>
/// The order in which passwords are checked. The test delays the first checks until all callers are waiting.
/// </summary>
public sealed class PasswordLaneTests : IDisposable
{
    private readonly HeldHasher hasher = new();
    private readonly PasswordLane lane;
    private readonly List<Task> held;

    public PasswordLaneTests()
    {
        lane = new(hasher, Options.Create(new PasswordHasherOptions { IterationCount = 1 }));
        held = hasher.Occupy(lane);
    }

    public void Dispose()
    {
        hasher.Go.Set();
        lane.Dispose();
    }

    [Fact]
    public async Task One_network_does_not_keep_the_others_out_however_many_of_it_wait()
    {
        var flood = Enumerable.Range(0, 500).Select(number => Ask($"flood-{number}", "2001:db8:1::/48")).ToList();
        var honest = Ask("honest", "198.51.100.1");

        hasher.Go.Set();
        await honest;

        hasher.Checked.IndexOf("honest").Should().BeLessThan(held.Count + 3, "networks take turns");
        var refused = await Refused(flood);
        refused.Should().Be(200, "a network has three hundred places");
    }

    [Fact]
    public async Task When_all_places_are_taken_the_networks_that_hold_most_give_them_up()
    {
        var flood = Enumerable
            .Range(0, 3)
            .SelectMany(network => Enumerable.Range(0, 300).Select(number => Ask($"flood-{number}", $"net-{network}")))
            .ToList();
        var school = Enumerable.Range(0, 40).Select(number => Ask($"pupil-{number}", "school")).ToList();

        hasher.Go.Set();

        (await Refused(school)).Should().Be(0);
        (await Refused(flood)).Should().Be(340);
    }

    [Fact]
    public async Task Of_one_network_names_that_have_not_failed_there_go_first_and_have_a_place()
    {
        var failing = Enumerable.Range(0, 300).Select(number => Ask($"failing-{number}", "school", late: true)).ToList();
        var fresh = Enumerable.Range(0, 100).Select(number => Ask($"fresh-{number}", "school")).ToList();

        hasher.Go.Set();

        (await Refused(fresh)).Should().Be(0);
        (await Refused(failing)).Should().Be(100);
        hasher
            .Checked.FindLastIndex(name => name.StartsWith("fresh", StringComparison.Ordinal))
            .Should()
            .BeLessThan(held.Count + 140, "of four at least three are theirs");
    }

    [Fact]
    public async Task Those_with_an_account_go_first_and_leave_every_fourth_place_to_the_others()
    {
        var others = Enumerable.Range(0, 10).Select(number => Ask($"other-{number}", $"net-{number}")).ToList();
        var known = Enumerable.Range(0, 20).Select(number => Ask($"known-{number}", "account", known: true)).ToList();

        hasher.Go.Set();
        await Task.WhenAll([.. others, .. known]);

        hasher
            .Checked.Skip(held.Count)
            .Take(16)
            .Count(name => name.StartsWith("known", StringComparison.Ordinal))
            .Should()
            .BeInRange(11, 13);
    }

    private Task Ask(string name, string share, bool known = false, bool late = false)
    {
        try
        {
            return lane.Verify(new AccountRow { UserName = name, PasswordHash = "x" }, "пароль", new Waiter(share, known, late));
        }
        catch (PasswordLaneFullException full)
        {
            return Task.FromException(full);
        }
    }

    private static async Task<int> Refused(IReadOnlyCollection<Task> asked)
    {
        await Task.WhenAll(asked.Select(each => each.ContinueWith(_ => { }, TaskScheduler.Default)));
        return asked.Count(each => each.Exception?.InnerException is PasswordLaneFullException);
    }
}
