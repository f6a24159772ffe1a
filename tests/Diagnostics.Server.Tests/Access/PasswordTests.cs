using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Diagnostics.Server.Tests.Access;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>The delay after wrong passwords, the people whom it affects, and the rules for passwords.</summary>
public sealed class PasswordTests(TestService service) : IClassFixture<TestService>
{
    private readonly SignInScene scene = new(service);

    [Fact]
    public async Task However_many_have_failed_with_a_name_its_owner_gets_in()
    {
        var account = await scene.Auditor();
        // The same name may have only four simultaneous attempts from the same address; the other attempts are told to
        // try again later.
        var wrong = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => scene.Ask(account, "не тот пароль")));
        wrong.Select(answer => (int)answer.StatusCode).Should().OnlyContain(status => status == 400 || status == 429);

        await scene.Ask(account).Json();
        await scene.Ask(account).Json();
    }

    [Fact]
    public async Task Each_failure_beyond_the_free_ones_makes_the_next_attempt_with_the_name_wait_longer()
    {
        var account = await scene.Auditor();
        var took = new List<TimeSpan>();
        for (var attempt = 1; attempt <= 8; attempt++)
        {
            var watch = Stopwatch.StartNew();
            (await scene.Ask(account, "не тот пароль").ProblemCode(400)).Should().Be("invalid-grant");
            took.Add(watch.Elapsed);
        }

        took[5].Should().BeGreaterThan(TimeSpan.FromSeconds(0.9));
        took[6].Should().BeGreaterThan(TimeSpan.FromSeconds(1.8));
        took[7].Should().BeGreaterThan(TimeSpan.FromSeconds(3.6));
    }

    [Fact]
    public async Task A_device_that_has_signed_in_before_does_not_wait_for_the_failures_of_others()
    {
        var account = await scene.Auditor();
        var earlier = await scene.Begin(account);
        for (var attempt = 1; attempt <= 7; attempt++)
            await scene.Ask(account, "не тот пароль").ProblemCode(400);

        var watch = Stopwatch.StartNew();
        await scene.Ask(account, refresh: earlier["refresh_token"]!.GetValue<string>()).Json();

        // On an unknown device the last request would have taken four seconds.
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(3.5));
    }

    [Fact]
    public async Task A_known_device_answers_for_its_own_failures()
    {
        var account = await scene.Auditor();
        var known = (await scene.Begin(account))["refresh_token"]!.GetValue<string>();
        for (var attempt = 1; attempt <= 6; attempt++)
            await scene.Ask(account, "не тот пароль", refresh: known);

        var answer = await scene.Ask(account, "не тот пароль", refresh: known);

        ((int)answer.StatusCode).Should().Be(429);
        answer.Headers.RetryAfter!.Delta.Should().BePositive();
    }

    [Fact]
    public async Task An_unknown_name_a_wrong_password_and_a_shut_account_get_the_same_words()
    {
        var shut = await scene.Auditor();
        await service.Admin.PostAsJsonAsync($"{V1}/accounts/{shut["accountId"]}/deactivation", new { }).Json(204);
        var unknown = new JsonObject { ["userName"] = Unique("nobody"), ["password"] = "какой-нибудь пароль" };

        var answers = new[]
        {
            await scene.Ask(unknown).Json(400),
            await scene.Ask(shut).Json(400),
            await scene.Ask(await scene.Auditor(), "не тот пароль").Json(400),
        };

        answers
            .Select(answer =>
            {
                answer.AsObject().Remove("traceId");
                return answer.ToJsonString();
            })
            .Distinct()
            .Should()
            .ContainSingle();
    }

    [Fact]
    public async Task An_unlocked_name_is_tried_at_once()
    {
        var account = await scene.Auditor();
        for (var attempt = 1; attempt <= 7; attempt++)
            await scene.Ask(account, "не тот пароль").ProblemCode(400);
        service.Clock.Advance(Duration.FromSeconds(1));

        await service.Admin.PostAsJsonAsync($"{V1}/accounts/{account["accountId"]}/unlocking", new { }).Json(204);

        var watch = Stopwatch.StartNew();
        await scene.Ask(account, "не тот пароль").ProblemCode(400);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(3.5));
    }

    [Fact]
    public async Task The_password_that_was_given_opens_nothing_but_its_own_change()
    {
        var made = await service
            .Admin.PostAsJsonAsync(
                $"{V1}/accounts",
                new { userName = Unique("aud"), grants = new[] { new { role = "auditor", scope = "all" } } }
            )
            .Json(201);

        var tokens = await scene.Begin(made);
        tokens["required_actions"]![0]!.GetValue<string>().Should().Be("change_password");
        (await scene.With(tokens).GetAsync($"{V1}/audit").ProblemCode(403)).Should().Be("password-change-required");
        await scene.With(tokens).GetAsync($"{V1}/auth/me").Json();
        await scene
            .With(tokens)
            .PostAsJsonAsync(
                $"{V1}/auth/password",
                new { currentPassword = made["password"]!.GetValue<string>(), newPassword = "три тихих озера" }
            )
            .Json(204);

        made["password"] = "три тихих озера";
        await scene.With(await scene.Begin(made)).GetAsync($"{V1}/audit").Json();
    }

    [Theory]
    [InlineData("коротко", "password-too-short")]
    [InlineData("password", "password-common")]
    [InlineData("Password2026!", "password-common")]
    [InlineData("пароль2026", "password-common")]
    [InlineData("gfhjkm2026", "password-common")] // «пароль» in the other keyboard layout
    [InlineData("йцукенгш", "password-common")]
    [InlineData("qwertyuiop", "password-common")]
    [InlineData("12345678901", "password-common")]
    [InlineData("Наташа1987", "password-common")]
    [InlineData("ааааааааа", "password-common")]
    [InlineData("солнышкосолнышко", "password-common")]
    [InlineData("P@ssw0rd", "password-common")]
    [InlineData("p@ssw0rd1", "password-common")]
    [InlineData("diagnostics", "password-common")]
    [InlineData("Diagnostics2026", "password-common")]
    [InlineData("Leto2026!", "password-common")]
    [InlineData("Natasha1987", "password-common")]
    [InlineData("12.05.1985", "password-common")]
    [InlineData("12051985", "password-common")]
    [InlineData("1985-05-12", "password-common")]
    [InlineData("лето лето лето", "password-common")]
    [InlineData("домдомдом", "password-common")]
    [InlineData("ﷺ", "password-too-short")] // one character that stands for eighteen
    [InlineData("ﷺ2026", "password-too-short")]
    [InlineData("𝕬𝕭𝕮𝕯", "password-too-short")] // four characters, eight surrogate halves
    [InlineData("auditor-7 и ещё что-то", "password-has-name")]
    [InlineData("три тихих озера", null)]
    [InlineData("Vesna nad Kaspiem 7", null)]
    [InlineData("снегопад за окном", null)]
    public void Passwords_that_are_guessed_first_are_refused_whatever_stands_around_them(string password, string? refusal) =>
        PasswordRules.Check(password, "auditor-7")?.Code.Should().Be(refusal);

    [Fact]
    public void A_password_is_two_hundred_signs_at_most_and_told_so()
    {
        const string Phrase = "три тихих озера ";
        var longest = string.Concat(Enumerable.Range(0, 13).Select(number => $"{Phrase}{number}"))[..200];

        PasswordRules.Check(longest, "auditor-7").Should().BeNull();
        PasswordRules.Check(longest + "!", "auditor-7")!.Code.Should().Be("password-too-long");
    }

    [Fact]
    public async Task A_school_of_forty_signs_in_at_once_from_one_address_after_thirty_six_typing_errors()
    {
        var own = new TestService
        {
            Replace = services => services.Configure<PasswordHasherOptions>(options => options.IterationCount = 20_000),
        };
        await own.InitializeAsync();
        try
        {
            var ownScene = new SignInScene(own);
            var pupils = new List<JsonNode>();
            for (var pupil = 1; pupil <= 40; pupil++)
            {
                pupils.Add(
                    await own
                        .Admin.PostAsJsonAsync(
                            $"{V1}/accounts",
                            new { userName = Unique("pupil"), grants = new[] { new { role = "auditor", scope = "all" } } }
                        )
                        .Json(201)
                );
            }
            await Task.WhenAll(pupils.Take(36).Select(pupil => ownScene.Ask(pupil, "не тот пароль")));

            var answers = await Task.WhenAll(pupils.Select(pupil => ownScene.Ask(pupil)));

            answers.Should().OnlyContain(answer => answer.IsSuccessStatusCode);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public void A_password_is_hashed_with_210_000_rounds_of_SHA_512()
    {
        PasswordLane.Iterations.Should().Be(210_000);
        var hash = Convert.FromBase64String(
            new PasswordHasher<AccountRow>(
                Options.Create(new PasswordHasherOptions { IterationCount = PasswordLane.Iterations })
            ).HashPassword(new(), "три тихих озера")
        );

        // The third format of ASP.NET Core Identity: a marker, the algorithm (2 is SHA-512) and the rounds, each with
        // the highest byte first.
        hash[..9].Should().Equal(1, 0, 0, 0, 2, 0, 3, 0x34, 0x50);
    }

    [Fact]
    public async Task A_hash_of_less_work_is_replaced_when_its_owner_signs_in()
    {
        var account = await scene.Auditor();
        var database = service.Services.GetRequiredService<Database>();
        var id = account["accountId"]!.GetValue<Guid>();
        var weak = new PasswordHasher<AccountRow>(
            Options.Create(new PasswordHasherOptions { IterationCount = TestService.PasswordRounds / 2 })
        ).HashPassword(new(), account["password"]!.GetValue<string>());
        await database.Write(async db => await AccountStore.Update(db, (await AccountStore.Find(db, id))! with { PasswordHash = weak }));

        await scene.Begin(account);

        var kept = (await database.Read(db => AccountStore.Find(db, id)))!.PasswordHash;
        kept.Should().NotBe(weak);
        await scene.Begin(account);
        (await database.Read(db => AccountStore.Find(db, id)))!.PasswordHash.Should().Be(kept);
    }

    [Fact]
    public async Task When_too_many_passwords_wait_the_next_is_told_to_come_back_and_other_requests_are_answered()
    {
        var own = new TestService
        {
            Replace = services => services.Configure<PasswordHasherOptions>(options => options.IterationCount = 50_000),
        };
        await own.InitializeAsync();
        try
        {
            using var client = own.Anonymous();
            var asked = Enumerable
                .Range(0, PasswordLane.PlacesOfNetwork + 150)
                .Select(number =>
                    client.PostAsync(
                        $"{V1}/auth/token",
                        new FormUrlEncodedContent([
                            new("grant_type", "password"),
                            new("username", $"nobody-{number}"),
                            new("password", "какой-нибудь пароль"),
                        ])
                    )
                )
                .ToList();
            await await Task.WhenAny(asked);
            await own.Admin.GetAsync($"{V1}/auth/me").Json();

            var answers = await Task.WhenAll(asked);
            var full = answers.Where(answer => (int)answer.StatusCode == 503).ToList();
            full.Should().NotBeEmpty().And.OnlyContain(answer => answer.Headers.RetryAfter!.Delta == TimeSpan.FromSeconds(5));
            answers.Except(full).Should().OnlyContain(answer => (int)answer.StatusCode == 400);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_password_grant_can_be_switched_off()
    {
        var own = new TestService();
        await own.InitializeAsync();
        await own.Restart("--Diagnostics:PasswordGrant=false");
        try
        {
            var admin = new JsonObject { ["userName"] = "admin", ["password"] = own.AdminPassword };
            (await new SignInScene(own).Ask(admin).ProblemCode(400)).Should().Be("unsupported-grant-type");
            await own.Admin.GetAsync($"{V1}/auth/me").Json();
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task From_the_machine_itself_an_account_gets_a_new_password()
    {
        var account = await scene.Auditor();
        var tokens = await scene.Begin(account);
        var database = service.Services.GetRequiredService<Database>();
        var (output, errors) = (new StringWriter(), new StringWriter());

        (await AccountVerbs.Reset(database, account["userName"]!.GetValue<string>(), output, errors)).Should().Be(0);
        (await AccountVerbs.Unlock(database, account["userName"]!.GetValue<string>(), output, errors)).Should().Be(0);
        (await AccountVerbs.Unlock(database, "nobody-at-all", output, errors)).Should().Be(1);

        account["password"] = output.ToString().Split('\n')[0].Split(": ")[1].Trim();
        (await scene.Begin(account))["required_actions"]![0]!.GetValue<string>().Should().Be("change_password");
        await scene.Refresh(tokens).ProblemCode(400);
    }
}
