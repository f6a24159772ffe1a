using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Profiles;

/// <summary>A slot of a form made by a test: a single-choice item worth the given points.</summary>
internal sealed record MadeSlot(string Block, string Element, int Points, int Difficulty = 1)
{
    /// <summary>When set, the slot asks for a short answer with this key instead of a choice.</summary>
    internal ShortAnswerKey? Key { get; init; }
}

/// <summary>Makes forms with the shipped framework and with the points that a test needs.</summary>
internal static class MadeForm
{
    /// <summary>
    /// Two items for each block. A person who solves the first item of each block gets the results printed in макет
    /// ИОМ, блок 4.
    /// </summary>
    internal static readonly MadeSlot[] AsPrinted =
    [
        new("subject", "subject.algebra.numbers", 44),
        new("subject", "subject.algebra.equations", 56, 2),
        new("methodical", "methodical.planning.goals", 52),
        new("methodical", "methodical.planning.lesson", 48, 2),
        new("psychological", "psychological.development.age", 68),
        new("psychological", "psychological.development.motivation", 32, 2),
        new("communicative", "communicative.interaction.students", 83),
        new("communicative", "communicative.interaction.parents", 17, 2),
    ];

    private static readonly SingleChoice Choice = new([new("1", "один"), new("2", "два"), new("3", "три"), new("4", "четыре")], "2");

    /// <param name="blueprint">Forms made with the same blueprint are parallel.</param>
    /// <returns>The form's id.</returns>
    internal static async Task<Guid> Of(TestService service, string blueprint, IReadOnlyList<MadeSlot> slots)
    {
        var now = service.Clock.GetCurrentInstant();
        var formId = Guid.CreateVersion7(now.ToDateTimeOffset());
        await service
            .Services.GetRequiredService<Database>()
            .Write(async db =>
            {
                if (!await FormStore.Any(db, blueprint, 1))
                {
                    await db.Execute(
                        "INSERT INTO blueprints (code, version, title, content, fingerprint, created_at) VALUES (@blueprint, 1, 'Образец', '{}', 'x', @now)",
                        new { blueprint, now }
                    );
                }
                await FormStore.Add(
                    db,
                    new FormRow
                    {
                        Id = formId,
                        Title = Scene.Copy,
                        BlueprintCode = blueprint,
                        BlueprintVersion = 1,
                        FrameworkCode = "teacher",
                        FrameworkVersion = 1,
                        TimeLimitMinutes = 60,
                        CreatedAt = now,
                    }
                );
                foreach (var (slot, number) in slots.Select((slot, at) => (slot, at + 1)))
                    await AddSlot(db, formId, slot, number);
                return 0;
            });
        return formId;

        async Task AddSlot(Db db, Guid form, MadeSlot slot, int number)
        {
            var facet = string.Create(CultureInfo.InvariantCulture, $"made-{form.ToString("N")[^8..]}-{number:00}");
            await db.Execute(
                """
                INSERT INTO item_facets (code, version, diagnostic, title, block, element, type, difficulty, points, status, author, reviewer, fingerprint, created_at)
                VALUES (@facet, 1, 'd', 'О', @Block, @Element, @type, @Difficulty, @thousandths, 'approved', 'a', 'r', 'x', @now)
                """,
                new
                {
                    facet,
                    slot.Block,
                    slot.Element,
                    type = slot.Key is null ? "single_choice" : "short_answer",
                    slot.Difficulty,
                    thousandths = slot.Points * 1000L,
                    now,
                }
            );
            for (var variant = 1; variant <= Facet.Variants; variant++)
            {
                var item = new Item(
                    $"{facet}-{variant}",
                    facet,
                    variant,
                    slot.Block,
                    slot.Element,
                    slot.Difficulty,
                    Points.From(slot.Points),
                    slot.Key is null ? new ExactRule() : new ShortAnswerRule(),
                    "Сколько?",
                    null,
                    slot.Key is { } key ? new ShortAnswer(key) : Choice,
                    "Два.",
                    new Dictionary<string, string>()
                );
                await db.Execute(
                    "INSERT INTO item_versions (code, version, facet, variant, content, fingerprint, created_at) VALUES "
                        + "(@Code, 1, @facet, @variant, @content, 'x', @now)",
                    new
                    {
                        item.Code,
                        facet,
                        variant,
                        content = ItemJson.Write(item),
                        now,
                    }
                );
                await FormStore.AddSlot(db, form, variant, number, facet, 1, item.Code, 1);
            }
        }
    }
}
