using Diagnostics.Engine;
using System.Text;
using Diagnostics.Server.Http;

namespace Diagnostics.Server.Pages.Site;

/// <summary>
/// What a person sent with a form. Its key was made with the page: sent twice, by a double press or after a lost answer, the
/// form is carried out once.
/// </summary>
internal sealed class SentForm
{
    internal const string KeyField = "key";

    private readonly IFormCollection fields;

    private SentForm(IFormCollection fields) => this.fields = fields;

    /// <summary>Empty when the field was not sent.</summary>
    internal string this[string field] => fields[field].ToString();

    /// <summary>The field's text without blanks around it; null when nothing is left.</summary>
    internal string? Text(string field) => this[field].Trim() is { Length: > 0 } text ? text : null;

    internal bool Has(string field) => fields.ContainsKey(field);

    /// <summary>A file as it was chosen; null when none was.</summary>
    internal IFormFile? File(string field) => fields.Files.GetFile(field) is { Length: > 0 } chosen ? chosen : null;

    internal Guid? Id(string field) => Guid.TryParse(this[field], out var id) ? id : null;

    internal int? Number(string field) =>
        int.TryParse(this[field], System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    public static async ValueTask<SentForm?> BindAsync(HttpContext context)
    {
        var form = new SentForm(await context.Request.ReadFormAsync(context.RequestAborted));
        if (form.Text(KeyField) is { } key) context.Caller().Repeat = new(key, form.Fingerprint(context.Request.Path));
        return form;
    }

    /// <summary>Of what is asked for: not of the token against forgery, which is another on every page.</summary>
    private string Fingerprint(string path)
    {
        var text = new StringBuilder("POST ").Append(path);
        foreach (var (name, values) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            if (name is PageForms.TokenField or KeyField) continue;
            foreach (var value in values) text.Append('\n').Append(name).Append('\0').Append(value);
        }
        return Digest.Of(text.ToString());
    }
}
