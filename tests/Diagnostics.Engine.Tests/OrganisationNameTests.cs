using Diagnostics.Engine.People;

namespace Diagnostics.Engine.Tests;

public class OrganisationNameTests
{
    private const string School = "МБОУ «СОШ № 25»";

    [Theory]
    // This case was reported: an expert received scripts from the school where the expert works.
    [InlineData("МБОУ «СОШ №25»")]
    [InlineData("МБОУ СОШ № 25")]
    [InlineData("МБОУ  «СОШ  № 25»")]
    // Similar cases.
    [InlineData("мбоу \"сош № 25\"")]
    [InlineData("МБОУ „СОШ N 25“")]
    [InlineData("МБОУ СОШ No 25")]
    [InlineData("МБОУ СОШ номер 25")]
    [InlineData("МБОУ-СОШ-25")]
    [InlineData("МБОУ «COШ № 25»")]
    [InlineData("MБOУ «CОШ № 25»")]
    [InlineData("МБОУ «СОШ\u00A0№\u00A025»")]
    [InlineData("\u200BМБОУ «СО\u00ADШ № 25».")]
    [InlineData("МБОУ «СОШ № ２５»")]
    [InlineData("МБОУ «СОШ № 025»")]
    public void One_name_has_many_spellings(string spelling) => OrganisationName.AreSame(School, spelling).Should().BeTrue();

    [Theory]
    [InlineData("СОШ № 2")]
    [InlineData("СОШ № 125")]
    [InlineData("МБОУ «СОШ № 2»")]
    [InlineData("МБОУ «СОШ № 125»")]
    [InlineData("МБОУ «СОШ № 2 5»")]
    [InlineData("МБОУ «Лицей № 25»")]
    [InlineData("")]
    [InlineData("\u200B")]
    [InlineData(null)]
    public void Other_names_are_other_organisations(string? other)
    {
        OrganisationName.AreSame(School, other).Should().BeFalse();
        OrganisationName.AreNear(School, other).Should().BeFalse();
    }

    [Fact]
    public void No_name_is_the_organisation_of_nobody() => OrganisationName.AreSame("", " ").Should().BeFalse();

    [Theory]
    [InlineData("СОШ № 25", School)]
    [InlineData("МКОУ «СОШ № 25»", School)]
    [InlineData("МБОУ «СОШ № 25а»", School)]
    [InlineData("СОШ № 25 г. Дербента", School)]
    [InlineData("Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 25»", School)]
    [InlineData("Средняя школа № 25", School)]
    [InlineData("Канареечная гимназия", "Гимназия Канареечная")]
    [InlineData("Канареечная гимназия", "Канаречная гимназия")]
    public void Names_that_may_be_of_one_organisation_are_near(string one, string other)
    {
        OrganisationName.AreNear(one, other).Should().BeTrue();
        OrganisationName.AreNear(other, one).Should().BeTrue();
        OrganisationName.AreSame(one, other).Should().BeFalse();
    }

    [Theory]
    [InlineData("СОШ № 25 г. Дербента", "СОШ № 25 г. Махачкалы")]
    [InlineData("Лицей № 25", "Гимназия № 25")]
    [InlineData("Школа", "Школа искусств имени Глинки")]
    public void Names_that_say_different_things_are_not(string one, string other) =>
        OrganisationName.AreNear(one, other).Should().BeFalse();
}
