using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Access;

/// <summary>Names and passwords as keyboards type them: composed, decomposed, with invisible characters.</summary>
public sealed class AccountNameTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_name_and_a_password_are_the_same_composed_and_decomposed()
    {
        const string Word = "долгий пароль й";
        var name = $"йод-{Guid.NewGuid():N}"[..20];
        var made = await service
            .Admin.PostAsJsonAsync("/api/v1/accounts", new { userName = Apart(name), grants = Array.Empty<object>() })
            .Json(201);
        made["userName"]!.GetValue<string>().Should().Be(name);
        (await service.Admin.PostAsJsonAsync("/api/v1/accounts", new { userName = name, grants = Array.Empty<object>() }).ProblemCode(409))
            .Should()
            .Be("user-name-taken");
        using var client = await SignedIn(name, made["password"]!.GetValue<string>());
        await client
            .PostAsJsonAsync("/api/v1/auth/password", new { currentPassword = made["password"]!.GetValue<string>(), newPassword = Word })
            .Json(204);

        foreach (
            var (typed, password) in new[]
            {
                (name, Word),
                (Apart(name), Apart(Word)),
                (name, Apart(Word)),
                (Apart(name).ToUpperInvariant(), Word),
            }
        )
            using (await SignedIn(typed, password)) { }
    }

    [Fact]
    public async Task Names_and_passwords_of_before_they_were_composed_go_on_working()
    {
        const string Word = "долгий пароль й";
        var name = $"йод-{Guid.NewGuid():N}"[..20];
        var account = (
            await service.Admin.PostAsJsonAsync("/api/v1/accounts", new { userName = name, grants = Array.Empty<object>() }).Json(201)
        )["accountId"]!.GetValue<Guid>();
        var hash = new PasswordHasher<AccountRow>().HashPassword(new AccountRow(), Apart(Word));
        await service
            .Services.GetRequiredService<Database>()
            .Write(async db =>
                await AccountStore.Update(
                    db,
                    (await AccountStore.Find(db, account))! with
                    {
                        UserName = Apart(name),
                        NormalizedUserName = Apart(name).ToUpperInvariant(),
                        PasswordHash = hash,
                    }
                )
            );

        using (await SignedIn(Apart(name), Apart(Word))) { }
        using (await SignedIn(name, Apart(Word))) { }
        (await Ask(name, "не тот пароль й")).Should().Be("invalid-grant");
    }

    [Theory]
    [InlineData("\u200Bивanova", "forbidden-character")]
    [InlineData("иванovа", "mixed-scripts")]
    [InlineData("\u2060", "text-missing")]
    public async Task A_name_that_only_looks_like_one_is_refused(string name, string code) =>
        (await service.Admin.PostAsJsonAsync("/api/v1/accounts", new { userName = name, grants = Array.Empty<object>() }).ProblemCode(422))
            .Should()
            .Be(code);

    [Fact]
    public async Task A_password_with_signs_that_nobody_sees_is_refused()
    {
        var made = await service
            .Admin.PostAsJsonAsync("/api/v1/accounts", new { userName = $"n-{Guid.NewGuid():N}"[..20], grants = Array.Empty<object>() })
            .Json(201);
        var (name, word) = (made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>());
        using var client = await SignedIn(name, word);

        (
            await client
                .PostAsJsonAsync("/api/v1/auth/password", new { currentPassword = word, newPassword = "пароль\u200Bнезримый" })
                .ProblemCode(422)
        )
            .Should()
            .Be("forbidden-character");
    }

    private static string Apart(string text) => text.Normalize(NormalizationForm.FormD);

    private async Task<HttpClient> SignedIn(string name, string password)
    {
        using var anonymous = service.Anonymous();
        var token = await anonymous
            .PostAsync(
                "/api/v1/auth/token",
                new FormUrlEncodedContent([new("grant_type", "password"), new("username", name), new("password", password)])
            )
            .Json();
        var client = service.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token["access_token"]!.GetValue<string>());
        return client;
    }

    private Task<string> Ask(string name, string password) =>
        service
            .Anonymous()
            .PostAsync(
                "/api/v1/auth/token",
                new FormUrlEncodedContent([new("grant_type", "password"), new("username", name), new("password", password)])
            )
            .ProblemCode(400);
}
