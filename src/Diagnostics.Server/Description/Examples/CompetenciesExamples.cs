using Diagnostics.Engine.Competencies;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Competencies;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>What the API description shows of this stage.</summary>
internal static class CompetenciesExamples
{
    /// <summary>A part of the framework that ships with the bank; profiles show what was found by it.</summary>
    internal static readonly Framework Teacher = new(
        "teacher", 1, "Компетенции педагогического работника",
        "Положение о диагностике, пп. 2.1, 3.1; профессиональный стандарт «Педагог» (приказ Минтруда России от 18.10.2013 № 544н)",
        [
            new("subject", "Предметные компетенции", "предметные",
                [new("subject.algebra", "Числа, алгебра и функции", "B/04.6 Модуль «Предметное обучение. Математика»",
                    [new("subject.algebra.numbers", "Числа и вычисления"), new("subject.algebra.equations", "Уравнения, неравенства и их системы")])]),
            new("methodical", "Методические компетенции", "методические",
                [new("methodical.assessment", "Оценивание учебных достижений", "A/01.6 Общепедагогическая функция. Обучение",
                    [new("methodical.assessment.formative", "Формирующее и критериальное оценивание"), new("methodical.assessment.errors", "Анализ ошибок обучающихся и обратная связь")])]),
            new("psychological", "Психолого-педагогические компетенции", "психолого-педагогические",
                [new("psychological.development", "Возрастное развитие и мотивация", "A/03.6 Развивающая деятельность",
                    [new("psychological.development.motivation", "Мотивация учебной деятельности")])]),
            new("communicative", "Коммуникативные компетенции", "коммуникативные",
                [new("communicative.interaction", "Педагогическое общение", "A/02.6 Воспитательная деятельность",
                    [new("communicative.interaction.parents", "Взаимодействие с родителями (законными представителями)")])]),
        ]);

    internal static IEnumerable<Example> All =>
    [
        Gives("ListFrameworks", new Page<FrameworkSummary>([new(Teacher.Code, Teacher.Version, Teacher.Title, ExampleStory.BankLoaded)], null)),
        Gives("GetFramework", Teacher),
        .. Refuses(FrameworkRules.Unknown, "GetFramework"),
    ];
}
