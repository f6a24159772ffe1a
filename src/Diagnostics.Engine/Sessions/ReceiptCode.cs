using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Diagnostics.Engine.Sessions;

/// <summary>
/// Eight characters, e.g. <c>K7RM-24QX</c>, computed from the session, the time when it ended, and the revisions of the
/// answers that count.
/// </summary>
public static class ReceiptCode
{
    // The alphabet leaves out characters that are easily confused in handwriting.
    private const string Signs = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    /// <param name="manifest">Slot → the revision of its answer that counts.</param>
    public static string Of(Guid session, Instant endedAt, IReadOnlyDictionary<int, int> manifest)
    {
        var text = new StringBuilder(session.ToString("N")).Append('|').Append(endedAt.ToUnixTimeTicks());
        foreach (var (slot, revision) in manifest.OrderBy(entry => entry.Key))
            text.Append(CultureInfo.InvariantCulture, $"|{slot}:{revision}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        var code = string.Concat(hash.Take(8).Select(part => Signs[part % Signs.Length]));
        return $"{code[..4]}-{code[4..]}";
    }
}
