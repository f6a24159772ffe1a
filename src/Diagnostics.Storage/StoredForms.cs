using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Storage;

/// <summary>What ids and instants are stored as where an engine has no type of its own for them, or one that does not do.</summary>
internal static class StoredForms
{
    internal static readonly InstantPattern InstantText = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.ffffff'Z'");

    internal static string Text(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    internal static string Text(Instant instant) => InstantText.Format(instant);

    /// <summary>An id on SQL Server: in the order in which ids are written and made.</summary>
    internal static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    internal static Guid IdOf(byte[] bytes) => new(bytes, bigEndian: true);

    /// <summary>An instant as any engine gives it.</summary>
    internal static Instant InstantOf(object value) => value is DateTime moment
        ? Instant.FromDateTimeUtc(DateTime.SpecifyKind(moment, DateTimeKind.Utc))
        : InstantText.Parse((string)value).Value;
}
