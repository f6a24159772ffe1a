using System.Globalization;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Server.Http;

namespace Diagnostics.Server.Pages.Site;

/// <summary>
/// The content of a sent form. Its key was made with the page: a form sent twice, by a double press or after a lost
/// answer, is carried out once.
/// </summary>
internal sealed class SentForm
{
    internal const string KeyField = "key";

    /// <summary>Names what the browser keeps of the form until it has been carried out; see <see cref="WrittenForm"/>.</summary>
    internal const string KeptField = "kept";

    private readonly IFormCollection fields;

    private SentForm(IFormCollection fields) => this.fields = fields;

    /// <summary>Empty when the field was not sent.</summary>
    internal string this[string field] => fields[field].ToString();

    /// <summary>The field's text without blanks around it; null when nothing is left.</summary>
    internal string? Text(string field) => this[field].Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Every value of a field that may be sent several times, such as a list of ticks.</summary>
    internal IEnumerable<string> All(string field) => fields[field].OfType<string>();

    internal IEnumerable<string> Names => fields.Keys;

    internal bool Has(string field) => fields.ContainsKey(field);

    /// <summary>The chosen file; null when there is none.</summary>
    internal IFormFile? File(string field) => fields.Files.GetFile(field) is { Length: > 0 } chosen ? chosen : null;

    internal Guid? Id(string field) => Guid.TryParse(this[field], out var id) ? id : null;

    internal int? Number(string field) => int.TryParse(this[field], CultureInfo.InvariantCulture, out var number) ? number : null;

    public static async ValueTask<SentForm?> BindAsync(HttpContext context)
    {
        var form = new SentForm(await context.Request.ReadFormAsync(context.RequestAborted));
        if (form.Text(KeyField) is { } key)
            context.Caller().Repeat = new(key, form.Fingerprint(context.Request.Path));
        return form;
    }

    /// <summary>
    /// Covers the content of the request, but not the anti-forgery token, which differs on every page.
    /// </summary>
    private string Fingerprint(string path)
    {
        var text = new StringBuilder("POST ").Append(path);
        foreach (var (name, values) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            if (name is PageForms.TokenField or KeyField)
                continue;
            foreach (var value in values)
                text.Append('\n').Append(name).Append('\0').Append(value);
        }
        foreach (var file in fields.Files)
            text.Append(CultureInfo.InvariantCulture, $"\n{file.Name}\0{file.FileName}\0{file.Length}");
        return Digest.Of(text.ToString());
    }
}
