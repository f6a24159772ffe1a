namespace Diagnostics.Engine.Campaigns;

/// <summary>What a document of one kind of policy must be like. The stage that the kind belongs to says so, and hooks in by it.</summary>
public sealed class PolicyForm
{
    private readonly Func<string, (object Document, IReadOnlyList<string> Faults)> read;

    private PolicyForm(PolicyKind kind, Func<string, (object, IReadOnlyList<string>)> read) => (Kind, this.read) = (kind, read);

    public PolicyKind Kind { get; }

    /// <param name="faults">What a document must keep to, beyond its shape; empty when it does.</param>
    public static PolicyForm Of<T>(PolicyKind kind, Func<T, IEnumerable<string>> faults) where T : class => new(kind, content =>
    {
        var document = PolicyJson.Read<T>(content);
        return (document, faults(document).ToList());
    });

    /// <exception cref="System.Text.Json.JsonException">The text is no document of this kind.</exception>
    internal (object Document, IReadOnlyList<string> Faults) Read(string content) => read(content);
}
