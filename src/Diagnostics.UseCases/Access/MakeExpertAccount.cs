using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

/// <param name="UserName">The user name, 1–100 characters, unique regardless of case.</param>
/// <param name="Organisation">The expert's workplace; the expert receives no scripts from there.</param>
public sealed record ExpertAccountRequest(string UserName, string Organisation);

/// <summary>
/// Makes an account for an expert. It has no role: the roles come with the appointment to a commission, and end with it. So
/// every operator may make such accounts, and nobody gains a right by that.
/// </summary>
internal sealed class MakeExpertAccount(Executor executor, PasswordLane lane)
    : UseCase<ExpertAccountRequest, OneTimePassword>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(MakeExpertAccount),
        AccessRule.Of(Role.Operator),
        Trail.Writes("account.made")
    )
    {
        Repetition = Repetition.TellsThatItWasDone,
    };

    protected override async Task<Result<OneTimePassword>> Handle(ExpertAccountRequest request, Caller caller)
    {
        if (TextRules.CheckName("userName", request.UserName, 100) is { } noName)
            return noName;
        if (TextRules.CheckLine("organisation", request.Organisation, 300) is { } noOrganisation)
            return noOrganisation;
        if (await Fetch(db => Accounts.Find(db, request.UserName)) is { } other)
            return Accounts.NameTaken(other.UserName);
        var password = Accounts.NewPassword();
        var hash = await lane.Hash(password, caller.Id);
        var organisation = VisibleText.Composed(request.Organisation).Trim();
        return await Write(
            caller,
            async db =>
            {
                var now = Now;
                var made = await Accounts.Add(db, now, request.UserName, hash, [], caller.Id, organisation: organisation);
                if (made.Refused(out var taken, out var account))
                    return taken;
                await AuditStore.Append(db, now, caller.Id, "account.made", $"account:{account.Id:D}", new { expert = true });
                return new OneTimePassword(account.Id, account.UserName, password);
            }
        );
    }
}
