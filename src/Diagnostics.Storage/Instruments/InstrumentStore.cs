using Diagnostics.Engine;
using Diagnostics.Engine.Instruments;
using NodaTime;

namespace Diagnostics.Storage.Instruments;

internal sealed record InstrumentRow
{
    public string Kind { get; init; } = "";
    public string Code { get; init; } = "";
    public int Version { get; init; }
    public string Title { get; init; } = "";
    public string FrameworkCode { get; init; } = "";
    public int FrameworkVersion { get; init; }

    /// <summary>The document as canonical JSON, of the record type that belongs to its kind.</summary>
    public string Content { get; init; } = "";

    public Instant CreatedAt { get; init; }
}

/// <summary>Versions of instruments; a version never changes.</summary>
internal static class InstrumentStore
{
    private const string Columns = "kind, code, version, title, framework_code, framework_version, content, created_at";

    internal static Task<InstrumentRow?> Find(Db db, InstrumentKind kind, string code, int version) =>
        db.Find<InstrumentRow>(
            $"SELECT {Columns} FROM instruments WHERE kind = @kind AND code = @code AND version = @version",
            new
            {
                kind = Codes.Of(kind),
                code,
                version,
            }
        );

    internal static Task<IReadOnlyList<InstrumentRow>> List(Db db, InstrumentKind? kind) =>
        db.Query<InstrumentRow>(
            $"SELECT {Columns} FROM instruments WHERE @kind IS NULL OR kind = @kind ORDER BY kind, code, version",
            new { kind = kind is { } one ? Codes.Of(one) : null }
        );

    /// <summary>Returns false when this version already exists.</summary>
    internal static async Task<bool> Add(Db db, Instrument instrument, Instant now) =>
        await db.Execute(
            """
            INSERT INTO instruments (kind, code, version, title, framework_code, framework_version, content, fingerprint, created_at)
            VALUES (@kind, @Code, @Version, @Title, @frameworkCode, @frameworkVersion, @Content, @fingerprint, @now)
            ON CONFLICT (kind, code, version) DO NOTHING
            """,
            new
            {
                kind = Codes.Of(instrument.Kind),
                instrument.Code,
                instrument.Version,
                instrument.Title,
                frameworkCode = instrument.Framework.Code,
                frameworkVersion = instrument.Framework.Version,
                instrument.Content,
                fingerprint = Digest.Of(instrument.Content),
                now,
            }
        ) == 1;
}
