using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.TestKit;

namespace Diagnostics.Engine.Tests.Competencies;

/// <summary>A code of a framework keeps its meaning for good, because people use it to read old profiles.</summary>
public sealed class FrameworkDraftTests
{
    private static readonly Framework Teacher = BankReader
        .Read(BankFiles.Load(Repository.Bank))
        .Bank.Frameworks.Single(framework => framework.Code == "teacher");

    private static readonly Block Regional = new(
        "regional",
        "Дополнительные компетенции",
        "дополнительные",
        [
            new(
                "regional.ict",
                "ИКТ-компетентность",
                "Решение задач средствами ИКТ",
                [new("regional.ict.tasks", "Решение задач средствами ИКТ")]
            ),
        ]
    );

    [Fact]
    public void The_frameworks_that_ship_are_as_a_draft_must_be()
    {
        foreach (var framework in BankReader.Read(BankFiles.Load(Repository.Bank)).Bank.Frameworks)
            new FrameworkHistory([])
                .Faults(new(framework.Code, framework.Title, framework.Source, framework.Blocks), null)
                .Should()
                .BeEmpty(framework.Code);
    }

    [Fact]
    public void A_region_adds_to_the_common_framework_and_changes_nothing_of_it()
    {
        FrameworkDraft Draft(IEnumerable<Block> blocks) =>
            new("teacher-05", "Педагог, Дагестан", "Положение", blocks.ToList(), new("teacher", 1));
        var history = new FrameworkHistory([]);

        history.Faults(Draft([.. Teacher.Blocks, Regional]), Teacher).Should().BeEmpty();
        history.Publish(Draft([.. Teacher.Blocks, Regional]), Teacher).Version.Should().Be(1);
        history
            .Faults(Draft([.. Teacher.Blocks.Skip(1), Regional]), Teacher)
            .Should()
            .Contain("«subject» рамки teacher/1 должно стоять здесь без изменений.");
        history
            .Faults(Draft([Teacher.Blocks[0] with { Title = "Предмет" }, .. Teacher.Blocks.Skip(1)]), Teacher)
            .Should()
            .Equal("«subject» рамки teacher/1 должно стоять здесь без изменений.");
    }

    [Fact]
    public void A_code_stands_where_its_first_part_says()
    {
        var moved = Regional with { Competencies = [Regional.Competencies[0] with { Code = "subject.ict" }] };
        var odd = Regional with { Competencies = [Regional.Competencies[0] with { Elements = [new("regional.ict.", "Пусто")] }] };

        new FrameworkHistory([])
            .Faults(new("a", "А", "С", [moved]), null)
            .Should()
            .ContainMatch("Код «subject.ict» начинается не с «regional.»*");
        new FrameworkHistory([]).Faults(new("a", "А", "С", [odd]), null).Should().ContainMatch("Код «regional.ict.» начинается не*");
        new FrameworkHistory([]).Faults(new("a", "А", "С", [Regional, Regional]), null).Should().Contain("Код «regional» назван дважды.");
        new FrameworkHistory([]).Faults(new("a", "А", "С", []), null).Should().Contain("В рамке нет ни одного блока.");
    }

    [Fact]
    public void A_code_that_was_given_up_is_not_given_again()
    {
        Framework Version(int version, params Block[] blocks) => new("a", version, "А", "С", blocks);
        var other = Regional with { Code = "other", Competencies = [new("other.one", "Одна", "Ф", [new("other.one.x", "Х")])] };
        var history = new FrameworkHistory([Version(1, Regional, other), Version(2, other)]);

        history
            .Faults(new("a", "А", "С", [other, Regional]), null)
            .Should()
            .Contain("Код «regional.ict» был в прежней версии и от него отказались: дайте новый.");
        history.Faults(new("a", "А", "С", [other]), null).Should().Equal("Рамка не отличается от версии 2.");
        history.Faults(new("a", "А", "С", [other with { Title = "Иначе" }]), null).Should().BeEmpty();
        history.NextVersion.Should().Be(3);
    }

    [Fact]
    public void A_comparison_names_what_came_went_and_was_reworded()
    {
        var changed = Teacher with
        {
            Version = 2,
            Blocks =
            [
                Teacher.Blocks[0] with
                {
                    Competencies = [.. Teacher.Blocks[0].Competencies.Skip(1)],
                },
                Teacher.Blocks[1] with
                {
                    Title = "Методика",
                },
                .. Teacher.Blocks.Skip(2),
                Regional,
            ],
        };

        var comparison = FrameworkComparison.Between(Teacher, changed);

        comparison.Added.Select(unit => unit.Code).Should().Equal("regional", "regional.ict", "regional.ict.tasks");
        comparison
            .Removed.Select(unit => unit.Code)
            .Should()
            .Equal("subject.algebra", "subject.algebra.numbers", "subject.algebra.equations", "subject.algebra.functions");
        comparison.Reworded.Select(unit => (unit.Before.Title, unit.After.Title)).Should().Equal(("Методические компетенции", "Методика"));
        FrameworkComparison
            .Between(Teacher, Teacher with { Version = 2, Blocks = [.. Teacher.Blocks.Reverse()] })
            .Reordered.Should()
            .BeTrue();
    }
}
