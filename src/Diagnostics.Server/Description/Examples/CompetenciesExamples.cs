using Diagnostics.Engine.Competencies;
using Diagnostics.UseCases.Competencies;
using Diagnostics.UseCases.Execution;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on competency frameworks for the API description.</summary>
internal static class CompetenciesExamples
{
    /// <summary>A part of the framework that ships with the bank; profiles in the examples use it.</summary>
    internal static readonly Framework Teacher = new(
        "teacher",
        1,
        "Компетенции педагогического работника",
        "Положение о диагностике, пп. 2.1, 3.1; профессиональный стандарт «Педагог» (приказ Минтруда России от 18.10.2013 № 544н)",
        [
            new(
                "subject",
                "Предметные компетенции",
                "предметные",
                [
                    new(
                        "subject.algebra",
                        "Числа, алгебра и функции",
                        "B/04.6 Модуль «Предметное обучение. Математика»",
                        [
                            new("subject.algebra.numbers", "Числа и вычисления"),
                            new("subject.algebra.equations", "Уравнения, неравенства и их системы"),
                        ]
                    ),
                ]
            ),
            new(
                "methodical",
                "Методические компетенции",
                "методические",
                [
                    new(
                        "methodical.assessment",
                        "Оценивание учебных достижений",
                        "A/01.6 Общепедагогическая функция. Обучение",
                        [
                            new("methodical.assessment.formative", "Формирующее и критериальное оценивание"),
                            new("methodical.assessment.errors", "Анализ ошибок обучающихся и обратная связь"),
                        ]
                    ),
                ]
            ),
            new(
                "psychological",
                "Психолого-педагогические компетенции",
                "психолого-педагогические",
                [
                    new(
                        "psychological.development",
                        "Возрастное развитие и мотивация",
                        "A/03.6 Развивающая деятельность",
                        [new("psychological.development.motivation", "Мотивация учебной деятельности")]
                    ),
                ]
            ),
            new(
                "communicative",
                "Коммуникативные компетенции",
                "коммуникативные",
                [
                    new(
                        "communicative.interaction",
                        "Педагогическое общение",
                        "A/02.6 Воспитательная деятельность",
                        [new("communicative.interaction.parents", "Взаимодействие с родителями (законными представителями)")]
                    ),
                ]
            ),
        ]
    );

    /// <summary>A region's framework, which contains the whole common framework and a block of its own.</summary>
    private static readonly FrameworkDraft Regional = new(
        "teacher-dagestan",
        "Компетенции педагогического работника, Республика Дагестан",
        "Положение о диагностике, пп. 2.1, 3.1; решение оператора диагностики",
        [
            .. Teacher.Blocks,
            new(
                "regional",
                "Дополнительные компетенции",
                "дополнительные",
                [
                    new(
                        "regional.ict",
                        "ИКТ-компетентность",
                        "Решение профессиональных задач средствами ИКТ",
                        [new("regional.ict.tasks", "Решение задач средствами ИКТ")]
                    ),
                    new(
                        "regional.health",
                        "Здоровьесбережение",
                        "Сохранение здоровья обучающихся",
                        [new("regional.health.lesson", "Здоровьесберегающие технологии на уроке")]
                    ),
                    new(
                        "regional.self",
                        "Саморазвитие",
                        "Собственное профессиональное развитие",
                        [new("regional.self.plan", "Планирование собственного развития")]
                    ),
                ]
            ),
        ],
        new("teacher", 1)
    );

    private static readonly Framework Published = new(Regional.Code, 1, Regional.Title, Regional.Source, Regional.Blocks);

    private static readonly FrameworkComparison Changes = FrameworkComparison.Between(Teacher, Published);

    private static readonly FrameworkDraftView DraftView = new(Regional, 1, [], null, 1, ExampleStory.BankLoaded);

    internal static readonly CaseFramework Case = new(
        Teacher,
        "0f3b",
        ExampleStory.BankLoaded,
        "https://diagnostics.example/ims/case/v1p1"
    );

    private static readonly CaseItem Algebra = Case.Package.Items!.First(item => item.HumanCodingScheme == "subject.algebra");

    private static readonly CaseAssociation First = Case.Package.Associations![0];

    internal static IEnumerable<Example> All =>
        [
            Gives(
                "ListFrameworks",
                new Page<FrameworkSummary>([new(Teacher.Code, Teacher.Version, Teacher.Title, ExampleStory.BankLoaded)], null)
            ),
            Gives("GetFramework", Teacher),
            .. Refuses(FrameworkRules.Unknown, "GetFramework", "CompareFrameworks"),
            Gives("CompareFrameworks", Changes),
            Takes("AddFrameworkDraft", Regional),
            Gives("AddFrameworkDraft", DraftView, 201),
            Gives("GetFrameworkDraft", DraftView),
            Takes("UpdateFrameworkDraft", Regional),
            Gives("UpdateFrameworkDraft", DraftView with { Revision = 2 }),
            Gives("PublishFramework", Published, 201),
            Takes("ImportCasePackage", Case.Package),
            Gives(
                "ImportCasePackage",
                new FrameworkDraftView(CaseImport.Draft("teacher", Case.Package).Value, 1, [], null, 1, ExampleStory.BankLoaded),
                201
            ),
            .. Refuses(CaseImport.NoTree("Числа и вычисления"), "ImportCasePackage"),
            .. Refuses(FrameworkDrafts.Exists, "AddFrameworkDraft", "ImportCasePackage"),
            .. Refuses(FrameworkDrafts.NotFound, "GetFrameworkDraft", "UpdateFrameworkDraft", "PublishFramework"),
            .. Refuses(FrameworkDrafts.CodeDiffers("teacher-dagestan"), "UpdateFrameworkDraft"),
            .. Refuses(
                FrameworkDrafts.NotReady(["«subject.algebra» рамки teacher/1 должно стоять здесь без изменений."]),
                "PublishFramework"
            ),
            .. Refuses(FrameworkDrafts.NotEverywhere, "AddFrameworkDraft", "ImportCasePackage", "UpdateFrameworkDraft", "PublishFramework"),
            Gives("ListCaseDocuments", new CaseDocumentSet([Case.Document])),
            Gives("GetCaseDocument", Case.Document),
            Gives("GetCasePackage", Case.Package),
            Gives("GetCaseItem", Case.FindItem(Algebra.Identifier)!),
            Gives("GetCaseItemAssociations", Case.FindItemAssociations(Algebra.Identifier)!),
            Gives("GetCaseAssociation", Case.FindAssociation(First.Identifier)!),
            .. Refuses(
                CaseFrameworks.Unknown,
                "GetCaseDocument",
                "GetCasePackage",
                "GetCaseItem",
                "GetCaseItemAssociations",
                "GetCaseAssociation"
            ),
        ];
}
