namespace Diagnostics.Server.Pages.Appeals;

/// <summary>The name under which the browser keeps what a member has typed until the form has been carried out.</summary>
internal static class KeptName
{
    internal static string Of(Guid? account, string form, Guid appealId) => $"kept:{account:D}:{form}:{appealId:D}";
}
