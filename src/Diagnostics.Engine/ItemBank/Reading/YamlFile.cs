using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>The file that is being read: its findings, and its current item.</summary>
internal sealed class YamlFile(string path, List<Finding> findings)
{
    // The limits are far above what an author writes; they bound the work that a hostile or damaged file can cause.
    private const int MaxLength = 2_000_000;
    private const int MaxDepth = 32;

    internal string Path => path;

    /// <summary>Code of the current item, for the findings about it.</summary>
    internal string? Item { get; set; }

    /// <summary>Errors found so far in this file.</summary>
    internal int Errors { get; private set; }

    /// <summary>
    /// Gives a text the same line endings on all systems, so that an item does not depend on the system that wrote its
    /// file.
    /// </summary>
    internal static string OneLineEnd(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    internal Place PlaceOf(YamlNode node) => new(path, LineOf(node));

    internal void Report(BankRule rule, YamlNode? at, string message, string advice) =>
        Report(rule, at is null ? 1 : LineOf(at), message, advice);

    private void Report(BankRule rule, int line, string message, string advice)
    {
        if (rule.Severity is Severity.Error)
            Errors++;
        findings.Add(new(rule.Code, rule.Severity, path, line, Item, rule.Clause, message, advice));
    }

    /// <summary>The mapping at the top of the file; null, with a finding, when there is none.</summary>
    internal Fields? Open(string text)
    {
        if (text.Length > MaxLength)
        {
            Report(
                ReadingRules.FileBroken,
                null,
                $"Файл длиннее {MaxLength} знаков.",
                "Разделите содержимое: один фасет или стимул — один файл."
            );
            return null;
        }
        if (Array.FindIndex(text.ToCharArray(), IsForeign) is >= 0 and var foreign)
        {
            var line = text.AsSpan(0, foreign).Count('\n') + 1;
            Report(
                ReadingRules.FileBroken,
                line,
                $"Файл записан не в кодировке UTF-8 или содержит управляющий знак U+{(int)text[foreign]:X4}.",
                "Сохраните файл в UTF-8 и уберите невидимые знаки."
            );
            return null;
        }
        try
        {
            var stream = new YamlStream();
            stream.Load(new BoundedParser(new Parser(new StringReader(text))));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }])
                return new Fields(this, root);
            Report(
                ReadingRules.FileBroken,
                null,
                "В файле должен быть один документ с полями «имя: значение».",
                "Сравните файл с образцом в README банка."
            );
        }
        catch (TooDeepException fault)
        {
            Report(ReadingRules.FileBroken, fault.Line, $"Вложенность больше {MaxDepth} уровней.", "Проверьте отступы и скобки.");
        }
        catch (YamlException fault)
        {
            Report(
                ReadingRules.FileBroken,
                (int)fault.Start.Line,
                $"Не читается как YAML: {fault.Message}",
                "Проверьте отступы, кавычки и двоеточия около этой строки; текст с «: » или со знаком в начале берут в кавычки."
            );
        }
        catch (ArgumentException fault)
        {
            // YamlDotNet throws this exception for a repeated key when the keys are not plain texts.
            Report(ReadingRules.FileBroken, null, $"Не читается как YAML: {fault.Message}", "Проверьте, нет ли повторённых имён полей.");
        }
        return null;
    }

    private static bool IsForeign(char letter) => letter == '\uFFFD' || (char.IsControl(letter) && letter is not ('\t' or '\n' or '\r'));

    private static int LineOf(YamlNode node) => (int)node.Start.Line;

    /// <summary>Stops when nesting gets too deep: the loader is recursive, and no file may exhaust the stack.</summary>
    private sealed class BoundedParser(Parser parser) : IParser
    {
        private int depth;

        public ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            try
            {
                if (!parser.MoveNext())
                    return false;
            }
            catch (InvalidOperationException fault)
            {
                // YamlDotNet throws this exception where a list goes on although a brace or bracket is still open.
                var end = parser.Current?.End ?? Mark.Empty;
                throw new YamlException(end, end, "скобка «{» или «[» не закрыта", fault);
            }
            depth +=
                parser.Current is MappingStart or SequenceStart ? 1
                : parser.Current is MappingEnd or SequenceEnd ? -1
                : 0;
            return depth <= MaxDepth ? true : throw new TooDeepException((int)parser.Current!.Start.Line);
        }
    }

    private sealed class TooDeepException(int line) : Exception
    {
        internal int Line => line;
    }
}
