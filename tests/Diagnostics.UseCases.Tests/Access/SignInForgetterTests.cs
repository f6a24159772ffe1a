using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Access;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NodaTime.Testing;

namespace Diagnostics.UseCases.Tests.Access;

public sealed class SignInForgetterTests
{
    private static readonly Instant Morning = Instant.FromUtc(2026, 9, 14, 6, 0);

    [Fact]
    public async Task Sign_ins_are_forgotten_half_a_year_after_their_time_is_over_whether_or_not_they_were_ended()
    {
        using var folder = new TemporaryFolder();
        await using var database = new Database(Path.Combine(folder.Path, "diagnostics.db"));
        await Migrator.Migrate(database, Morning);
        var account = Guid.CreateVersion7();
        var (ended, left, later) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await database.Write(async db =>
        {
            await AccountStore.Add(
                db,
                new()
                {
                    Id = account,
                    UserName = "a",
                    NormalizedUserName = "A",
                    SecurityStamp = "s",
                    CreatedAt = Morning,
                }
            );
            await Begin(db, ended, Morning);
            await Begin(db, left, Morning);
            await Begin(db, later, Morning + Duration.FromDays(30));
            return await SignInStore.End(db, account, ended, "sign_out", Morning);
        });
        var over = Morning + Duration.FromHours(24) + Duration.FromDays(180);

        await Forget(over);
        (await Known(ended), await Known(left), await Known(later)).Should().Be((true, true, true), "180 days they are kept");

        await Forget(over + Duration.FromSeconds(1));
        (await Known(ended), await Known(left), await Known(later)).Should().Be((false, false, true));

        Task Begin(Db db, Guid id, Instant at) =>
            SignInStore.Add(
                db,
                new()
                {
                    Id = id,
                    AccountId = account,
                    Method = "password",
                    StartedAt = at,
                    UsedAt = at,
                    ExpiresAt = at + SignIns.Absolute,
                }
            );
        Task Forget(Instant now) => new SignInForgetter(database, new FakeClock(now), NullLogger<SignInForgetter>.Instance).Forget();
        async Task<bool> Known(Guid id) => await database.Read(db => SignInStore.Find(db, id)) is not null;
    }
}
