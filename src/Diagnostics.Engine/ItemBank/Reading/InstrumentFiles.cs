using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>
/// The files of one kind of instrument: documents with which the forms of diagnostics other than the test work
/// (clause 2.3). Each stage declares its own kind, in a folder of its own under <c>instruments</c>.
/// </summary>
/// <param name="folder">Folder of the kind.</param>
/// <param name="field">The field that contains the code.</param>
/// <param name="title">Name of the kind in Russian, for findings.</param>
internal sealed class InstrumentFiles<T>(
    string folder,
    string field,
    string title,
    Func<Fields, FrameworkIndex, T> read,
    Func<T, string> codeOf
)
{
    internal (IReadOnlyList<T> Read, IReadOnlyList<Finding> Findings) Read(BankFiles files, IReadOnlyList<Framework> frameworks)
    {
        var reader = new BankFileReader(files);
        var index = new FrameworkIndex(frameworks);
        var all = reader.ReadAll(
            path =>
                path.Split('/') is [BankFileReader.Instruments, var place, var name]
                && place == folder
                && name.EndsWith(".yaml", StringComparison.Ordinal),
            fields => read(fields, index),
            codeOf,
            title,
            field
        );
        return (all, reader.Findings);
    }
}
