using Diagnostics.Engine;

namespace Diagnostics.Server.Commands.Demo;

/// <summary>The commissions of the demonstration and their members.</summary>
internal sealed class DemoStaff(Impersonation acting, ApiClient admin, SeededRandom random)
{
    internal async Task<Guid> Commission(Guid campaignId, string kind, string title) =>
        (
            await admin.Post(
                "commissions",
                new
                {
                    campaignId,
                    kind,
                    title,
                }
            )
        )!["id"]!.GetValue<Guid>();

    /// <returns>Acts as the new member.</returns>
    internal async Task<ApiClient> Appoint(Guid commission, string role, string standing, int number)
    {
        var account = (
            await admin.Post(
                "accounts",
                new
                {
                    userName = $"{role}-{random.NextUInt64():x}",
                    organisation = number % 2 == 0 ? "ГБУ ДПО РД «ДИРО»" : "ФГБОУ ВО «ДГПУ»",
                    grants = Array.Empty<object>(),
                }
            )
        )!;
        await admin.Post(
            $"commissions/{commission}/members",
            new
            {
                accountId = account["accountId"]!.GetValue<Guid>(),
                role,
                standing,
            }
        );
        return acting.As(account["accountId"]!.GetValue<Guid>());
    }
}
