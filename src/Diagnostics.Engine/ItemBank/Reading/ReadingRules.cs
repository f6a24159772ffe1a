namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>Rules about the files themselves, before lint reads their content.</summary>
public static class ReadingRules
{
    private const string Format = "README банка";

    internal static readonly BankRule FileBroken = Error("file-broken", "Файл не читается");
    internal static readonly BankRule FileIgnored = new(
        "file-ignored",
        Severity.Warning,
        Format,
        "Файл лежит не на своём месте и не прочитан"
    );
    internal static readonly BankRule FileName = Error("file-name", "Имя файла не совпадает с кодом");
    internal static readonly BankRule FieldMissing = Error("field-missing", "Нет обязательного поля");
    internal static readonly BankRule FieldUnknown = Error("field-unknown", "Неизвестное поле");
    internal static readonly BankRule FieldInvalid = Error("field-invalid", "Значение поля не того вида");
    internal static readonly BankRule CodeDuplicate = Error("code-duplicate", "Код занят");
    internal static readonly BankRule ElementUnknown = Error("element-unknown", "Блока или элемента нет в рамке компетенций");
    internal static readonly BankRule FrameworkUnknown = Error("framework-unknown", "Рамки компетенций нет в банке");
    internal static readonly BankRule KeyBroken = Error("key-broken", "Ключ, правило оценивания и состав задания не подходят друг другу");
    internal static readonly BankRule KeyPays = Error("key-pays", "Ключ или шкала платит за незнание");
    internal static readonly BankRule StimulusMissing = Error("stimulus-missing", "Стимула нет в банке");
    internal static readonly BankRule ImageMissing = Error("image-missing", "Рисунка нет в банке");
    internal static readonly BankRule ImageUnsafe = Error("image-unsafe", "Рисунок содержит недопустимое");
    internal static readonly BankRule MarkupUnsafe = Error("markup-unsafe", "Разметка содержит недопустимое");

    public static IReadOnlyList<BankRule> All { get; } =
    [
        FileBroken,
        FileIgnored,
        FileName,
        FieldMissing,
        FieldUnknown,
        FieldInvalid,
        CodeDuplicate,
        ElementUnknown,
        FrameworkUnknown,
        KeyBroken,
        KeyPays,
        StimulusMissing,
        ImageMissing,
        ImageUnsafe,
        MarkupUnsafe,
    ];

    private static BankRule Error(string code, string title) => new(code, Severity.Error, Format, title);
}
