using System.Net;
using Diagnostics.Engine;
using Diagnostics.Engine.Webhooks;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>
/// Checks the address of a webhook, so that an address that could never be called is refused immediately. The
/// protection itself is the check of the actual IP address at each connection (<see cref="WebhookHttp"/>).
/// </summary>
internal static class WebhookAddress
{
    private const int MaxLength = 2000;

    internal static readonly Refusal Invalid = Refusal
        .Invalid(
            "webhook-url-invalid",
            $"url — адрес https:// без имени, пароля и #, до {MaxLength} знаков; http:// — только в сеть, которую назвал администратор."
        )
        .With("field", "url");

    internal static readonly Refusal Inner = Refusal
        .Invalid("webhook-url-inner", "url ведёт во внутреннюю сеть: разрешить её может только администратор службы.")
        .With("field", "url");

    internal static Refusal? Check(string url, WebhookPolicy policy)
    {
        if (
            url.Length > MaxLength
            || !Uri.TryCreate(url, UriKind.Absolute, out var address)
            || address.Host is ""
            || address.UserInfo is not ""
            || address.Fragment is not ""
        )
            return Invalid;
        var encrypted = address.Scheme == Uri.UriSchemeHttps;
        if (!encrypted && (address.Scheme != Uri.UriSchemeHttp || policy.Exceptions.Count == 0))
            return Invalid;
        // The URI parser has already converted every numeric notation of an IP address into the same form.
        if (IPAddress.TryParse(address.IdnHost, out var literal) && !policy.Allows(literal, encrypted))
            return encrypted || !OutsideAddress.IsOutside(literal) ? Inner : Invalid;
        return null;
    }
}
