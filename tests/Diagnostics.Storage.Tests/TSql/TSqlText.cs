using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Diagnostics.Storage.Tests.TSql;

/// <summary>The server's own grammar; there is no server here.</summary>
internal static class TSqlText
{
    /// <summary>Null with faults where it is no T-SQL. Quoted identifiers are on, as the driver has them.</summary>
    internal static (TSqlScript? Script, IReadOnlyList<string> Faults) Parse(string text)
    {
        using var reader = new StringReader(text);
        // Of SQL Server 2017, the oldest that the service is told to work with.
        var script = new TSql140Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors) as TSqlScript;
        return (errors.Count == 0 ? script : null, errors.Select(error => $"{error.Line}:{error.Column} {error.Message}").ToList());
    }

    /// <summary>As it stands in the script, without comments, one blank for many.</summary>
    internal static string Of(TSqlFragment fragment) => string.Concat(Enumerable.Range(fragment.FirstTokenIndex, fragment.LastTokenIndex - fragment.FirstTokenIndex + 1)
        .Select(index => fragment.ScriptTokenStream[index])
        .Select(token => token.TokenType switch
        {
            TSqlTokenType.WhiteSpace => " ",
            TSqlTokenType.SingleLineComment or TSqlTokenType.MultilineComment => "",
            _ => token.Text,
        })).Split(' ', StringSplitOptions.RemoveEmptyEntries) is var words ? string.Join(' ', words) : "";
}
