using Diagnostics.Engine.Access;
using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Pages.Site;

/// <summary>Who looks at the page, for its head and menu; nobody on the sign-in page.</summary>
internal sealed class Viewer(GetMyAccount getMyAccount)
{
    private MyAccount? account;
    private bool limited;

    internal Guid? AccountId { get; private set; }

    /// <summary>Came with the code of a session.</summary>
    internal bool ByCode { get; private set; }

    /// <summary>Null when nobody has signed in.</summary>
    internal string? UserName => account?.UserName;

    /// <summary>Takes diagnostics, and this sign-in opens them all.</summary>
    internal bool IsParticipant => account?.ParticipantId is not null && !limited;

    internal IReadOnlyCollection<Role> Roles => account is null ? [] : account.Grants.Select(grant => grant.Role).Distinct().ToList();

    /// <param name="named">The page has a head, with the name and the menu of whoever looks at it.</param>
    internal async Task Load(HttpContext http, bool named)
    {
        if (AccountId is not null || !http.Caller().IsAccount) return;
        AccountId = http.Caller().AccountId;
        limited = http.Caller().Limits is not SignInLimits.None;
        ByCode = http.Caller().OnlySession is not null;
        if (!named) return;
        try
        {
            if (!(await getMyAccount.Run(default, http.Caller())).Refused(out _, out var found)) account = found;
        }
        catch (Exception fault) when (fault is DatabaseUnavailableException or DatabaseBusyException)
        {
            // The page that tells of this fault has a head too: it goes without a name.
        }
    }
}
