namespace Diagnostics.Engine.Campaigns;

/// <summary>
/// Reads and checks the documents of one kind of policy. The stage that owns the kind creates this object and registers
/// it.
/// </summary>
public sealed class PolicyForm
{
    private readonly Func<string, (object Document, IReadOnlyList<string> Faults)> read;

    private PolicyForm(PolicyKind kind, Func<string, (object, IReadOnlyList<string>)> read) => (Kind, this.read) = (kind, read);

    public PolicyKind Kind { get; }

    /// <param name="faults">Checks the document against rules beyond its shape; returns no faults when the document
    /// follows them.</param>
    public static PolicyForm Of<T>(PolicyKind kind, Func<T, IEnumerable<string>> faults)
        where T : class =>
        new(
            kind,
            content =>
            {
                var document = PolicyJson.Read<T>(content);
                return (document, faults(document).ToList());
            }
        );

    /// <exception cref="System.Text.Json.JsonException">The text is not a document of this kind.</exception>
    internal (object Document, IReadOnlyList<string> Faults) Read(string content) => read(content);
}
