using System.Security.Cryptography;
using System.Text;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Http;

/// <summary>
/// Encrypts the keys that protect tokens with a secret that is stored apart from the database. Somebody who has only a
/// copy of the database cannot use the keys in it.
/// </summary>
internal sealed class KeySecret
{
    internal const string SettingName = "Diagnostics:KeySecret";

    /// <summary>
    /// 32 random bytes have 44 characters in Base64, so a text shorter than this limit was probably made up by a
    /// person.
    /// </summary>
    private const int MinLength = 32;

    private const string Prefix = "sealed-1:";
    private static readonly int NonceSize = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagSize = AesGcm.TagByteSizes.MaxSize;

    private readonly byte[] key;

    private KeySecret(string secret) =>
        key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "diagnostics key ring"u8.ToArray());

    /// <returns>Null when the operator has not set a secret.</returns>
    /// <exception cref="SettingException">The secret is easy to guess.</exception>
    internal static KeySecret? Read(IConfiguration configuration) =>
        configuration[SettingName] switch
        {
            null or "" => null,
            { Length: < MinLength } => throw new SettingException(
                SettingName,
                $"нужно не меньше {MinLength} знаков, например из openssl rand -base64 32"
            ),
            var secret => new(secret),
        };

    internal string Seal(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var whole = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(whole.AsSpan(0, NonceSize), plain, whole.AsSpan(NonceSize, plain.Length), whole.AsSpan(NonceSize + plain.Length));
        return Prefix + Convert.ToBase64String(whole);
    }

    /// <returns>Null for a text that was not encrypted with this secret. A key that was stored unencrypted is also
    /// refused, because somebody may have copied it.</returns>
    internal string? Open(string stored)
    {
        if (!IsSealed(stored))
            return null;
        var whole = Convert.FromBase64String(stored[Prefix.Length..]);
        var plain = new byte[whole.Length - NonceSize - TagSize];
        try
        {
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(whole.AsSpan(0, NonceSize), whole.AsSpan(NonceSize, plain.Length), whole.AsSpan(NonceSize + plain.Length), plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    internal static bool IsSealed(string stored) => stored.StartsWith(Prefix, StringComparison.Ordinal);
}
