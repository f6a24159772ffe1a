using System.Net.Http.Json;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Diagnostics.Server.Tests.Access;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>
/// Hashing a password takes as long as a hundred saves, so a request that will be refused must not cause any hashing.
/// </summary>
public sealed class HashingTests : IAsyncLifetime
{
    private readonly CountingHasher hasher = new();
    private readonly TestService service;

    public HashingTests() => service = new() { Replace = services => services.AddSingleton<IPasswordHasher<AccountRow>>(hasher) };

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task An_account_that_may_not_be_made_costs_no_hash()
    {
        object Wanted(string name, params object[] grants) => new { userName = name, grants };
        var auditor = new { role = "auditor", scope = "all" };
        Task<HttpResponseMessage> Make(object wanted) => service.Admin.PostAsJsonAsync($"{V1}/accounts", wanted);
        await Make(Wanted("inspector", auditor)).Json(201);
        var before = hasher.Hashed;

        await Make(Wanted("")).ProblemCode(422);
        await Make(
                new
                {
                    userName = "second",
                    grants = Array.Empty<object>(),
                    organisation = new string('о', 301),
                }
            )
            .ProblemCode(422);
        (await Make(Wanted("second", [.. Enumerable.Repeat(auditor, 51)])).ProblemCode(422)).Should().Be("too-many-grants");
        (
            await Make(
                    Wanted(
                        "second",
                        new
                        {
                            role = "operator",
                            scope = "campaign",
                            scopeId = Guid.NewGuid(),
                        }
                    )
                )
                .ProblemCode(422)
        ).Should().Be("grant-scope-not-found");
        (await Make(Wanted("Inspector", auditor)).ProblemCode(409)).Should().Be("user-name-taken");

        hasher.Hashed.Should().Be(before);
        await Make(Wanted("second", auditor)).Json(201);
        hasher.Hashed.Should().Be(before + 1);
    }

    [Fact]
    public async Task A_persons_account_that_may_not_be_made_costs_no_hash()
    {
        var scene = new CampaignScene(service);
        var (known, stranger) = (await scene.Enrol(), await scene.Enrol("82-702"));
        var (_, operatorHere) = await scene.Staff(
            new
            {
                role = "operator",
                scope = "territory",
                scopeId = "82-701",
            }
        );
        Task<HttpResponseMessage> Make(Guid person, object wanted) => operatorHere.PostAsJsonAsync($"{V1}/people/{person}/account", wanted);
        await Make(known, new { userName = "patimat" }).Json(201);
        var fresh = await scene.Enrol();
        var before = hasher.Hashed;

        await Make(fresh, new { userName = "" }).ProblemCode(422);
        await Make(Guid.NewGuid(), new { }).ProblemCode(404);
        await Make(stranger, new { }).ProblemCode(404);
        (await Make(known, new { }).ProblemCode(409)).Should().Be("account-exists");
        (await Make(fresh, new { userName = "Patimat" }).ProblemCode(409)).Should().Be("user-name-taken");

        hasher.Hashed.Should().Be(before);
        await Make(fresh, new { userName = "aminat" }).Json(201);
        hasher.Hashed.Should().Be(before + 1);
    }

    [Fact]
    public async Task The_password_of_an_account_that_is_shut_or_not_there_is_not_reset_and_costs_no_hash()
    {
        var scene = new CampaignScene(service);
        var person = await scene.Enrol();
        var account = (await service.Admin.PostAsJsonAsync($"{V1}/people/{person}/account", new { }).Json(201))[
            "accountId"
        ]!.GetValue<Guid>();
        await service.Admin.PostAsync($"{V1}/accounts/{account}/deactivation", null).Json(204);
        Task<HttpResponseMessage> Reset(string path) => service.Admin.PostAsync($"{V1}/{path}/password", null);
        var before = hasher.Hashed;

        (await Reset($"accounts/{account}").ProblemCode(409)).Should().Be("account-disabled");
        (await Reset($"people/{person}/account").ProblemCode(409)).Should().Be("account-disabled");
        await Reset($"accounts/{Guid.NewGuid()}").ProblemCode(404);
        await Reset($"people/{Guid.NewGuid()}/account").ProblemCode(404);

        hasher.Hashed.Should().Be(before);
        await service.Admin.PostAsync($"{V1}/accounts/{account}/activation", null).Json(204);
        await Reset($"accounts/{account}").Json();
        hasher.Hashed.Should().Be(before + 1);
    }

    private sealed class CountingHasher : IPasswordHasher<AccountRow>
    {
        private readonly PasswordHasher<AccountRow> real = new(
            Options.Create(new PasswordHasherOptions { IterationCount = TestService.PasswordRounds })
        );

        private int hashed;

        internal int Hashed => Volatile.Read(ref hashed);

        public string HashPassword(AccountRow user, string password)
        {
            Interlocked.Increment(ref hashed);
            return real.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(AccountRow user, string hashedPassword, string providedPassword) =>
            real.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
