using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>
/// The service's own format for tokens: a few bytes, protected by keys that all nodes share. Every request carries a
/// token, so a token contains only what the save path needs, and is read without the authentication tickets of ASP.NET
/// Core.
/// </summary>
/// <remarks>
/// A token contains its kind (1 byte) and its expiry in seconds (8 bytes). A token of an account also contains the ids
/// of the account and of its sign-in, the ids of the person and of the session, which may be empty, and the limits of
/// the sign-in. A client's token contains texts that describe the client. A refresh token contains the id of the
/// sign-in and the token's generation.
/// </remarks>
internal sealed class TokenFormat(IDataProtectionProvider protection)
{
    private const byte OfAccount = 1;
    private const byte OfClient = 2;
    private const byte OfRenewal = 3;
    private const int AccountLength = Head + 16 * 4 + 1;
    private const int RenewalLength = Head + 16 + 4;
    private const int Head = 9;

    private readonly IDataProtector protector = protection.CreateProtector("Diagnostics.Token.1");

    internal string Write(TokenSubject.Account account, Instant expires)
    {
        var bytes = Begin(OfAccount, AccountLength, expires);
        account.Id.TryWriteBytes(bytes.AsSpan(Head), bigEndian: true, out _);
        account.SignInId.TryWriteBytes(bytes.AsSpan(Head + 16), bigEndian: true, out _);
        (account.ParticipantId ?? Guid.Empty).TryWriteBytes(bytes.AsSpan(Head + 32), bigEndian: true, out _);
        (account.SessionId ?? Guid.Empty).TryWriteBytes(bytes.AsSpan(Head + 48), bigEndian: true, out _);
        bytes[Head + 64] = (byte)account.Limits;
        return Seal(bytes);
    }

    internal string Write(TokenSubject.Client client, Instant expires)
    {
        var text = Encoding.UTF8.GetBytes(string.Join('\n', [client.Id, client.Territory ?? "", client.Secret, .. client.Scopes]));
        var bytes = Begin(OfClient, Head + text.Length, expires);
        text.CopyTo(bytes, Head);
        return Seal(bytes);
    }

    internal string WriteRenewal(Guid signIn, int generation, Instant expires)
    {
        var bytes = Begin(OfRenewal, RenewalLength, expires);
        signIn.TryWriteBytes(bytes.AsSpan(Head), bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(Head + 16), generation);
        return Seal(bytes);
    }

    /// <returns>The caller that the token identifies; null when this service did not issue the token, or when it has
    /// expired.</returns>
    /// <param name="expires">When the token expires; meaningless when the result is null.</param>
    internal Caller? Read(string token, Instant now, out Instant expires)
    {
        expires = now;
        if (Open(token) is not { } bytes || (expires = Expiry(bytes)) <= now)
            return null;
        var rest = bytes.AsSpan(Head);
        if (bytes[0] == OfAccount && bytes.Length == AccountLength)
        {
            return Caller.Account(
                new Guid(rest[..16], bigEndian: true),
                IdIn(rest[32..48]),
                new Guid(rest[16..32], bigEndian: true),
                IdIn(rest[48..64]),
                (SignInLimits)rest[64]
            );
        }
        if (bytes[0] != OfClient || Encoding.UTF8.GetString(rest).Split('\n') is not [var id, var territory, var secret, .. var scopes])
            return null;
        return Caller.Client(new(id, territory.Length == 0 ? null : territory, scopes, secret));
    }

    /// <param name="signIn">The sign-in that a genuine refresh token names, even an expired one; the sign-in identifies
    /// the device.</param>
    /// <returns>The renewal that an unexpired refresh token asks for; null for any other token.</returns>
    internal Credentials.Renewal? ReadRenewal(string token, Instant now, out Guid? signIn)
    {
        signIn = null;
        if (Open(token) is not [OfRenewal, ..] bytes || bytes.Length != RenewalLength)
            return null;
        signIn = new Guid(bytes.AsSpan(Head, 16), bigEndian: true);
        return Expiry(bytes) <= now ? null : new(signIn.Value, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(Head + 16)));
    }

    private static byte[] Begin(byte kind, int length, Instant expires)
    {
        var bytes = new byte[length];
        bytes[0] = kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), expires.ToUnixTimeSeconds());
        return bytes;
    }

    private static Instant Expiry(byte[] bytes) => Instant.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1)));

    private static Guid? IdIn(ReadOnlySpan<byte> bytes) => new Guid(bytes, bigEndian: true) is var id && id != Guid.Empty ? id : null;

    private string Seal(byte[] bytes) => Base64Url.EncodeToString(protector.Protect(bytes));

    private byte[]? Open(string token)
    {
        try
        {
            return protector.Unprotect(Base64Url.DecodeFromChars(token)) is { Length: >= Head } bytes ? bytes : null;
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
