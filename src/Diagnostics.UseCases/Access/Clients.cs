using System.Security.Cryptography;
using System.Text;
using Diagnostics.Storage.Access;

namespace Diagnostics.UseCases.Access;

/// <summary>Portals' clients. Secrets are long and random, so a plain hash keeps them.</summary>
internal static class Clients
{
    internal const string ReadProfiles = "profiles.read";
    internal const string EnrolPeople = "people.enrol";

    internal static readonly IReadOnlyList<string> Scopes = [ReadProfiles, EnrolPeople];

    internal static string NewSecret() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    internal static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    internal static bool SecretMatches(ClientRow client, string secret) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(client.SecretHash), Encoding.UTF8.GetBytes(HashOf(secret)));
}
