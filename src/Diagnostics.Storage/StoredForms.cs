using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Storage;

/// <summary>How ids and instants are stored where an engine has no suitable type for them.</summary>
internal static class StoredForms
{
    internal static readonly InstantPattern InstantText = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.ffffff'Z'");

    internal static string Text(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    internal static string Text(Instant instant) => InstantText.Format(instant);

    /// <summary>
    /// An id as SQL Server stores it. The bytes sort like the text form of ids, and therefore in the order in which the
    /// ids were created.
    /// </summary>
    internal static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    internal static Guid IdOf(byte[] bytes) => new(bytes, bigEndian: true);

    /// <summary>Reads an instant from a stored value, whichever engine returned it.</summary>
    internal static Instant InstantOf(object value) =>
        value is DateTime moment
            ? Instant.FromDateTimeUtc(DateTime.SpecifyKind(moment, DateTimeKind.Utc))
            : InstantText.Parse((string)value).Value;
}
