using Diagnostics.Engine.Access;
using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Pages.Site;

/// <summary>
/// The person who views the page, shown in the page's head and menu. On the sign-in page there is no viewer.
/// </summary>
internal sealed class Viewer(GetMyAccount getMyAccount)
{
    private MyAccount? account;
    private bool limited;

    internal Guid? AccountId { get; private set; }

    /// <summary>Whether the person signed in with a session's code.</summary>
    internal bool ByCode { get; private set; }

    /// <summary>What the browser kept of the person's form that has just been carried out; null when it kept nothing.</summary>
    internal string? DoneForm { get; set; }

    /// <summary>Null when nobody has signed in.</summary>
    internal string? UserName => account?.UserName;

    /// <summary>Whether the person takes diagnostics and this sign-in opens all of them.</summary>
    internal bool IsParticipant => account?.ParticipantId is not null && !limited;

    internal IReadOnlyCollection<Role> Roles => account is null ? [] : account.Grants.Select(grant => grant.Role).Distinct().ToList();

    /// <param name="named">Whether the page has a head, with the viewer's name and menu.</param>
    internal async Task Load(HttpContext http, bool named)
    {
        if (AccountId is not null || !http.Caller().IsAccount)
            return;
        AccountId = http.Caller().AccountId;
        limited = http.Caller().Limits is not SignInLimits.None;
        ByCode = http.Caller().OnlySession is not null;
        if (!named)
            return;
        try
        {
            if (!(await getMyAccount.Run(default, http.Caller())).Refused(out _, out var found))
                account = found;
        }
        catch (Exception fault) when (fault is DatabaseUnavailableException or DatabaseBusyException)
        {
            // The fault is ignored here. The error page that reports it also has a head, which is then shown without a
            // name.
        }
    }
}
