namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>Reads <c>&lt;diagnostic&gt;/stimuli/*.yaml</c> with the drawing beside it.</summary>
internal static class StimulusReader
{
    internal static Stimulus Read(Fields fields, string code, BankFiles files)
    {
        var kind = fields.Text("kind");
        if (kind.Length > 0 && !Stimulus.Kinds.Contains(kind))
            fields.Invalid(fields.At("kind"), $"«kind» — одно из: {string.Join(", ", Stimulus.Kinds)}.");
        var title = fields.Text("title");
        var image = fields.OptionalText("image");
        // A picture may be enough by itself; without one the body is required.
        var body = image is null ? fields.Markdown("body") : fields.OptionalMarkdown("body") ?? "";
        var alt = fields.OptionalText("alt");
        fields.Done();
        return new(code, kind, title, body, image is null ? null : ReadImage(fields, image, files), alt);
    }

    private static string? ReadImage(Fields fields, string image, BankFiles files)
    {
        var file = fields.File;
        var folder = file.Path[..(file.Path.LastIndexOf('/') + 1)];
        if (image.Contains('/') || image.Contains('\\') || !image.EndsWith(".svg", StringComparison.Ordinal))
        {
            fields.Invalid(fields.At("image"), "«image» — имя файла SVG в той же папке, без пути.");
            return null;
        }
        if (!files.Texts.TryGetValue(folder + image, out var svg))
        {
            file.Report(
                ReadingRules.ImageMissing,
                fields.At("image"),
                $"Рядом нет файла «{image}».",
                "Положите рисунок в ту же папку или исправьте имя."
            );
            return null;
        }
        var drawing = SvgDrawing.Read(YamlFile.OneLineEnd(svg).Trim(), out var faults);
        foreach (var fault in faults)
            file.Report(
                ReadingRules.ImageUnsafe,
                fields.At("image"),
                $"{image}: {fault}",
                "Сохраните рисунок как простой SVG: без сценариев, обработчиков событий и внешних ссылок."
            );
        return drawing;
    }
}
