using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Instruments;

/// <summary>
/// Reads the files of one kind of instrument. The stage that owns the kind creates this object and registers it.
/// </summary>
/// <param name="rules">Rules about the content of this kind only.</param>
public abstract class InstrumentForm(IReadOnlyList<BankRule> rules)
{
    internal IReadOnlyList<BankRule> Rules => rules;

    /// <summary>Whether a file of the bank is of this kind.</summary>
    internal abstract bool Owns(string path);

    internal abstract (IReadOnlyList<Instrument> Instruments, IReadOnlyList<Finding> Findings) ReadAll(
        BankFiles files,
        IReadOnlyList<Framework> frameworks
    );
}

/// <inheritdoc/>
/// <param name="folder">Folder of the kind under <c>instruments</c>.</param>
/// <param name="field">The field that contains the code.</param>
/// <param name="title">Name of the kind in Russian, for findings.</param>
/// <param name="instrument">The facts about a document that every kind has.</param>
internal sealed class InstrumentForm<T>(
    string folder,
    string field,
    string title,
    Func<Fields, FrameworkIndex, T> read,
    Func<T, Instrument> instrument,
    IReadOnlyList<BankRule>? rules = null
) : InstrumentForm(rules ?? [])
    where T : class
{
    internal override bool Owns(string path) =>
        path.Split('/') is [BankFileReader.Instruments, var place, var name]
        && place == folder
        && name.EndsWith(".yaml", StringComparison.Ordinal);

    internal override (IReadOnlyList<Instrument> Instruments, IReadOnlyList<Finding> Findings) ReadAll(
        BankFiles files,
        IReadOnlyList<Framework> frameworks
    )
    {
        var (all, findings) = Read(files, frameworks);
        return (all.Select(one => instrument(one) with { Content = CanonicalJson.Of(one) }).ToList(), findings);
    }

    /// <returns>The documents without errors, and all findings.</returns>
    internal (IReadOnlyList<T> Documents, IReadOnlyList<Finding> Findings) Read(BankFiles files, IReadOnlyList<Framework> frameworks)
    {
        var reader = new BankFileReader(files);
        var index = new FrameworkIndex(frameworks);
        var all = reader.ReadAll(Owns, fields => read(fields, index), one => instrument(one).Code, title, field);
        return (all, reader.Findings);
    }
}

/// <summary>The forms of all kinds of instrument.</summary>
public sealed class InstrumentForms(IReadOnlyList<InstrumentForm> forms)
{
    /// <summary>The rules about the content of instruments.</summary>
    public IReadOnlyList<BankRule> Rules { get; } = [.. InstrumentWording.Rules, .. forms.SelectMany(form => form.Rules)];

    /// <summary>
    /// Reads the instruments among the files of a bank. Anything with errors is left out, and a finding gives the reason.
    /// </summary>
    /// <returns>The instruments, and the findings ordered by file and line.</returns>
    public (IReadOnlyList<Instrument> Instruments, IReadOnlyList<Finding> Findings) Read(
        BankFiles files,
        IReadOnlyList<Framework> frameworks
    )
    {
        var read = forms.Select(form => form.ReadAll(files, frameworks)).ToList();
        var lost = files.Texts.Keys.Where(path =>
            path.StartsWith($"{BankFileReader.Instruments}/", StringComparison.Ordinal) && !forms.Any(form => form.Owns(path))
        );
        return (
            read.SelectMany(one => one.Instruments).ToList(),
            read.SelectMany(one => one.Findings)
                .Concat(BankFileReader.Unread(lost))
                .OrderBy(finding => finding.File, StringComparer.Ordinal)
                .ThenBy(finding => finding.Line)
                .ToList()
        );
    }
}
