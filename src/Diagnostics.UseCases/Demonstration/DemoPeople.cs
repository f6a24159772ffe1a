using Diagnostics.Engine;
using Diagnostics.Storage.People;

namespace Diagnostics.UseCases.Demonstration;

/// <summary>Invented people for the demonstration.</summary>
internal static class DemoPeople
{
    private static readonly string[] Surnames =
    [
        "Алиева",
        "Магомедова",
        "Гасанова",
        "Омарова",
        "Ибрагимова",
        "Курбанова",
        "Исаева",
        "Рамазанова",
        "Абдуллаева",
        "Сулейманова",
        "Петрова",
        "Кузнецова",
    ];
    private static readonly string[] Names = ["Патимат", "Аминат", "Марьям", "Зарема", "Елена", "Ольга", "Саида", "Наида"];
    private static readonly string[] Patronymics = ["Магомедовна", "Ахмедовна", "Расуловна", "Ивановна", "Гаджиевна", "Сергеевна"];
    private static readonly string[] Schools =
    [
        "МБОУ «СОШ № 1»",
        "МБОУ «СОШ № 14»",
        "МБОУ «Лицей № 39»",
        "МБОУ «Гимназия № 7»",
        "МБОУ «СОШ № 25»",
    ];
    private static readonly string[] Territories = ["makhachkala", "derbent", "khasavyurt"];

    internal static PersonRow Row(Guid id, int number, string position, SeededRandom random) =>
        new()
        {
            ParticipantId = id,
            Surname = Surnames[number % Surnames.Length],
            GivenName = Names[random.Next(Names.Length)],
            Patronymic = Patronymics[random.Next(Patronymics.Length)],
            Position = position,
            Organisation = Schools[random.Next(Schools.Length)],
            Territory = Territories[random.Next(Territories.Length)],
        };

    internal static object Person(int number, string position, SeededRandom random) =>
        new
        {
            surname = Surnames[number % Surnames.Length],
            givenName = Names[random.Next(Names.Length)],
            patronymic = Patronymics[random.Next(Patronymics.Length)],
            position,
            organisation = Schools[random.Next(Schools.Length)],
            territory = Territories[number % Territories.Length],
        };
}
