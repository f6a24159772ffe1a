using System.Security.Cryptography;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Storage.Access;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// The clients through which portals call the service. Their secrets are long and random, so a fast hash is enough to
/// protect them.
/// </summary>
internal static class Clients
{
    internal const string ReadProfiles = "profiles.read";
    internal const string EnrolPeople = "people.enrol";

    internal static readonly IReadOnlyList<string> Scopes = [ReadProfiles, EnrolPeople];

    internal static bool MayReadProfiles(ClientRow client) => client.Scopes.Split(' ').Contains(ReadProfiles);

    /// <summary>In an address this word stands for the caller's own id, so no client may have it as its id.</summary>
    internal const string Own = "me";

    internal static string NewSecret() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    internal static string HashOf(string secret) => Digest.Of(secret);

    /// <returns>A name for the presented secret that does not reveal the secret; null when the secret is not a valid
    /// one of this client.</returns>
    internal static string? SecretShown(ClientRow client, string secret, Instant now)
    {
        var hash = HashOf(secret);
        // Always compare with both secrets, so that the time taken does not reveal which one matched.
        var present = Same(client.SecretHash, hash);
        var previous = Same(client.PreviousSecretHash ?? "", hash) && client.PreviousSecretUntil > now;
        return present || previous ? ClientRow.NameOf(hash) : null;
    }

    private static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
