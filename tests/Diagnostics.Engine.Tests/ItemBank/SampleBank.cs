using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>A small correct bank as text, which a test can spoil in one place.</summary>
internal sealed class SampleBank
{
    internal const string FacetPath = "demo/facets/sums.yaml";
    internal const string StimulusPath = "demo/stimuli/case.yaml";
    internal const string BlueprintPath = "demo/blueprint.yaml";
    internal const string FrameworkPath = "frameworks/demo.yaml";

    private const string Framework = """
        framework: demo
        version: 1
        title: Рамка
        source: Положение
        blocks:
          - code: subject
            title: Предметные компетенции
            adjective: предметные
            competencies:
              - code: subject.numbers
                title: Числа
                function: Обучение
                elements:
                  - {code: subject.numbers.sums, title: Суммы}
                  - {code: subject.numbers.products, title: Произведения}
          - code: method
            title: Методические компетенции
            adjective: методические
            competencies:
              - code: method.plan
                title: Планирование
                function: Обучение
                elements:
                  - {code: method.plan.goals, title: Цели}
        """;

    private const string Blueprint = """
        blueprint: demo
        title: Проба
        framework: demo
        frameworkVersion: 1
        timeLimitMinutes: 30
        slots:
          - {number: 1, block: subject, element: subject.numbers.sums, type: single_choice, difficulty: 1, points: 1, facet: sums}
        """;

    private const string Facet = """
        facet: sums
        title: Суммы
        block: subject
        element: subject.numbers.sums
        type: single_choice
        difficulty: 1
        points: 1
        scoring: {rule: exact}
        status: approved
        author: ivanova
        reviewer: petrov
        items:
          - item: sums-1
            variant: 1
            stem: Чему равна сумма 2 + 2?
            options:
              - {id: a, text: "3", mistake: считает на единицу меньше}
              - {id: b, text: "4"}
              - {id: c, text: "5"}
              - {id: d, text: "22", mistake: пишет слагаемые рядом}
            key: b
            solution: 2 + 2 = 4.
        """;

    private readonly Dictionary<string, string> texts = new()
    {
        [FrameworkPath] = Framework,
        [BlueprintPath] = Blueprint,
        [FacetPath] = Facet,
    };

    internal string this[string path]
    {
        get => texts[path];
        set => texts[path] = value;
    }

    internal SampleBank Remove(string path)
    {
        texts.Remove(path);
        return this;
    }

    internal SampleBank With(string path, string text)
    {
        texts[path] = text;
        return this;
    }

    /// <summary>Replaces a piece of a file; the file must contain it.</summary>
    internal SampleBank Replace(string path, string old, string replacement)
    {
        texts[path].Should().Contain(old, "the test spoils exactly this");
        texts[path] = texts[path].Replace(old, replacement, StringComparison.Ordinal);
        return this;
    }

    internal BankReading Read() => BankReader.Read(new BankFiles(texts));

    /// <summary>The single finding that the spoiled bank should give.</summary>
    internal Finding OnlyFinding() => Read().Findings.Should().ContainSingle().Subject;
}
