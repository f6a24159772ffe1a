using System.Security.Cryptography;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Storage.Webhooks;
using Diagnostics.UseCases.Access;
using NodaTime;
using NSec.Cryptography;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>How messages are signed (Standard Webhooks).</summary>
public enum SignatureScheme
{
    /// <summary>HMAC-SHA256: the receiver has the same secret.</summary>
    V1,

    /// <summary>Ed25519: the receiver has the public key and cannot sign anything.</summary>
    V1a,
}

/// <summary>A new key.</summary>
/// <param name="Row">The row to store.</param>
/// <param name="Secret">The secret of v1, shown once; null for v1a, whose receiver needs only the public key.</param>
internal sealed record NewKey(WebhookSecretRow Row, string? Secret);

/// <summary>Creates and protects the keys of webhooks, and signs messages with them.</summary>
internal sealed class WebhookKeys(SecretsFor secrets)
{
    internal const string Purpose = "Diagnostics.Webhook.1";

    private const string SecretPrefix = "whsec_",
        PublicPrefix = "whpk_";
    private const int SecretBytes = 32;

    private readonly SecretProtection protection = secrets(Purpose);

    internal NewKey Make(Guid webhookId, int number, SignatureScheme scheme, Instant now)
    {
        var row = new WebhookSecretRow
        {
            WebhookId = webhookId,
            Number = number,
            Scheme = Codes.Of(scheme),
            CreatedAt = now,
        };
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var kept = protection.Protect(Convert.ToBase64String(secret));
        if (scheme is SignatureScheme.V1)
            return new(row with { Secret = kept }, SecretPrefix + Convert.ToBase64String(secret));
        using var key = Key.Import(SignatureAlgorithm.Ed25519, secret, KeyBlobFormat.RawPrivateKey);
        var open = PublicPrefix + Convert.ToBase64String(key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        return new(row with { Secret = kept, PublicKey = open }, null);
    }

    /// <summary>
    /// The value of <c>webhook-signature</c>: one signature for each key, so that a receiver with any one of the keys
    /// accepts the message.
    /// </summary>
    /// <returns>Null when no key can be decrypted any more.</returns>
    internal string? Sign(IReadOnlyList<WebhookSecretRow> keys, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] message = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var signatures = new List<string>();
        foreach (var key in keys)
        {
            if (protection.Unprotect(key.Secret) is not { } kept)
                continue;
            var (secret, scheme) = (Convert.FromBase64String(kept), Codes.Parse<SignatureScheme>(key.Scheme));
            var signature = scheme is SignatureScheme.V1 ? HMACSHA256.HashData(secret, message) : Ed25519(secret, message);
            signatures.Add($"{key.Scheme},{Convert.ToBase64String(signature)}");
        }
        return signatures.Count == 0 ? null : string.Join(' ', signatures);
    }

    private static byte[] Ed25519(byte[] secret, byte[] message)
    {
        using var key = Key.Import(SignatureAlgorithm.Ed25519, secret, KeyBlobFormat.RawPrivateKey);
        return SignatureAlgorithm.Ed25519.Sign(key, message);
    }
}
