using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Diagnostics.Storage.Tests.TSql;

/// <summary>The server's own grammar, which can be used without a server.</summary>
internal static class TSqlText
{
    /// <summary>
    /// Parses a text. When the text is not T-SQL, the script is null and there are faults. Quoted identifiers are on,
    /// as in the driver.
    /// </summary>
    internal static (TSqlScript? Script, IReadOnlyList<string> Faults) Parse(string text)
    {
        using var reader = new StringReader(text);
        // The grammar of SQL Server 2017, the oldest supported version.
        var script = new TSql140Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors) as TSqlScript;
        return (errors.Count == 0 ? script : null, errors.Select(error => $"{error.Line}:{error.Column} {error.Message}").ToList());
    }

    /// <summary>The text of a fragment in the script, without comments and with single blanks.</summary>
    internal static string Of(TSqlFragment fragment) =>
        string.Concat(
                Enumerable
                    .Range(fragment.FirstTokenIndex, fragment.LastTokenIndex - fragment.FirstTokenIndex + 1)
                    .Select(index => fragment.ScriptTokenStream[index])
                    .Select(token =>
                        token.TokenType switch
                        {
                            TSqlTokenType.WhiteSpace => " ",
                            TSqlTokenType.SingleLineComment or TSqlTokenType.MultilineComment => "",
                            _ => token.Text,
                        }
                    )
            )
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            is var words
            ? string.Join(' ', words)
            : "";
}
